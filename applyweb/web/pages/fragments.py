"""What the review page fetches: pieces of a large diff, a hunk again, rows under a fold, pages of the outline, lines of
the chat, the original. Must not know: the page around them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.models import Apply
from applyweb.queries.layouts import layout_of_some
from applyweb.queries.proposals import proposals_of
from applyweb.queries.reviews import review_state
from applyweb.web.pages.colours import colours_are_stored
from applyweb.web.pages.lasting import LastingPart, lasting_part
from applyweb.web.pages.outline import outline_page, outline_rows
from applyweb.web.pages.part_rows import HunkRow, hunk_rows
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.pages.pieces import Drawer, drawer


@require_safe
@login_required
def rows(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The unchanged rows of old lines [start, end), 0-based, of a finished apply."""
    diff = lasting_part(apply_or_404(request, apply_id)).diff
    if diff is None:
        raise Http404("There is no diff.")
    try:
        return HttpResponse(diff.unchanged_rows(*_range(request)))
    except (KeyError, ValueError):
        return HttpResponseBadRequest("start and end must be a range of unchanged lines")


@require_safe
@never_cache
@login_required
def hunk(request: HttpRequest, apply_id: str, hunk_id: str) -> HttpResponse:
    """One hunk, in the parts that the person's review has of it."""
    apply = apply_or_404(request, apply_id)
    part = lasting_part(apply)
    draws = drawer(apply, part, proposals_of(apply, person_of(request), [hunk_id]))
    return HttpResponse(draws.hunk(_hunk_rows(request, apply, part, hunk_id)))


@require_safe
@never_cache
@login_required
def some_rows(request: HttpRequest, apply_id: str, name: str) -> HttpResponse:
    """Rows [start, end), 0-based, of one hunk or part."""
    draws, row = row_or_404(request, apply_id, name)
    try:
        return HttpResponse(draws.some_rows(row, *_range(request)))
    except (KeyError, ValueError):
        return HttpResponseBadRequest("start and end must be rows of the hunk")


@require_safe
@never_cache
@login_required
def piece(request: HttpRequest, apply_id: str, number: int) -> HttpResponse:
    """One piece of the diff, 0-based, in the parts that the person's review has of its hunks."""
    apply = apply_or_404(request, apply_id)
    part = lasting_part(apply)
    if number >= len(part.pieces):
        raise Http404("The diff has no such piece.")
    wanted = part.pieces[number]
    hunks, person = [part.by_id[segment.id] for segment in wanted.hunks], person_of(request)
    keys = [hunk.hunk.id for hunk in hunks]
    draws = drawer(apply, part, proposals_of(apply, person, keys))
    return HttpResponse(draws.piece(wanted, hunk_rows(hunks, layout_of_some(apply, person, keys))))


@require_safe
@never_cache
@login_required
def outline(request: HttpRequest, apply_id: str, number: int) -> HttpResponse:
    """One page of the outline, 0-based, as the person has decided."""
    apply = apply_or_404(request, apply_id)
    hunks = lasting_part(apply).hunks
    try:
        page = outline_page(outline_rows(hunks, review_state(apply, person_of(request)).layout), number)
    except IndexError as error:
        raise Http404("The outline has no such page.") from error
    return render(request, "review/outline.html", {"page": page})


@require_safe
@login_required
def chat_part(request: HttpRequest, apply_id: str) -> HttpResponse:
    """Lines [start, end) of the chat, 0-based."""
    chat = lasting_part(apply_or_404(request, apply_id)).chat
    try:
        return HttpResponse(chat.lines_html(*_range(request)))
    except (KeyError, ValueError):
        return HttpResponseBadRequest("start and end must be lines of the chat")


@require_safe
@never_cache
@login_required
def colours(request: HttpRequest, apply_id: str) -> JsonResponse:
    """Whether the colours of both sides are there by now."""
    return JsonResponse({"coloured": colours_are_stored(apply_or_404(request, apply_id))})


@require_safe
@login_required
def original(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The original as it was given, for the live view's left side."""
    data = apply_or_404(request, apply_id).original.data
    return HttpResponse(data, content_type="text/plain; charset=utf-8")


def row_or_404(request: HttpRequest, apply_id: str, name: str) -> tuple[Drawer, HunkRow]:
    """One hunk or part as the person has it, and what draws it."""
    apply, key = apply_or_404(request, apply_id), name.partition(".")[0]
    part = lasting_part(apply)
    row = next((row for row in _hunk_rows(request, apply, part, key) if row.name == name), None)
    if row is None:
        raise Http404("The hunk has no such part now.")
    return drawer(apply, part, proposals_of(apply, person_of(request), [key])), row


def _hunk_rows(request: HttpRequest, apply: Apply, part: LastingPart, hunk_id: str) -> tuple[HunkRow, ...]:
    if hunk_id not in part.by_id:
        raise Http404("There is no such hunk.")
    layout = layout_of_some(apply, person_of(request), [hunk_id])
    return hunk_rows([part.by_id[hunk_id]], layout)[hunk_id]


def _range(request: HttpRequest) -> tuple[int, int]:
    """Errors: KeyError, ValueError."""
    return int(request.GET["start"]), int(request.GET["end"])
