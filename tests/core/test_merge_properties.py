"""What must hold of a merge for any text, and bad input."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from applyweb.core.merge import Merge, MergeRefused, merge
from applyweb.core.merge.document import Document
from applyweb.core.merge.plan import Splice
from applyweb.core.text import split_end, split_lines

WORDS = st.text(alphabet="abcdefgh", min_size=3, max_size=8)
LINES = st.lists(WORDS, min_size=6, max_size=30, unique=True)
ANY = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=300)


def statements(names: list[str]) -> list[str]:
    return [f"{name} = load('{name}')" for name in names]


def merged_or_refused(original: str, chat: str) -> Merge | None:
    """The merge, or None where it was refused in due form; any other exception is the caller's failure."""
    try:
        return merge(original, chat, path="a.py")
    except MergeRefused as refusal:
        if refusal.code not in ("no_code", "wrong_file", "cannot_place") or not str(refusal):
            raise
        return None


def fence(lines: list[str]) -> str:
    return "Here it is:\n\n```python\n" + "\n".join(lines) + "\n```\n"


@given(ANY, ANY)
@settings(max_examples=300)
def test_merge_raises_nothing_but_a_refusal(original: str, chat: str) -> None:
    result = merged_or_refused(original, chat)
    if result is None:
        return
    unsure = any(note.severity != "info" for note in result.notes)
    assert result.confidence == ("unsure" if unsure else "certain")


@given(
    st.text(alphabet=st.sampled_from(list("ab \t\n`@+-=<>{}()#/.*:")), max_size=300),
    st.text(alphabet="ab{} \n#.", max_size=200),
)
@settings(max_examples=300)
def test_merge_of_patch_like_texts_raises_nothing_but_a_refusal(chat: str, original: str) -> None:
    for form in (
        chat,
        f"```\n{chat}\n```",
        f"<<<<<<< SEARCH\n{chat}\n=======\n{chat[::-1]}\n>>>>>>> REPLACE",
        f"@@\n{chat}",
    ):
        merged_or_refused(original, form)


@given(LINES, LINES)
def test_whole_file_gives_the_file(old: list[str], new: list[str]) -> None:
    original = "\n".join(statements(old)) + "\n"
    wanted = "\n".join(statements(new)) + "\n"
    assume(wanted != original)
    result = merge(original, fence(statements(new)).replace("Here it is", "The complete file"), path="a.py")
    assert result.text == wanted


@given(LINES, st.data(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
def test_a_lazy_edit_gives_the_change_and_keeps_ends(
    names: list[str], data: st.DataObject, end: str, final: bool, bom: bool
) -> None:
    lines = statements(names)
    at = data.draw(st.integers(1, len(lines) - 2))
    changed = [*lines[:at], f"{names[at]} = load('{names[at]}', strict=True)", *lines[at + 1 :]]
    original = ("\ufeff" if bom else "") + end.join(lines) + (end if final else "")
    wanted = ("\ufeff" if bom else "") + end.join(changed) + (end if final else "")
    shown = ["# ... existing code ...", *changed[at - 1 : at + 2], "# ... existing code ..."]
    result = merge(original, fence(shown), path="a.py")
    assert result.text == wanted


@given(LINES, st.data(), st.sampled_from(["diff", "search"]), st.booleans())
def test_a_patch_gives_the_change(names: list[str], data: st.DataObject, form: str, final: bool) -> None:
    lines = statements(names)
    at = data.draw(st.integers(1, len(lines) - 2))
    number = data.draw(st.integers(1, 500))
    new = f"{names[at]} = None"
    changed = [*lines[:at], new, *lines[at + 1 :]]
    if form == "diff":
        chat = f"```diff\n@@ -{number},3 +{number},3 @@\n {lines[at - 1]}\n-{lines[at]}\n+{new}\n {lines[at + 1]}\n```"
    else:
        chat = f"<<<<<<< SEARCH\n{lines[at]}\n=======\n{new}\n>>>>>>> REPLACE"
    ending = "\n" if final else ""
    result = merge("\n".join(lines) + ending, chat, path="a.py")
    assert (result.text, result.confidence) == ("\n".join(changed) + ending, "certain")


@given(LINES, st.data())
def test_untouched_lines_keep_their_own_ends(names: list[str], data: st.DataObject) -> None:
    lines = statements(names)
    ends = data.draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=len(lines), max_size=len(lines)))
    at = data.draw(st.integers(1, len(lines) - 2))
    original = "".join(line + end for line, end in zip(lines, ends, strict=True))
    result = merge(original, f"<<<<<<< SEARCH\n{lines[at]}\n=======\nnew = 1\n>>>>>>> REPLACE")
    kept = [line for index, line in enumerate(split_lines(result.text)) if index != at]
    assert kept == [line + end for index, (line, end) in enumerate(zip(lines, ends, strict=True)) if index != at]
    assert split_end(split_lines(result.text)[at])[0] == "new = 1"


KEYS = st.text(alphabet="abcdefg@-/", min_size=1, max_size=6)
OBJECTS = st.recursive(
    st.dictionaries(KEYS, st.integers(0, 9) | st.sampled_from(["x", "a # b", "c, d"]), min_size=1, max_size=5),
    lambda inner: st.dictionaries(
        KEYS, st.integers(0, 9) | inner | st.lists(st.integers(0, 9)), min_size=1, max_size=5
    ),
    max_leaves=20,
)


