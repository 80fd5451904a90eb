"""The result so far, as a person reads it. Must not know: how it is resolved; what is taken away comes from the API."""

from __future__ import annotations

from itertools import islice

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.core.languages import guess
from applyweb.core.text import split_lines
from applyweb.queries.applies import diff_hunks_of
from applyweb.queries.reviews import resolved_text, review_state
from applyweb.web.pages.lasting import lasting_part
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.render.result import result_lines

SHOWN = 5_000  # lines


@require_safe
@never_cache
@login_required
def preview(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The beginning of the result under the person's review, and how large the whole is."""
    apply, person = apply_or_404(request, apply_id), person_of(request)
    diff = lasting_part(apply).diff
    if diff is None:
        raise Http404("There is no result.")
    layout, lexer = review_state(apply, person).layout, guess(apply.path, apply.language).lexer
    lines = result_lines(diff.old, diff.new, diff_hunks_of(apply), layout, lexer)
    text = resolved_text(apply, person)
    context = {
        "lines": [mark_safe(line) for line in islice(lines, SHOWN)],  # escaped by line_html
        "count": len(split_lines(text)),
        "bytes": len(text.encode("utf-8", "surrogatepass")),
    }
    return render(request, "review/result_lines.html", context)
