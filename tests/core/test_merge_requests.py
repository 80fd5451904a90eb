"""What sentences ask, and what only sounds like it."""

from __future__ import annotations

import pytest

from applyweb.core.chat import parse
from applyweb.core.merge.alterations import alterations
from applyweb.core.merge.announced import drops_final_newline, role
from applyweb.core.merge.asks import only_adds, takes_nothing
from applyweb.core.merge.requests import exchanged, leaf, removals


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
        "`close` needs no lock, so I don't drop it.",
        "You could pass `lock` to it and then remove it.",
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
        ("This makes the `sys` import superfluous, so take it out.", [("sys", "")], True),
        ("`b` was no longer needed, so I dropped it.", [("b", "")], True),
        ("`ssl` is no longer imported.", [("ssl", "")], True),
        ("The import of `os` is gone.", [("os", "")], True),
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
    ("sentence", "kind", "old", "new"),
    [
        ("`a = f(1)` should be `a = f(2)`.", "code", "a = f(1)", "a = f(2)"),
        ("Instead of `a = f(1)`, write `a = f(2)`.", "code", "a = f(1)", "a = f(2)"),
        ("`f(1)` -> `f(2)`", "code", "f(1)", "f(2)"),
        ("Use `new_name` instead of `old_name`.", "name", "old_name", "new_name"),
        ("Replace every `old_name` with `new_name`.", "name", "old_name", "new_name"),
        ("After `a = 1` comes a new line: `b = 2`.", "after", "a = 1", "b = 2"),
        ("Add `b = 2` right below `a = 1`.", "after", "a = 1", "b = 2"),
        ("The line `b = 2` goes before `a = 1`.", "before", "a = 1", "b = 2"),
    ],
)
def test_code_that_is_to_be_otherwise(sentence: str, kind: str, old: str, new: str) -> None:
    assert [(each.kind, each.old, each.new, each.plain) for each in alterations(sentence)] == [(kind, old, new, True)]


@pytest.mark.parametrize(
    "sentence",
    [
        "If you like, `a = f(1)` should be `a = f(2)`.",
        "Should `a = f(1)` be `a = f(2)`?",
        "Don't change `a = 1` to `a = 2`.",
        "Add `tedious` after `pg` in the list.",
        "Earlier `a = f(1)` should be `a = f(2)`.",
    ],
)
def test_what_sounds_like_other_code_and_is_none(sentence: str) -> None:
    assert alterations(sentence) == ()


def test_an_announcement_of_code_is_not_carried_out() -> None:
    assert [each.plain for each in alterations("Change `a = 1` to `a = 2`:")] == [False]
    assert [each.plain for each in alterations("In `f`, change `a = 1` to `a = 2`.")] == [False]


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
    ("words", "adds", "nothing_goes"),
    [
        ("Add a field:", True, True),
        ("Register the new app in `APPS`:", True, True),
        ("Add a field; nothing else changes:", True, True),
        ("Add a check and remove the old one:", False, False),
        ("`load` now handles a further kind:", True, False),
        ("Replace it:", False, False),
        ("Update `x` to include y:", False, False),
    ],
)
def test_words_that_only_add(words: str, adds: bool, nothing_goes: bool) -> None:
    (edit,) = parse(f"{words}\n\n```python\nx = 1\n```\n").edits
    assert (only_adds(edit), takes_nothing(edit)) == (adds, nothing_goes)


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
