"""Which file each piece of an answer names, and the answer without the pieces of other files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.chat.pieces import pieces_of, without
from applyweb.core.text import split_lines

GIT_DIFF = """Two files:

```diff
diff --git a/src/a.py b/src/a.py
--- a/src/a.py
+++ b/src/a.py
@@ -1 +1 @@
-a = 1
+a = 2
diff --git a/src/new.py b/src/new.py
new file mode 100644
--- /dev/null
+++ b/src/new.py
@@ -0,0 +1 @@
+n = 1
diff --git a/old.py b/old.py
deleted file mode 100644
--- a/old.py
+++ /dev/null
@@ -1 +0,0 @@
-o = 1
```
"""
ENVELOPE = """*** Begin Patch
*** Update File: src/a.py
@@ def one():
-    return 1
+    return 2
*** End of File
*** Add File: src/b.py
+b = 1
*** Delete File: src/c.py
*** End Patch
"""
SEARCH = """src/a.py
<<<<<<< SEARCH
a = 1
=======
a = 2
>>>>>>> REPLACE

src/b.py
<<<<<<< SEARCH
b = 1
=======
b = 2
>>>>>>> REPLACE
"""


def names(chat: str) -> list[tuple[str, ...]]:
    return [piece.names for piece in pieces_of(chat)]


def test_a_git_diff_over_several_files_is_a_piece_for_each() -> None:
    found = pieces_of(GIT_DIFF)

    assert [piece.names for piece in found] == [("src/a.py",), ("src/new.py",), ("old.py",)]
    assert [piece.adds_only for piece in found] == [False, True, False]
    assert [piece.deletes for piece in found] == [False, False, True]


def test_an_envelope_is_a_piece_for_each_of_its_files() -> None:
    found = pieces_of(ENVELOPE)

    assert [piece.names for piece in found] == [("src/a.py",), ("src/b.py",), ("src/c.py",)]
    assert [(piece.adds_only, piece.deletes) for piece in found] == [(False, False), (True, False), (True, True)]


@pytest.mark.parametrize("fence", ["", "```\n"])
def test_search_and_replace_blocks_are_a_piece_for_each_file(fence: str) -> None:
    assert names(fence + SEARCH + fence) == [("src/a.py",), ("src/b.py",)]


@pytest.mark.parametrize(
    "heading",
    [
        "### src/a.py\n\nAdd the retry:\n\n",
        "## 1. `src/a.py`: add the retry\n\nAs you asked.\n\n",
        "#### Changes in src/a.py:\n\n",
        "**src/a.py**\n\nAdd the retry:\n",
        "`src/a.py`\n\nAdd the retry:\n",
        "In `src/a.py`:\n",
    ],
)
def test_a_heading_names_the_file_of_the_code_below_it(heading: str) -> None:
    assert names(f"Here:\n\n{heading}```python\na = 2\n```\n") == [("src/a.py",)]


def test_a_heading_holds_until_the_next_of_its_level_and_a_line_for_one_piece() -> None:
    code = "```python\nx = 1\n```\n"
    chat = f"## src/a.py\n{code}\nand\n{code}\n### Why\nsee\n{code}\n## Other\nnow\n{code}\n"
    chat += f"`src/b.py`\nthis\n{code}\nand\n{code}"
    assert names(chat) == [("src/a.py",), ("src/a.py",), ("src/a.py",), (), ("src/b.py",), ()]


def test_a_heading_and_a_sentence_that_disagree_are_both_told() -> None:
    chat = "### src/a.py\n\nCall what `src/b.py` has:\n\n```python\na = 2\n```\n"
    assert names(chat) == [("src/b.py", "src/a.py")]


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("Then create `b.py`:", ("b.py",)),
        ("And in `b.py`:", ("b.py",)),
        ("Now update the file `b.py` as well:", ("b.py",)),
        ("As in `b.py`:", ("b.py", "a.py")),
        ("It does what `b.py` does:", ("b.py", "a.py")),
    ],
)
def test_a_sentence_that_announces_its_file_wins_over_the_heading(sentence: str, meant: tuple[str, ...]) -> None:
    chat = f"## a.py\n\n```python\na = 1\n```\n\n{sentence}\n\n```python\nb = 2\n```\n"
    assert names(chat) == [("a.py",), meant]


@pytest.mark.parametrize("heading", ["### Using Node.js\n", "### Why and/or how\n", "### `a.py` and `b.py`\n"])
def test_a_heading_that_names_no_single_file_names_none(heading: str) -> None:
    assert names(f"{heading}\nSo:\n\n```js\nlet a\n```\n") == [()]


def test_what_is_hidden_of_a_piece_begins_where_its_file_is_named() -> None:
    chat = "Both:\n\n### src/a.py\nDrop `helper`:\n```python\na = 2\n```\nand\n```python\nb = 2\n```\n"
    first, _ = pieces_of(chat)
    assert first.hidden == ((3, 7),)
    assert without(chat, first.hidden) == "Both:\n\n\n\n\n\n\nand\n```python\nb = 2\n```\n"


@pytest.mark.parametrize("chat", [GIT_DIFF, ENVELOPE, SEARCH, f"```\n{SEARCH}```\n"])
def test_a_patch_without_one_file_still_has_the_others(chat: str) -> None:
    found = pieces_of(chat)
    for gone in found:
        left = pieces_of(without(chat, gone.hidden))
        # a header that stays asks for nothing; a deletion is its header
        others = [piece.names for piece in found if piece is not gone and not piece.deletes]
        assert [piece.names for piece in left if not piece.deletes] == others


LINES = ["```", "```py", "### a.py", "x = 1", "", "--- a/b.py", "+++ b/b.py", "@@ -1 +1 @@", "-x", "+y"]
MORE = ["*** Update File: c.py", "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "\r", "word"]


@given(st.lists(st.sampled_from([*LINES, *MORE]), max_size=30))
def test_hiding_a_piece_of_any_answer_moves_no_line(lines: list[str]) -> None:
    chat = "\n".join(lines)
    for piece in pieces_of(chat):
        assert all(1 <= first <= last for first, last in piece.hidden)
        assert piece.hidden[0][0] <= piece.lines[0] <= piece.lines[1]
        left = without(chat, piece.hidden)
        assert left.count("\n") == chat.count("\n")
        hidden = {line for first, last in piece.hidden for line in range(first, last + 1)}
        for number, (old, new) in enumerate(zip(split_lines(chat), split_lines(left), strict=False), 1):
            assert new.strip() == ("" if number in hidden else old.strip())
