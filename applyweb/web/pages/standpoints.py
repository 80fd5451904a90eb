"""What the review page fetches of other people's reviews: all that is laid over one's own, and one hunk as one person
has it.

Must not know: the page around them, how anything is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.core.diff import Hunk
from applyweb.core.languages import guess
from applyweb.core.text import split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.queries.layouts import layout_of_some
from applyweb.queries.people import person_reviewing
from applyweb.queries.standpoints import standpoints_of
from applyweb.web.pages.lasting import lasting_part
from applyweb.web.pages.part_rows import HunkRow, hunk_rows
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.pages.standpoint_rows import standpoints_view
from applyweb.web.render.diff import DiffView
from applyweb.web.render.rows import Side, changed_rows, row_pairs

_SHOWN = 200  # rows of a part


@dataclass(frozen=True, slots=True)
class OtherPart:
    """A part of a hunk as another person has it: its rows, and how many more there are."""

    row: HunkRow
    html: SafeString
    left: int


@require_safe
@never_cache
@login_required
def standpoints(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The others' reviews beside one's own."""
    found = standpoints_of(apply_or_404(request, apply_id), person_of(request))
    return render(request, "review/standpoints.html", {"laid": standpoints_view(found)})


@require_safe
@never_cache
@login_required
def hunk_of_other(request: HttpRequest, apply_id: str, hunk_id: str, person_id: int) -> HttpResponse:
    """One hunk in the parts and with the lines that another person has in it."""
    apply = apply_or_404(request, apply_id)
    lasting, other = lasting_part(apply), person_reviewing(apply, person_id)
    if other is None or lasting.diff is None or hunk_id not in lasting.by_id:
        raise Http404("There is no such review of this hunk.")
    rows = hunk_rows([lasting.by_id[hunk_id]], layout_of_some(apply, other, [hunk_id]))[hunk_id]
    lexer = guess(apply.path, apply.language).lexer
    parts = [_part(lasting.diff, row, lexer) for row in rows]
    return render(request, "review/standpoint_rows.html", {"parts": parts, "alone": len(parts) == 1})


def _part(diff: DiffView, row: HunkRow, lexer: str) -> OtherPart:
    """Without numbers: the file's lines have these already, and what is looked for by a number is there."""
    hunk: Hunk = row.part.hunk.hunk
    usual = diff.old.usual_end
    old = Side(diff.old.lines, diff.old.coloured, usual, numbered=False)
    new = Side(diff.new.lines, diff.new.coloured, usual, numbered=False)
    new_range = range(hunk.new_start, hunk.new_end)
    if row.text is not None:
        new = Side(split_lines(row.text), highlight_lines(row.text, lexer), usual, numbered=False)
        new_range = range(len(new.lines))
    pairs = row_pairs(old, new, range(hunk.old_start, hunk.old_end), new_range)
    html = changed_rows(old, new, pairs[:_SHOWN], (hunk.old_start, new_range.start))
    return OtherPart(row, html, max(0, len(pairs) - _SHOWN))
