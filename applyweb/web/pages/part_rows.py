"""The hunks of a diff as one person has them: whole ones from the lasting part, others by their parts.

Must not know: requests, how decisions are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from applyweb.core.diff import Hunk
from applyweb.core.languages import guess
from applyweb.core.parts import Part, Parts, names, starts
from applyweb.core.text import split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.models import Apply
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.web.pages.colours import coloured_sides
from applyweb.web.pages.lasting import HunkPart
from applyweb.web.render.diff import make_sides
from applyweb.web.render.rows import Side, changed_rows, written_rows


@dataclass(frozen=True, slots=True)
class HunkRow:
    """A hunk, or a part of one, as one person has decided it. `name` is what the API calls it, `label` its number for
    people, `hunk_id` the hunk that it is of."""

    part: HunkPart
    decision: str
    name: str
    label: str
    hunk_id: str
    text: str | None = None
    joined: bool = False
    kind: str = "hunk"

    @property
    def asked_lines(self) -> str:
        return " ".join(map(str, self.part.asked))


def hunk_rows(apply: Apply, hunks: tuple[HunkPart, ...], layout: Mapping[str, Parts]) -> tuple[HunkRow, ...]:
    """The rows of `hunks` (all of the apply, or some), in the file's order."""
    drawn = _Drawn(apply)
    rows: list[HunkRow] = []
    for whole in hunks:
        parts = layout[whole.hunk.id]
        if len(parts) == 1 and parts[0].is_plain:
            rows.append(HunkRow(whole, parts[0].verdict, whole.hunk.id, str(whole.hunk.number), whole.hunk.id))
        else:
            rows += _parts(whole, parts, drawn.part)
    return tuple(rows)


def _parts(whole: HunkPart, parts: Parts, draw: Callable[[str, tuple[int, int], Part], SafeString]) -> list[HunkRow]:
    hunk = whole.hunk
    rows = []
    for index, (name, above, part) in enumerate(zip(names(hunk.id, parts), starts(parts), parts, strict=True)):
        label = f"{hunk.number}.{index + 1}" if len(parts) > 1 else str(hunk.number)
        share = part.added / hunk.added if hunk.added else 1 / len(parts)
        before = above[1] / hunk.added if hunk.added else index / len(parts)
        shown = replace(
            hunk,
            id=name,
            added=part.added,
            removed=part.removed,
            html=draw(hunk.id, above, part),
            top=round(hunk.top + hunk.size * before, 2),
            size=round(hunk.size * share, 2),
        )
        doubts = whole.doubts if index == 0 else ()
        row = HunkRow(
            replace(whole, hunk=shown, doubts=doubts), part.verdict, name, label, hunk.id, part.text, part.joined
        )
        bar = get_template("review/hbar.html").render(
            {
                "hunk": shown,
                "label": label,
                "asked": len(whole.asked) if index == 0 else 0,
                "extra": whole.extra,
                "doubts": doubts,
                "first": hunk.number == 1 and index == 0,
                "row": row,
            }
        )
        rows.append(replace(row, part=replace(row.part, bar=mark_safe(bar))))  # a template escapes
    return rows


class _Drawn:
    """Draws parts of one apply; its texts are split and coloured only where there is one to draw."""

    def __init__(self, apply: Apply) -> None:
        self._apply = apply

    def part(self, hunk_id: str, above: tuple[int, int], part: Part) -> SafeString:
        """The rows of a part; where the person wrote a text, that beside the original, and the proposal folded away."""
        hunk = self._hunks[hunk_id]
        old, new = self._sides
        old_start, new_start = hunk.old_start + above[0], hunk.new_start + above[1]
        old_range, new_range = range(old_start, old_start + part.removed), range(new_start, new_start + part.added)
        proposed = changed_rows(old, new, old_range, new_range)
        if part.text is None:
            return proposed
        lexer = guess(self._apply.path, self._apply.language).lexer
        own = Side(split_lines(part.text), highlight_lines(part.text, lexer), old.usual_end, numbered=False)
        return written_rows(old, own, old_range, proposed, part.added)

    @cached_property
    def _hunks(self) -> dict[str, Hunk]:
        return {hunk.key: as_diff_hunk(hunk) for hunk in hunks_of(self._apply)}

    @cached_property
    def _sides(self) -> tuple[Side, Side]:
        texts = texts_of(self._apply)
        merged = texts.merged or ""
        old_html, new_html, _ = coloured_sides(self._apply, texts.original, merged)
        return make_sides(texts.original, merged, old_html, new_html)
