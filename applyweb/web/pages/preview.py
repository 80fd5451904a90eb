"""The result so far, as a person reads it. Must not know: how it is resolved; what is taken away comes from the API."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, islice, takewhile

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.core.languages import guess
from applyweb.core.text import split_lines
from applyweb.queries.applies import as_diff_hunk, hunks_of
from applyweb.queries.reviews import resolved_as, review_state
from applyweb.web.pages.lasting import lasting_part
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.render.result import result_lines

SHOWN = 5_000  # lines
CHARACTERS = 400_000  # in them


@require_safe
@never_cache
@login_required
def preview(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The beginning of the result under the person's review, and how large the whole is."""
    apply, person = apply_or_404(request, apply_id), person_of(request)
    diff = lasting_part(apply).diff
    if diff is None:
        raise Http404("There is no result.")
    hunks = hunks_of(apply)
    state = review_state(apply, person, hunks)  # read once, so that all that is told is of one moment
    text = resolved_as(apply, state, hunks).text
    lexer = guess(apply.path, apply.language).lexer
    lines = result_lines(diff.old, diff.new, [as_diff_hunk(hunk) for hunk in hunks], state.layout, lexer)
    whole = split_lines(text)
    context = {
        # escaped by line_html
        "lines": [(mark_safe(line.html), line.change) for line in islice(lines, _shown(whole))],
        "count": len(whole),
        "bytes": len(text.encode("utf-8", "surrogatepass")),
        "counts": state.counts,
    }
    return render(request, "review/result_lines.html", context)


def _shown(lines: Sequence[str]) -> int:
    """How many of the lines are shown: none where the first is too long."""
    sizes = accumulate(len(line) for line in islice(lines, SHOWN))
    return sum(1 for _ in takewhile(lambda size: size <= CHARACTERS, sizes))