def put_together(old: Any, new: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(new, dict) and new):
        return new
    return old | {key: put_together(old.get(key), value) for key, value in new.items()}


@given(OBJECTS, OBJECTS, st.sampled_from([2, 4]))
def test_a_part_of_a_json_object_is_put_into_it(old: dict[str, Any], new: dict[str, Any], indent: int) -> None:
    assume(put_together(old, new) != old and set(old) - set(new))
    original = json.dumps({"first": 1} | old, indent=indent) + "\n"
    part = "```json\n" + json.dumps(new, indent=indent) + "\n```\n"
    assume(not original.startswith("{}"))
    result = merge(original, part, path="a.json")
    if result.confidence == "certain" and "~whole" not in result.evidence:
        assert json.loads(result.text) == {"first": 1} | put_together(old, new)


@given(LINES, WORDS, st.data(), st.sampled_from(["    ", "\t"]))
def test_a_method_added_to_a_class_takes_nothing_away(
    names: list[str], new: str, data: st.DataObject, indent: str
) -> None:
    assume(new not in names)
    methods = [f"{indent}def {name}(self):\n{indent}{indent}return '{name}'\n" for name in names]
    original = "class Shop:\n" + "\n".join(methods)
    shown = data.draw(st.integers(0, len(names)))
    added = f"{indent}def {new}(self):\n{indent}{indent}return '{new}'\n"
    part = [*methods[shown : shown + 1], added]
    chat = "Add a method:\n\n```python\nclass Shop:\n" + "\n".join(part) + "```\n"
    at = shown + 1 if shown < len(names) else len(names)
    assert merge(original, chat, path="a.py").text == "class Shop:\n" + "\n".join([*methods[:at], added, *methods[at:]])


@given(LINES, LINES, st.data())
def test_imports_above_a_function_join_the_others(old: list[str], new: list[str], data: st.DataObject) -> None:
    functions = ["def run():\n    return 1\n", "def stop():\n    return 2\n"]
    imports = [f"from shop import {name}\n" for name in sorted(old)]
    original = "".join(imports) + "\n\n" + "\n\n".join(functions)
    shown = [f"from shop import {name}\n" for name in new]
    chat = "```python\n" + "".join(shown) + "\n\ndef stop():\n    return 22\n```\n"
    text = merge(original, chat, path="a.py").text
    top, _, rest = text.partition("def run")
    bound = {name.strip() for line in top.split("\n") if line for name in line.split("import")[1].split(",")}
    assert bound == {*old, *new}
    assert rest == "():\n    return 1\n\n\ndef stop():\n    return 22\n"


@pytest.mark.parametrize(
    "body",
    [
        "tabs\tinside",
        "emoji = '👩‍🚀 é'",
        "</script><script>alert(1)</script>",
        "{{ user }} {% if x %}",
        "<update>text</update>",
        "<|im_end|>",
        "x" * 100_000,
        "form\x0cfeed \u2028 separator",
    ],
)
def test_odd_content_is_data(body: str) -> None:
    original = f"first\n\t{body}\nlast\n"
    result = merge(original, f"<<<<<<< SEARCH\nlast\n=======\n{body}!\n>>>>>>> REPLACE")
    assert (result.text, result.confidence) == (f"first\n\t{body}\n{body}!\n", "certain")


def test_long_lines_are_aligned() -> None:
    long = ["a = '" + "xy" * 50_000 + "'", "b = 1", "c = '" + "zw" * 50_000 + "'", "d = 4", "e = 5"]
    shown = ["# ...", long[2], "d = 44", "e = 5"]
    assert (
        merge("\n".join(long) + "\n", fence(shown), path="a.py").text
        == "\n".join([*long[:3], "d = 44", "e = 5"]) + "\n"
    )


def test_a_file_of_50_000_lines() -> None:
    lines = [f"value_{number} = {number}" for number in range(50_000)]
    shown = ["# ... existing code ...", lines[30_000], "value_30001 = None", lines[30_002], "# ... existing code ..."]
    original = "\n".join(lines) + "\n"
    lines[30_001] = "value_30001 = None"
    result = merge(original, fence(shown), path="a.py")
    assert result.confidence == "certain"
    assert split_lines(result.text) == [line + "\n" for line in lines]


def test_a_large_file_given_whole() -> None:
    lines = [f"value_{number % 700} = [{number}]" for number in range(20_000)]
    changed = [*lines[:-1], "last = 1"]
    result = merge("\n".join(lines) + "\n", "The complete file:\n" + fence(changed), path="a.py")
    assert result.text == "\n".join(changed) + "\n"


def test_notes_say_where_in_the_chat() -> None:
    chat = "Two changes:\n\n```diff\n@@\n-two\n+2\n@@\n-seven\n+7\n```\n"
    result = merge("one\ntwo\nthree\n", chat)
    assert [(note.code, note.chat_line) for note in result.notes] == [("not_placed", 7)]


def test_a_marker_never_reaches_the_result() -> None:
    original = "def f():\n    return 1\n\n\ndef g():\n    return 2\n"
    result = merge(
        original, fence(["def f():", "    # ... existing code ...", "", "def g():", "    return 3"]), path="a.py"
    )
    assert not re.search(r"\.\.\.", result.text)


def test_splices_must_not_overlap() -> None:
    document = Document("a\nb\nc\n", "text")
    with pytest.raises(ValueError, match="overlap"):
        document.apply([Splice(0, 2, ("x",)), Splice(1, 3, ("y",))])
