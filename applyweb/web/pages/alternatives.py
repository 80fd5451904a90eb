"""The proposals of a hunk or part that came after the first: what each is called, how it stands, its rows beside the
original.

Must not know: requests, how they are asked for or stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from applyweb.core.text import split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.models import Proposal, Status
from applyweb.web.api.proposals import proposal_events_path
from applyweb.web.pages.engine_words import engine_words
from applyweb.web.pages.part_rows import HunkRow
from applyweb.web.render.diff import DiffView
from applyweb.web.render.rows import Side, changed_rows, row_pairs

_STATES = {str(Status.QUEUED): "waiting", str(Status.RUNNING): "writing"}
ProposalsByHunk = Mapping[str, Sequence[Proposal]]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of them. `state` is waiting, writing, failed, stopped or finished. `taken`: it stands in the hunk; `open`:
    its rows show; `message` says why there are none."""

    id: int
    state: str
    engine_name: str
    engine: str
    note: str
    number: int | None = None
    added: int = 0
    removed: int = 0
    taken: bool = False
    open: bool = False
    message: str = ""
    doubts: tuple[str, ...] = ()
    events: str = ""
    html: SafeString = field(default_factory=lambda: mark_safe(""))

    @property
    def words(self) -> str:
        """What it is called where it stands."""
        return _words(self.number, self.engine)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Those of one person on one diff. `lexer` colours them."""

    diff: DiffView
    lexer: str
    proposals: ProposalsByHunk

    def of(self, row: HunkRow) -> tuple[Alternative, ...]:
        """Those of a hunk or part as it is cut now, oldest first."""
        hunk, part = row.part.hunk.hunk, row.part
        removed, added = hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start
        extent = (hunk.old_start - part.old_start, hunk.new_start - part.new_start, removed, added)
        rows = [each for each in self.proposals.get(row.hunk_id, ()) if each.extent == extent]
        newest = next((each.pk for each in reversed(rows) if each.status == Status.FINISHED), None)
        shown = newest if row.decision == "pending" else None
        return tuple(self._alternative(each, row, is_open=each.pk == shown) for each in rows)

    def writer(self, row: HunkRow) -> str:
        """Who wrote what stands in the hunk, "" where that is what was proposed first."""
        if row.text is None:
            return ""
        taken = next((each for each in self.proposals.get(row.hunk_id, ()) if each.pk == row.proposal), None)
        return "Own lines" if taken is None else _words(taken.number, engine_words(taken.engine).title)

    def _alternative(self, proposal: Proposal, row: HunkRow, *, is_open: bool) -> Alternative:
        hunk = row.part.hunk.hunk
        text = proposal.text.text if proposal.text else ""
        return Alternative(
            id=proposal.pk,
            state=_STATES.get(proposal.status, proposal.status),
            engine_name=proposal.engine,
            engine=engine_words(proposal.engine).title,
            note=proposal.note,
            number=proposal.number,
            added=len(split_lines(text)),
            removed=hunk.old_end - hunk.old_start,
            taken=row.proposal == proposal.pk,
            open=is_open,
            message=(proposal.error or {}).get("message", ""),
            doubts=tuple(doubt["message"] for doubt in proposal.doubts),
            events=proposal_events_path(proposal) if proposal.is_open else "",
            html=self._rows(text, range(hunk.old_start, hunk.old_end)) if proposal.text else mark_safe(""),
        )

    def _rows(self, text: str, old_range: range) -> SafeString:
        """Without numbers: the file's lines have these already, and what is looked for by a number is there."""
        usual = self.diff.old.usual_end
        old = Side(self.diff.old.lines, self.diff.old.coloured, usual, numbered=False)
        own = Side(split_lines(text), highlight_lines(text, self.lexer), usual, numbered=False)
        return changed_rows(old, own, row_pairs(old, own, old_range, range(len(own.lines))), (old_range.start, 0))


def _words(number: int | None, engine: str) -> str:
    return f"Proposal {number}, by {engine}"
