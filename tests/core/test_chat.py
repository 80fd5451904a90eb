"""Reading an assistant's answer: fences, bare patches, file names, prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.chat import parse, spoken_language
from applyweb.core.chat.patches import hunks_of


def test_parse_gives_edits_with_their_lines_and_prose() -> None:
    answer = parse("First:\n\n```py\na = 1\nb = 2\n```\n\nThen:\n\n~~~js title=x\nlet c\n~~~\nDone.\n")
    assert [(edit.code, edit.language, edit.start, edit.end) for edit in answer.edits] == [
        ("a = 1\nb = 2", "py", 4, 5),
        ("let c", "js", 11, 11),
    ]
    first, second = answer.edits
    assert (first.before, first.after) == ("First:", "Then:")
    assert (second.before, second.after) == ("Then:", "Done.\n".strip())


@pytest.mark.parametrize(
    ("chat", "codes"),
    [
        ("````md\n```js\nx\n```\n````\n", ["```js\nx\n```"]),
        ("```md\ntext\n```js\nx\n```\nmore\n```\n", ["text\n```js\nx\n```\nmore"]),
        ("```js\nx = 1\n", ["x = 1"]),
        ("```js\nx = 1\n\n```py\ny = 2\n```\n", ["x = 1\n", "y = 2"]),
        ("1. Do:\n   ```js\n   if (a) {\n     b\n   }\n   ```\n", ["if (a) {\n  b\n}"]),
        ("```\n\n```\n", []),
        ("use ``` to quote\n", []),
        ("```js\r\nx = 1\r\n```\r\n", ["x = 1"]),
    ],
)
def test_parse_finds_fences(chat: str, codes: list[str]) -> None:
    assert [edit.code for edit in parse(chat).edits if edit.fenced] == codes


@pytest.mark.parametrize(
    ("chat", "path", "source"),
    [
        ("```python:src/a.py\nx\n```", "src/a.py", "own"),
        ("```src/a.py\nx\n```", "src/a.py", "own"),
        ('```ts title="src/a.ts"\nx\n```', "src/a.ts", "own"),
        ("```python src/a.py\nx\n```", "src/a.py", "own"),
        ("### `src/a.py`\n\n```python\nx\n```", "src/a.py", "own"),
        ("**src/a.py**:\n```python\nx\n```", "src/a.py", "own"),
        ("File: src/a.py\n```python\nx\n```", "src/a.py", "own"),
        ("```python\n# src/a.py\nx = 1\n```", "src/a.py", "own"),
        ("```html\n<!-- web/a.html -->\n<p></p>\n```", "web/a.html", "own"),
        ("In `src/a.py`, change this:\n```python\nx\n```", "src/a.py", "prose"),
        ("See `src/a.py` and `src/b.py`:\n```python\nx\n```", "", ""),
        ("Call `shop.total` now:\n```python\nx\n```", "", ""),
        ("```python\nsrc/a.py\n```\n```python\nx = 1\n```", "src/a.py", "own"),
    ],
)
def test_parse_finds_the_file_name(chat: str, path: str, source: str) -> None:
    edit = parse(chat).edits[-1]
    assert (edit.path, edit.path_source) == (path, source)


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("x = 1\ny = 2", "code"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", "udiff"),
        ("@@\n-a\n+b", "udiff"),
        (" keep\n-a\n+b", "udiff"),
        ("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", "search_replace"),
        ("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic", "search_replace"),
        ("------- SEARCH\na\n=======\nb\n+++++++ REPLACE", "search_replace"),
        ("*** Begin Patch\n*** Update File: x\n@@\n-a\n+b\n*** End Patch", "apply_patch"),
    ],
)
@pytest.mark.parametrize("fenced", [True, False])
def test_parse_tells_the_format(code: str, form: str, fenced: bool) -> None:
    chat = f"````\n{code}\n````" if fenced else code
    assert [(edit.format, edit.code) for edit in parse(chat).edits] == [(form, code)]


def test_bare_patch_stands_between_prose() -> None:
    answer = parse("I changed it.\n\n*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** End Patch\n\nRun the tests.")
    assert [edit.format for edit in answer.edits] == ["apply_patch"]
    assert "Run the tests." in answer.prose


def test_talk_without_code_has_no_edits() -> None:
    assert parse("The file is fine. I would not change anything in it.").edits == ()


def test_hunks_of_a_diff_over_two_files() -> None:
    chat = "```diff\n--- a/x.py\n+++ b/x.py\n@@ -4,2 +4,2 @@ def f():\n a\n-b\n+c\n--- a/y.py\n+++ b/y.py\n@@\n+d\n```"
    first, second = hunks_of(parse(chat).edits[0])
    assert (first.path, first.line, first.anchors) == ("x.py", 4, ("def f():",))
    assert first.rows == ((" ", "a"), ("-", "b"), ("+", "c"))
    assert (first.old, first.new) == (["a", "b"], ["a", "c"])
    assert (second.path, second.rows) == ("y.py", (("+", "d"),))


def test_hunks_keep_stacked_anchors_and_end_of_file() -> None:
    chat = "*** Begin Patch\n*** Update File: z\n@@ class A\n@@ def f\n-a\n+b\n*** End of File\n*** End Patch"
    (hunk,) = hunks_of(parse(chat).edits[0])
    assert (hunk.anchors, hunk.at_end, hunk.path) == (("class A", "def f"), True, "z")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("<<<<<<< SEARCH\na\n=======\nb", "its end marker is missing"),
        ("<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE", "it has a second ======= line"),
        (
            "<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE",
            "it has no ======= between the old and the new text",
        ),
    ],
)
def test_malformed_search_blocks_say_what_is_wrong(code: str, problem: str) -> None:
    assert hunks_of(parse(code).edits[0])[0].problem == problem


@pytest.mark.parametrize("chat", ["no code here", "Nothing to change.", "LGTM", "Note: fine.", "for now this is fine"])
def test_short_talk_is_no_edit(chat: str) -> None:
    assert parse(chat).edits == ()


@pytest.mark.parametrize("chat", ["x = 1", "import os", "name: demo\nversion: 2", "<p>hi</p>", "@@\n-a\n+b", "end"])
def test_short_code_without_a_fence_is_an_edit(chat: str) -> None:
    assert [edit.code for edit in parse(chat).edits] == [chat]


@given(st.text(alphabet=st.sampled_from(list("`~ab \n#-+@=<>*")), max_size=200))
def test_parse_reads_any_text_and_its_lines_are_right(chat: str) -> None:
    lines = chat.split("\n")
    for edit in parse(chat).edits:
        shown = edit.code.split("\n")
        assert 1 <= edit.start <= edit.end <= len(lines)
        assert len(shown) == edit.end - edit.start + 1
        assert all(line.strip() in lines[edit.start - 1 + k] for k, line in enumerate(shown))


def test_the_language_is_that_of_most_of_the_code() -> None:
    chat = "Run it:\n\n```bash\nmake\n```\n\n```py\na = 1\nb = 2\n```\n\n```web/x.ts\nlet c\n```\n"
    assert spoken_language(parse(chat)) == "python"
    assert spoken_language(parse("```diff\n-a\n+b\n```\n")) == ""
