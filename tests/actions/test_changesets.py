"""One answer that becomes an apply for each of several files."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from applyweb.actions.applies import request_stop
from applyweb.actions.changesets import Original, create_changeset, request_stop_of_all
from applyweb.actions.errors import Refused
from applyweb.models import Apply, Blob, Changeset, User
from applyweb.queries.applies import own_chat
from tests.factories import make_apply, make_person, many_files

pytestmark = pytest.mark.django_db

CHAT = """### a.py

```python
a = 2
```

### src/b.py

```python
b = 1
```
"""


def make(owner: User, *originals: tuple[str, str], chat: str = CHAT, **more: Any) -> Changeset:
    return create_changeset(
        owner, originals=[Original(*each) for each in originals], chat=chat, engine="embedded", **more
    )


def refusal(*originals: tuple[str, str], **more: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        make(make_person(), *originals, **more)
    assert (Changeset.objects.count(), Apply.objects.count(), Blob.objects.count()) == (0, 0, 0)
    return refused.value


def test_each_file_of_the_answer_is_an_apply_and_a_new_one_begins_empty() -> None:
    changeset = make(make_person(), ("a.py", "a = 1\n"), ("c.py", "c = 1\n"))

    applies = list(changeset.applies.order_by("position"))
    assert [(apply.path, apply.original.text, apply.status) for apply in applies] == [
        ("a.py", "a = 1\n", "queued"),
        ("src/b.py", "", "queued"),
    ]
    assert {apply.chat.text for apply in applies} == {CHAT}
    assert changeset.left_out == []


def test_an_engine_reads_of_the_answer_what_is_for_its_file() -> None:
    changeset = make(make_person(), ("a.py", "a = 1\n"))
    first, second = changeset.applies.order_by("position")
    assert own_chat(first) == "### a.py\n\n```python\na = 2\n```\n\n\n\n\n\n\n"
    assert own_chat(second) == "\n\n\n\n\n\n### src/b.py\n\n```python\nb = 1\n```\n"
    assert own_chat(make_apply(make_person("noor"))).startswith("Rounded")


def test_a_question_must_be_answered_before_anything_begins() -> None:
    chat = "### utils.py\n\n```python\nu = 2\n```\n"
    originals = ("a/utils.py", "u = 1\n"), ("b/utils.py", "u = 1\n")
    refused = refusal(*originals, chat=chat)
    assert (refused.code, refused.field) == ("ambiguous", "answers")
    assert "chat line 4" in str(refused)
    assert "a/utils.py, b/utils.py" in str(refused)

    changeset = make(make_person("noor"), *originals, chat=chat, answers={4: "b/utils.py"})
    assert [apply.path for apply in changeset.applies.all()] == ["b/utils.py"]


def test_what_became_no_apply_is_kept() -> None:
    chat = CHAT + "*** Begin Patch\n*** Update File: gone.py\n-x\n+y\n*** Delete File: old.py\n*** End Patch\n"
    changeset = make(make_person(), ("a.py", "a = 1\n"), chat=chat, answers={10: ""})
    assert [(each["path"], each["kind"]) for each in changeset.left_out] == [
        ("gone.py", "missing"),
        ("old.py", "deleted"),
        ("src/b.py", "unwanted"),
    ]


@pytest.mark.parametrize("path", ["/a.py", "../a.py", "x/../a.py", "C:/a.py", ".git/config", "./", "a\nb.py", "a\x00"])
def test_a_path_that_leaves_the_folder_is_refused(path: str) -> None:
    refused = refusal((path, "a = 1\n"))
    assert refused.code in ("invalid", "binary")
    assert refused.field in ("originals", "path")


def test_the_same_path_twice_is_refused_however_it_is_written() -> None:
    assert "given twice" in str(refusal(("src/a.py", "1"), ("src\\a.py", "2")))


def test_limits_are_told_in_sentences(settings: Any) -> None:
    settings.CHANGESET_FILES = 1
    assert str(refusal(("a.py", "a = 1\n"))) == (
        "A changeset may have 1 files, and the answer is for 2 (setting APPLYWEB_CHANGESET_FILES)."
    )
    User.objects.all().delete()
    settings.CHANGESET_FILES = 50
    settings.TEXT_LIMIT = 200
    refused = refusal(("a.py", "x" * 150), ("b.py", "x" * 150))
    assert (refused.code, refused.field) == ("too_large", "originals")
    assert "300 bytes together; the limit is 200" in str(refused)


def test_the_open_applies_of_a_person_are_counted_with_it(settings: Any) -> None:
    settings.OPEN_APPLIES_LIMIT = 2
    person = make_person()
    make_apply(person)
    with pytest.raises(Refused) as refused:
        make(person, ("a.py", "a = 1\n"))
    assert refused.value.code == "too_many"
    assert str(refused.value) == "1 applies are still open, and 2 more would be over the limit of 2."


@pytest.mark.parametrize(("chat", "code"), [("", "required"), ("Nothing.", "no_code"), ("```bash\nls\n```", "no_code")])
def test_an_answer_for_no_file_is_refused(chat: str, code: str) -> None:
    assert refusal(("a.py", "a = 1\n"), chat=chat).code == code


def test_many_files_are_stored_with_as_many_queries_as_one() -> None:
    person, noor = make_person(), make_person("noor")
    with CaptureQueriesContext(connection) as one:
        make(person, *many_files(1)[0], chat=many_files(1)[1])
    with CaptureQueriesContext(connection) as many:
        changeset = make(noor, *many_files(30)[0], chat=many_files(30)[1])  # of 40 SQLite takes two bites
    assert (changeset.applies.count(), len(many)) == (30, len(one))


def test_stopping_asks_every_open_apply() -> None:
    changeset = make(make_person(), ("a.py", "a = 1\n"))
    first, second = changeset.applies.order_by("position")
    request_stop(first)
    assert set(request_stop_of_all(changeset)) == {first.id, second.id}
    assert set(changeset.applies.values_list("stop_requested", flat=True)) == {True}
    changeset.applies.update(status="stopped")
    with pytest.raises(Refused) as refused:
        request_stop_of_all(changeset)
    assert refused.value.code == "already_ended"


def test_the_database_itself_forbids_two_applies_of_one_path() -> None:
    changeset = make(make_person(), ("a.py", "a = 1\n"))
    with pytest.raises(IntegrityError), transaction.atomic():
        changeset.applies.update(path="a.py")
