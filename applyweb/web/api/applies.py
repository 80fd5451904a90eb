"""Applies: create, look, stop, and their texts byte for byte. Must not know: how any of it is done."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from applyweb.actions import applies as actions
from applyweb.actions.errors import Refused
from applyweb.core.decisions import unified_patch
from applyweb.jobs import deletions
from applyweb.jobs.engines import DEFAULT_ENGINE, engine_names
from applyweb.jobs.worker import worker
from applyweb.models import Apply
from applyweb.queries import applies as queries
from applyweb.queries.applies import find_apply, texts_of
from applyweb.queries.reviews import resolved_text
from applyweb.queries.soundness import soundness
from applyweb.web.api import views
from applyweb.web.api.schemas import ApplyIn, ApplyOut, CreatedOut, DeletedOut, ErrorOut, HunkOut, ListOut, SoundnessOut
from applyweb.web.auth import person_of
from applyweb.web.pages.file_names import folder_and_name

router = Router(tags=["applies"])
FAULTS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut}


def found_apply(request: HttpRequest, apply_id: str) -> Apply:
    """The apply that the person may see, or 404."""
    apply = find_apply(person_of(request), apply_id)
    if apply is None:
        raise Http404("There is no such apply.")
    return apply


def known_engine(name: str) -> str:
    """The engine of that name, the default one for "". Errors: Refused."""
    if name and name not in engine_names():
        names = ", ".join(engine_names())
        raise Refused("unknown_engine", f"There is no engine {name!r}. Choose one of: {names}.", "engine")
    return name or DEFAULT_ENGINE


@router.post(
    "/applies", response={201: CreatedOut, 400: ErrorOut, 413: ErrorOut, 422: ErrorOut, 429: ErrorOut, **FAULTS}
)
def create_apply(request: HttpRequest, body: ApplyIn) -> Status[dict[str, Any]]:
    """Starts an apply. Its events are on the socket at `events`."""
    apply = actions.create_apply(
        person_of(request),
        original=body.original,
        chat=body.chat,
        path=body.path,
        language=body.language,
        engine=known_engine(body.engine),
    )
    worker.enqueue_apply(apply.id)
    return Status(201, views.created(apply))


@router.get("/applies", response={200: ListOut, 401: ErrorOut, 422: ErrorOut})
def list_applies(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Your applies, newest first; each of the first ten words of `q` is looked for in path, language,
    engine, status and id."""
    return views.listed(queries.list_applies(person_of(request), q), offset, limit)


@router.get("/applies/{apply_id}", response={200: ApplyOut, **FAULTS})
def get_apply(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """The state of an apply; hunks are counted under your own review."""
    return views.described(found_apply(request, apply_id), person_of(request))


@router.delete("/applies/{apply_id}", response={200: DeletedOut, **FAULTS})
def delete_apply(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Deletes an apply for good, with its decisions, comments and proposals, and with the newer versions that stand on
    it. What is being written is stopped. In a changeset the version before takes its place; the other files stay."""
    person = person_of(request)
    return views.deleted(deletions.delete_apply(found_apply(request, apply_id), person), person)


@router.get("/applies/{apply_id}/hunks", response={200: list[HunkOut], **FAULTS})
def get_hunks(request: HttpRequest, apply_id: str) -> list[dict[str, Any]]:
    """The hunks in the file's order, with your decisions; an empty list until the apply is finished."""
    return views.hunk_list(found_apply(request, apply_id), person_of(request))


@router.post("/applies/{apply_id}/stop", response={202: ApplyOut, 409: ErrorOut, **FAULTS})
def stop_apply(request: HttpRequest, apply_id: str) -> Status[dict[str, Any]]:
    """Asks a queued or running apply to stop; the socket's last event tells when it has."""
    apply = found_apply(request, apply_id)
    actions.request_stop(apply)
    worker.stop_apply(apply.id)
    return Status(202, views.described(found_apply(request, apply_id), person_of(request)))


@router.get("/applies/{apply_id}/merged", response={409: ErrorOut, **FAULTS})
def get_merged(request: HttpRequest, apply_id: str) -> HttpResponse:
    """What the engine produced, exact bytes, text/plain."""
    merged = texts_of(_finished(request, apply_id)).merged
    return _plain(merged or "")


@router.get("/applies/{apply_id}/result", response={409: ErrorOut, **FAULTS})
def get_result(
    request: HttpRequest, apply_id: str, pending: Literal["accepted", "rejected"] = "rejected"
) -> HttpResponse:
    """The original with your accepted hunks, exact bytes; `pending` says how to take undecided ones."""
    return _plain(resolved_text(_finished(request, apply_id), person_of(request), pending))


@router.get("/applies/{apply_id}/result/syntax", response={200: SoundnessOut, 409: ErrorOut, **FAULTS})
def get_syntax(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Whether the original with your accepted hunks still parses, and what would make it parse."""
    found = soundness(_finished(request, apply_id), person_of(request))
    mends = [{"id": mend.name, "decision": mend.decision} for mend in found.mends]
    loose = [{"name": each.name, "id": each.mend.name, "decision": each.mend.decision} for each in found.loose]
    return {"parses": found.parses, "line": found.line, "mends": mends, "loose": loose}


@router.get("/applies/{apply_id}/result.patch", response={409: ErrorOut, **FAULTS})
def get_patch(
    request: HttpRequest, apply_id: str, pending: Literal["accepted", "rejected"] = "rejected"
) -> HttpResponse:
    """The result as a unified diff that `git apply` takes."""
    apply = _finished(request, apply_id)
    resolved = resolved_text(apply, person_of(request), pending)
    name = "".join(folder_and_name(apply.path, apply.language))
    return _plain(unified_patch(name, texts_of(apply).original, resolved))


def _finished(request: HttpRequest, apply_id: str) -> Apply:
    apply = found_apply(request, apply_id)
    if apply.merged_id is None:
        raise Refused("not_finished", f"There is no result: the apply is {apply.status}.")
    return apply


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text.encode("utf-8"), content_type="text/plain; charset=utf-8")
