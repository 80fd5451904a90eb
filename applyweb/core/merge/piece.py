"""A piece of code and the file that it is for: what every reading of it looks at.

Must not know: readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from applyweb.core.chat import Edit
from applyweb.core.merge.lines import Lines, lines_of, weighs_little
from applyweb.core.merge.work import Work


@dataclass(frozen=True, slots=True)
class Piece:
    """`lines` are those of `edit`, `gaps` tell which of them are markers. `cursor` is the row of `original` after the
    edit before, `work` what may still be searched."""

    edit: Edit
    lines: Lines
    gaps: Sequence[int]
    original: Lines
    language: str
    cursor: int
    work: Work

    @property
    def bare(self) -> bool:
        return not any(self.gaps)

    def below(self, row: int) -> Piece:
        """The part of it from this row on."""
        texts = self.lines.texts[row:]
        lines = lines_of(texts, self.language)
        edit = replace(self.edit, code="\n".join(texts), start=self.edit.start + row)
        return replace(self, edit=edit, lines=lines, gaps=self.gaps[row:])

    def stands_behind_definitions(self) -> bool:
        """Whether functions or classes of the file stand above the first line of the piece that the file has."""
        lines, original = self.lines, self.original
        for row in lines.solid:
            key = lines.keys[row]
            places = () if weighs_little(key) else original.where.get(key, ())
            if not places and (name := lines.name(row)[1]):
                places = original.declaring(name.rsplit(".", 1)[-1].strip())
            if len(places) == 1:
                above = (at for at in original.solid if at < places[0])
                return any(original.indents[at] == 0 and original.name(at)[0] in ("def", "class") for at in above)
        return False
