"""What sentences ask, and what only sounds like it."""

from __future__ import annotations

import pytest

from applyweb.core.merge.announced import drops_final_newline, only_adds, role
from applyweb.core.merge.requests import alterations, exchanged, leaf, removals


@pytest.mark.parametrize(
    "sentence",
    [
        "I did not remove `close`.",
        "Note that I didn't remove `close`, other scripts need it.",
        "I haven't deleted `close`.",
        "Don't remove `close` yet.",
        "You should never remove `close`.",
        "Should I remove `close`?",
        "If `close` is removed one day, this goes too.",
        "`close` was removed upstream in 2.0, but we keep it.",
        "This removes `close`'s dependency on the pool.",
        "You can remove `close` later if nobody calls it.",
        "I kept `close`; remove it once nobody imports it.",
        "We can remove `close` in a follow-up.",
        "The check in `close` is removed.",
        "`close` has not been removed.",
        "Without `close` nothing is removed.",
        "Remove it from `close`.",
    ],
)
def test_what_sounds_like_a_removal_and_is_none(sentence: str) -> None:
    assert removals(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "names", "plain"),
    [
        ("Remove `a` and the `b` import.", [("a", ""), ("b", "")], True),
        ("I dropped the unused `os`, `re` and `sys` imports.", [("os", ""), ("re", ""), ("sys", "")], True),
        ("`a` is gone, since nobody calls `b`.", [("a", "")], True),
        ("This gets rid of `a` because `b` does it.", [("a", "")], True),
        ("The `drop()` method of `Store` is removed.", [("drop()", "Store")], True),
        ("Delete the `timeout` argument from `fetch`.", [("timeout", "fetch")], True),
        ("I removed `Store.drop`.", [("Store.drop", "")], True),
        ("You should remove `a`.", [("a", "")], False),
        ("`Store` no longer has a `drop` method.", [("drop", "Store")], False),
    ],
)
def test_a_plain_removal_names_what_goes(sentence: str, names: list[tuple[str, str]], plain: bool) -> None:
    found = removals(sentence)
    assert [(each.name, each.owner) for each in found] == names
    assert {each.plain for each in found} == {plain}
    assert {each.sentence for each in found} == {sentence}


def test_names_and_values_that_change() -> None:
    text = "Rename `a` to `b`. Set `x` to `5`. The codes change from `p` to `q`. Don't rename `m` to `n`."
    assert [(each.kind, each.old, each.new) for each in alterations(text)] == [
        ("name", "a", "b"),
        ("value", "x", "5"),
        ("name", "p", "q"),
    ]


@pytest.mark.parametrize(
    ("paragraph", "names"),
    [
        ("Replace `old` with:", ("old",)),
        ("Use this instead of `old`:", ("old",)),
        ("Delete both blocks (`a` and `b`) and put this one in their place:", ("a", "b")),
        ("To use `process` with retries you need this helper:", ()),
        ("Test `Store` with:", ()),
        ("Replace the body of `process` with:", ()),
        ("Don't replace `old`:", ()),
        ("Shall I replace `old`?", ()),
    ],
)
def test_only_what_is_said_to_give_way_is_exchanged(paragraph: str, names: tuple[str, ...]) -> None:
    assert exchanged(paragraph) == names


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Update `get`:", "edit"),
        ("Here is the updated code:", "edit"),
        ("Use it as the default in `Store`:", "edit"),
        ("**2. `test` job** – a single step runs the tests now:", "edit"),
        ("The type checker configuration:", "edit"),
        ("Option A:", "edit"),
        ("Simplified, `get` does this:", "explanation"),
        ("Note how `put` works:", "unclear"),
        ("The old code:", "quote"),
        ("It prints:", "output"),
        ("Not like this:", "rejected"),
        ("The test, in its own file:", "test"),
        ("Alternatively:", "alternative"),
        ("Or, shorter:", "alternative"),
        ("Option B:", "alternative"),
        ("And a test for it:", "test"),
        ("Then run:", "command"),
        ("Usage:", "example"),
        ("For example:", "example"),
    ],
)
def test_how_code_is_announced(line: str, expected: str) -> None:
    assert role(line) == expected


@pytest.mark.parametrize(
    ("words", "adds"),
    [
        ("Add a field:", True),
        ("Register the new app in `APPS`:", True),
        ("Add a check and remove the old one:", False),
        ("Replace it:", False),
        ("Update `x` to include y:", False),
    ],
)
def test_words_that_only_add(words: str, adds: bool) -> None:
    assert only_adds(words) is adds


@pytest.mark.parametrize(
    ("sentence", "drops"),
    [
        ("There is no newline at the end of the file.", True),
        ("I removed the trailing newline.", True),
        ("The file had no newline at the end.", False),
        ("No newline is needed.", False),
        ("Is there no newline at the end of the file?", False),
    ],
)
def test_whether_the_last_line_has_no_end(sentence: str, drops: bool) -> None:
    assert drops_final_newline(sentence) is drops


def test_the_last_part_of_a_name() -> None:
    assert [leaf(name) for name in ("a", "A.b", "A::b()", "Store#drop(key)")] == ["a", "b", "b", "drop"]
