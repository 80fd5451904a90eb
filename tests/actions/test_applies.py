"""The life of an apply in the database."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from applyweb.actions.applies import begin_attempt, create_apply, fail_apply, mark_stopped, request_stop
from applyweb.actions.errors import Refused
from applyweb.models import Apply, Blob, Status
from applyweb.queries.applies import archived_events
from tests.factories import make_apply, make_finished, make_person

pytestmark = pytest.mark.django_db


def test_equal_texts_are_stored_once() -> None:
    person = make_person()
    first, second = make_apply(person), make_apply(person)
    assert (first.original_id, first.chat_id) == (second.original_id, second.chat_id)
    assert Blob.objects.count() == 2


def test_refused_input_leaves_nothing_behind() -> None:
    with pytest.raises(Refused):
        make_apply(make_person(), chat="I would not change anything here.")
    assert (Apply.objects.count(), Blob.objects.count()) == (0, 0)


def test_a_person_may_have_so_many_open_applies(settings: pytest.FixtureRequest) -> None:
    settings.OPEN_APPLIES_LIMIT = 2
    person = make_person()
    make_finished(person)
    make_apply(person)
    make_apply(person)
    with pytest.raises(Refused) as refused:
        make_apply(person)
    assert refused.value.code == "too_many"


def test_an_attempt_that_was_overtaken_cannot_end_the_apply() -> None:
    apply = make_apply(make_person())
    first = begin_attempt(apply.id)
    second = begin_attempt(apply.id)
    assert first is not None
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)
    assert not fail_apply(apply.id, 1, code="x", message="x", events=[])
    assert fail_apply(apply.id, 2, code="x", message="x", events=[{"seq": 1, "type": "failed"}])
    assert not mark_stopped(apply.id, events=[])
    assert archived_events(apply.id) == [{"seq": 1, "type": "failed"}]


def test_a_stopped_apply_never_begins_again() -> None:
    apply = make_apply(make_person())
    request_stop(apply)
    assert begin_attempt(apply.id) is None
    assert mark_stopped(apply.id, events=[{"seq": 1, "type": "stopped"}], partial="half")
    apply.refresh_from_db()
    assert apply.partial is not None
    assert (apply.status, apply.partial.text, apply.merged) == (Status.STOPPED, "half", None)
    with pytest.raises(Refused) as refused:
        request_stop(apply)
    assert refused.value.code == "already_ended"


def test_the_database_itself_forbids_a_result_of_an_unfinished_apply() -> None:
    apply = make_finished(make_person())
    with pytest.raises(IntegrityError), transaction.atomic():
        Apply.objects.filter(pk=apply.pk).update(status=Status.FAILED)


def test_a_finished_apply_is_finished_once() -> None:
    apply = make_finished(make_person())
    assert begin_attempt(apply.id) is None
    assert not fail_apply(apply.id, apply.attempt, code="x", message="x", events=[])
    assert apply.merged is not None


@pytest.mark.parametrize(
    ("chat", "path"),
    [
        ("```python\n# shop/stock.py\nx = 2\n```\n", "shop/stock.py"),
        ("```python\n# a.py\nx = 2\n```\n\n```python\n# b.py\ny = 2\n```\n", ""),
        ("```python\n# a.py\nx = 2\n```\n\n```python\ny = 2\n```\n", ""),  # the second may be for another file
        ("```python\n# ../../a.py\nx = 2\n```\n", ""),
    ],
)
def test_without_a_path_it_is_for_the_file_that_every_piece_of_the_chat_names(chat: str, path: str) -> None:
    apply = create_apply(make_person(), original="x = 1\n", chat=chat, engine="embedded")
    assert (apply.path, apply.language) == (path, "python")


def test_without_path_and_language_the_chat_tells_the_language() -> None:
    person = make_person()
    assert make_apply(person, path="").language == "python"
    assert make_apply(person, path="", language="go").language == "go"
    assert make_apply(person, path="a.rs").language == "rust"
