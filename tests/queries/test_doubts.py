"""Each doubt is shown at the hunk that it is about."""

from __future__ import annotations

import pytest

from applyweb.engines.base import Note
from applyweb.models import User
from applyweb.queries.applies import as_diff_hunk, hunks_of
from applyweb.queries.doubts import doubts_by_hunk, doubts_of_file
from tests.web.applies import finished

ORIGINAL = "import os\n\n\ndef first():\n    return 1\n\n\ndef second():\n    return 2\n"
MERGED = ORIGINAL.replace("return 1", "return 10").replace("return 2", "return 20")
CHAT = """\
Two changes.

```python
def first():
    return 10
```

And further down, after much else that is said about it:







```python
def second():
    return 20
```
"""
FIRST, SECOND = 5, CHAT.split("\n").index("    return 20") + 1

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("mira")


def about_the_file(owner: User, *notes: Note, merged: str = MERGED) -> list[str]:
    apply = finished(owner, ORIGINAL, merged, CHAT, "a.py", "certain", notes)
    return doubts_of_file(apply, [as_diff_hunk(hunk) for hunk in hunks_of(apply)])


def doubts(owner: User, *notes: Note, merged: str = MERGED) -> dict[int, list[str]]:
    """By the place of the hunk in the file."""
    apply = finished(owner, ORIGINAL, merged, CHAT, "a.py", "unsure", notes)
    hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    found = doubts_by_hunk(apply, hunks)
    return {at: found[hunk.id] for at, hunk in enumerate(hunks) if hunk.id in found}


def test_a_note_is_at_the_hunk_that_its_chat_line_asks_for(owner: User) -> None:
    assert doubts(owner, Note("edge_unsure", "Look here.", chat_line=SECOND)) == {1: ["Look here."]}
    assert doubts(owner, Note("edge_unsure", "Look here.", chat_line=FIRST - 1)) == {0: ["Look here."]}


@pytest.mark.parametrize(
    "note",
    [
        Note("syntax", "The file does not parse."),
        Note("other_file", "For another file.", "info", FIRST),
        Note("not_placed", "This went nowhere.", "error", FIRST + 7),
    ],
)
def test_what_is_about_no_hunk_is_at_none(owner: User, note: Note) -> None:
    assert doubts(owner, note) == {}


def test_a_check_is_at_the_hunk_that_has_its_line(owner: User) -> None:
    found = doubts(owner, merged=MERGED.replace("return 20", "return 20)"))
    assert list(found) == [1]
    assert "syntax error" in found[1][0]


def test_a_line_of_nobodys_is_at_its_hunk(owner: User) -> None:
    found = doubts(owner, merged=MERGED.replace("    return 10", "    forget_it_all()\n    return 10"))
    assert found == {0: ["Line 5 is of neither the chat nor the file."]}


def test_what_is_at_no_hunk_is_about_the_file(owner: User) -> None:
    notes = (
        Note("syntax", "The file does not parse."),
        Note("not_placed", "This went nowhere.", "error", FIRST),
        Note("edge_unsure", "Look here.", chat_line=FIRST),
        Note("other_file", "For another file.", "info"),
    )
    assert about_the_file(owner, *notes) == ["The file does not parse.", "This went nowhere."]
    assert about_the_file(owner) == []
    assert about_the_file(owner, merged="") == ["The file is empty now."]
