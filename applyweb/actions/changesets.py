"""One answer applied to several files at once. Must not know: requests, what a merge does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from applyweb.actions.blobs import store_texts
from applyweb.actions.errors import Refused
from applyweb.actions.inputs import check_text, require_room
from applyweb.actions.inputs import clean_path as checked_path
from applyweb.core import chat as chats
from applyweb.core import languages
from applyweb.core.merge.assign import Plan, PlanError, Question, assign, clean_path
from applyweb.models import OPEN, Apply, Changeset, User


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it is, under its path in the folder that the changeset is about."""

    path: str
    text: str


def create_changeset(
    owner: User, *, originals: Sequence[Original], chat: str, engine: str, answers: Mapping[int, str] | None = None
) -> Changeset:
    """A queued apply for each file that the answer is for, in its order; a file that it makes begins empty. `answers`:
    as for `plan_changeset`. Errors: Refused, with nothing stored; `ambiguous` where a question is without an answer."""
    originals = _checked(originals)
    plan = plan_changeset(chat, [original.path for original in originals], answers)
    if plan.questions:
        raise Refused("ambiguous", _asked(plan.questions[0]), "answers")
    if not plan.to_apply:
        raise Refused("no_code", "The answer changes none of these files, and makes no new one.", "chat")
    if len(plan.to_apply) > settings.CHANGESET_FILES:
        raise Refused("too_large", _too_many(len(plan.to_apply), "the answer is for"), "chat")
    _check_paths(plan)
    texts = {original.path: original.text for original in originals}
    spoken = chats.spoken_language(chats.parse(chat))
    with transaction.atomic():
        require_room(owner, len(plan.to_apply))
        chat_id, *original_ids = store_texts([chat, *(texts.get(file.given_as, "") for file in plan.to_apply)])
        changeset = Changeset.objects.create(owner=owner, chat_id=chat_id, engine=engine, left_out=_left_out(plan))
        Apply.objects.bulk_create(
            Apply(
                owner=owner,
                changeset=changeset,
                position=position,
                path=file.path,
                language=languages.guess(file.path, spoken, texts.get(file.given_as, "")).name,
                engine=engine,
                original_id=original_id,
                chat_id=chat_id,
                hidden=[list(lines) for lines in plan.hidden_from(file)],
            )
            for position, (file, original_id) in enumerate(zip(plan.to_apply, original_ids, strict=True))
        )
        return changeset


def plan_changeset(chat: str, paths: Sequence[str], answers: Mapping[int, str] | None = None) -> Plan:
    """What `create_changeset` would make of files with these paths. `answers` say which file a piece of code is
    for that names none or fits two, by its first chat line. Nothing is stored. Errors: Refused."""
    check_text(chat, "chat")
    if not chat.strip():
        raise Refused("required", "The chat is empty. Paste the assistant's whole answer.", "chat")
    try:
        plan = assign(chat, paths, answers)
    except PlanError as error:
        raise Refused("invalid", str(error), "answers") from error
    if not plan.pieces:
        raise Refused("no_code", "The chat holds no code to apply. Paste the answer with its code blocks.", "chat")
    return plan


@transaction.atomic
def request_stop_of_all(changeset: Changeset) -> list[str]:
    """Marks the wish to stop on every open apply, whose ids are returned. Errors: Refused where none is open."""
    # Locked, so that an apply that ends meanwhile is either asked or seen as ended.
    applies = list(
        Apply.objects.select_for_update().filter(changeset=changeset, status__in=OPEN).values_list("pk", flat=True)
    )
    if not applies:
        raise Refused("already_ended", "Every file of this changeset has already ended.")
    Apply.objects.filter(pk__in=applies).update(stop_requested=True)
    return applies


def _checked(originals: Sequence[Original]) -> list[Original]:
    if len(originals) > settings.CHANGESET_FILES:
        raise Refused("too_large", _too_many(len(originals), "there are"), "originals")
    found: dict[str, Original] = {}
    for original in originals:
        path = clean_path(checked_path(original.path))
        if not path:
            raise Refused(
                "invalid",
                f"The path {original.path[:100]!r} cannot be used. Give it as seen from the folder, without .. in it.",
                "originals",
            )
        if path in found:
            raise Refused("invalid", f"{path} is given twice.", "originals")
        check_text(original.text, path)
        found[path] = Original(path, original.text)
    total = sum(len(original.text.encode("utf-8")) for original in found.values())
    if total > settings.TEXT_LIMIT:
        raise Refused(
            "too_large",
            f"The files have {total:,} bytes together; the limit is {settings.TEXT_LIMIT:,} "
            "(setting APPLYWEB_TEXT_LIMIT). Give only those that the answer is for.",
            "originals",
        )
    return list(found.values())


def _check_paths(plan: Plan) -> None:
    """What the answer itself names goes where a given path goes, and is checked as one."""
    paths = [checked_path(file.path) for file in plan.to_apply]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise Refused(
            "ambiguous", f"Two of the files would both be {twice}. Give their paths with folders.", "originals"
        )


def _too_many(count: int, what: str) -> str:
    limit = settings.CHANGESET_FILES
    return f"A changeset may have {limit} files, and {what} {count} (setting APPLYWEB_CHANGESET_FILES)."


def _asked(question: Question) -> str:
    line = question.piece.lines[0]
    if not question.candidates:
        return f"The code on chat line {line} names no file. Give the file that it is for."
    files = ", ".join(question.candidates[:5]) + (", …" if len(question.candidates) > 5 else "")
    why = f"names {' and '.join(question.names)}" if question.names else "names no file"
    return f'The code on chat line {line} {why}; it may be for {files}. Say which in answers, or "" for none of them.'


def _left_out(plan: Plan) -> list[dict[str, Any]]:
    """What the changeset keeps of all that became no apply."""
    files = [
        {"path": file.path[:500], "kind": file.kind, "lines": [piece.lines[0] for piece in file.pieces]}
        for file in plan.files
        if not file.applies
    ]
    nameless = [piece for piece in plan.dropped if not piece.names]
    return [*files, *({"path": "", "kind": "dropped", "lines": [piece.lines[0]]} for piece in nameless)]
