"""Applies in every state, made by the real actions on the test database."""

from __future__ import annotations

from applyweb.actions import applies as actions
from applyweb.engines.base import Confidence, Finished, Note
from applyweb.jobs.judge import concluded, judge
from applyweb.jobs.outcome import OutcomeParts
from applyweb.models import Apply, User
from applyweb.queries.applies import find_apply
from tests.factories import CHAT, MERGED, ORIGINAL


def begun(owner: User, original: str = ORIGINAL, chat: str = CHAT, path: str = "shop/prices.py") -> Apply:
    apply = actions.create_apply(owner, original=original, chat=chat, path=path, engine="embedded")
    started = actions.begin_attempt(apply.id)
    assert started is not None
    return started


def finished(
    owner: User,
    original: str = ORIGINAL,
    merged: str = MERGED,
    chat: str = CHAT,
    path: str = "shop/prices.py",
    confidence: Confidence = "certain",
    notes: tuple[Note, ...] = (),
) -> Apply:
    apply = begun(owner, original, chat, path)
    outcome = Finished(merged, "stop", "embedded", confidence, notes, {"total_ms": 12.5})
    judgement = judge(original, merged, chat, path, apply.language)
    parts = OutcomeParts(concluded(outcome, judgement), judgement)
    assert actions.finish_apply(apply.id, apply.attempt, parts.outcome([]))
    return loaded(owner, apply)


def failed(owner: User, message: str = "The model server broke the connection.") -> Apply:
    apply = begun(owner)
    assert actions.fail_apply(
        apply.id, apply.attempt, code="interrupted", message=message, events=[], partial="half a file\n"
    )
    return loaded(owner, apply)


def stopped(owner: User) -> Apply:
    apply = begun(owner)
    assert actions.mark_stopped(apply.id, events=[], partial="")
    return loaded(owner, apply)


def loaded(owner: User, apply: Apply) -> Apply:
    found = find_apply(owner, apply.id)
    assert found is not None
    return found
