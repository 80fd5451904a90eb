"""The hunks of a diff as one person has them: whole, or by their parts.

Must not know: requests, how decisions are stored, HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from applyweb.core.diff import Hunk
from applyweb.core.parts import Part, Parts, Point, names, starts
from applyweb.core.text import split_lines
from applyweb.web.pages.lasting import HunkPart


@dataclass(frozen=True, slots=True)
class HunkRow:
    """A hunk, or a part of one, as one person has decided it. `name` is what the API calls it, `label` its number for
    people, `hunk_id` the hunk that it is of; `leads` says that it is the hunk's first part.
    `proposal` is the later proposal that `text` is, by its id."""

    part: HunkPart
    decision: str
    name: str
    label: str
    hunk_id: str
    leads: bool = True
    text: str | None = None
    joined: bool = False
    proposal: int | None = None

    @property
    def added(self) -> int:
        """Lines that stand there: one's own, else those that are proposed."""
        return len(split_lines(self.text)) if self.text is not None else self.part.hunk.added

    @property
    def asked(self) -> int:
        """Of how many chat lines its bar tells."""
        return len(self.part.asked) if self.leads else 0


RowsByHunk = Mapping[str, tuple[HunkRow, ...]]


def hunk_rows(hunks: Sequence[HunkPart], layout: Mapping[str, Parts]) -> RowsByHunk:
    """The rows of `hunks` (all of an apply, or some), by hunk id and in the file's order."""
    rows: list[HunkRow] = []
    for whole in hunks:
        parts = layout[whole.hunk.id]
        if len(parts) == 1 and parts[0].is_plain:
            rows.append(HunkRow(whole, parts[0].verdict, whole.hunk.id, str(whole.hunk.number), whole.hunk.id))
        else:
            rows += _parts(whole, parts)
    return {hunk_id: tuple(own) for hunk_id, own in groupby(rows, key=lambda row: row.hunk_id)}


def _parts(whole: HunkPart, parts: Parts) -> list[HunkRow]:
    hunk = whole.hunk
    rows = []
    for index, (name, above, part) in enumerate(zip(names(hunk.id, parts), starts(parts), parts, strict=True)):
        share = part.added / hunk.added if hunk.added else 1 / len(parts)
        before = above[1] / hunk.added if hunk.added else index / len(parts)
        shown = replace(
            hunk,
            hunk=_lines(hunk.hunk, name, above, part),
            moved="",  # what is told of the whole hunk may not hold for a part
            spaces="",
            top=round(hunk.top + hunk.size * before, 2),
            size=round(hunk.size * share, 2),
        )
        rows.append(
            HunkRow(
                part=replace(whole, hunk=shown, doubts=whole.doubts if index == 0 else ()),
                decision=part.verdict,
                name=name,
                label=f"{hunk.number}.{index + 1}" if len(parts) > 1 else str(hunk.number),
                hunk_id=hunk.id,
                leads=index == 0,
                text=part.text,
                joined=part.joined,
                proposal=part.proposal,
            )
        )
    return rows


def _lines(hunk: Hunk, name: str, above: Point, part: Part) -> Hunk:
    """A part as a hunk of its own."""
    old, new = hunk.old_start + above[0], hunk.new_start + above[1]
    return Hunk(name, old, old + part.removed, new, new + part.added)
