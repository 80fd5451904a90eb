"""The chat as lines: fences drawn, lines numbered as the server numbers them, markup shown and never run."""

from __future__ import annotations

import re
from html import escape

import pytest

from applyweb.web.render.chat import AT_ONCE, COLOURED_LINES, SHOWN_LINES, ChatMarks, ChatView, chat_view

CHAT = """Use `<b>` here, **now**:

```python src/a.py
x = 1
    y < 2
```
done
"""


def drawn(chat: str, marks: ChatMarks | None = None) -> ChatView:
    return chat_view(
        chat, lambda text, lexer: [escape(line) for line in text.split("\n")[:-1]], "python", marks or ChatMarks()
    )


def numbers(view: ChatView) -> list[int]:
    """Of the lines on the page, then of those that come."""
    html = [
        block.html + "".join(view.lines_html(part.start, part.end) for part in block.parts) for block in view.blocks
    ]
    return [int(n) for each in html for n in re.findall(r'id="c(\d+)"', each)]


def test_prose_and_fences_are_blocks_and_lines_keep_their_numbers() -> None:
    view = drawn(CHAT)

    assert [(block.kind, block.info) for block in view.blocks] == [
        ("prose", ""),
        ("code", "python src/a.py"),
        ("prose", ""),
    ]
    assert numbers(view) == [1, 2, 4, 5, 7]
    assert (view.lines, view.cut) == (7, 0)


def test_inline_code_and_emphasis_are_drawn_and_markup_is_escaped() -> None:
    assert "<p>Use <code>&lt;b&gt;</code> here, <strong>now</strong>:</p>" in drawn(CHAT).blocks[0].html
    assert "&lt;script&gt;" in drawn("<script>x</script>").blocks[0].html


def test_a_line_shows_the_hunks_that_it_asks_for() -> None:
    html = drawn(CHAT, ChatMarks(asks={4: [("abc", 3)]}, missing=frozenset({5}), noted=frozenset({7}))).blocks[1].html

    assert 'data-go="abc" title="Hunk 3"' in html
    assert '<div class="cl mis" id="c5">' in html
    assert "did not land" in html


def test_longer_fences_hold_shorter_ones_and_an_open_fence_runs_to_the_end() -> None:
    assert [(block.kind, block.info) for block in drawn("````md\n```\nx\n```\n````\ny").blocks] == [
        ("code", "md"),
        ("prose", ""),
    ]
    assert [block.kind for block in drawn("a\n~~~\nb\nc").blocks] == ["prose", "code"]


def test_a_raw_patch_is_code() -> None:
    assert [block.kind for block in drawn("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n").blocks] == ["code"]


def test_a_long_chat_is_cut_and_says_so() -> None:
    view = drawn("line\n" * (SHOWN_LINES + 5))

    assert (view.lines, view.cut, len(numbers(view))) == (SHOWN_LINES + 5, 5, SHOWN_LINES)


def test_much_code_stays_uncoloured() -> None:
    coloured: list[str] = []

    def colour(text: str, lexer: str) -> list[str]:
        coloured.append(text)
        return text.split("\n")[:-1]

    view = chat_view("```\n" + "a<b\n" * (COLOURED_LINES + 1) + "```\n", colour, "python", ChatMarks())

    assert coloured == []
    assert view.lines_html(0, COLOURED_LINES + 3).count("a&lt;b") == COLOURED_LINES + 1


def test_an_empty_chat_has_no_blocks() -> None:
    assert drawn("") == ChatView((), 0, 0, (), ())


def test_a_long_chat_is_on_the_page_with_its_beginning_and_the_rest_comes_in_parts() -> None:
    view = drawn("line\n" * (AT_ONCE + 1))

    assert view.blocks[0].html.count('class="cl"') == 60
    assert [(part.start, part.end) for part in view.blocks[0].parts] == [(60, 120), (120, 151)]
    assert numbers(view) == list(range(1, AT_ONCE + 2))
    assert drawn("line\n" * AT_ONCE).blocks[0].parts == ()


def test_lines_that_a_chat_does_not_show_are_refused() -> None:
    for start, end in ((-1, 1), (0, 8), (3, 2)):
        with pytest.raises(ValueError, match="no such lines"):
            drawn(CHAT).lines_html(start, end)


def test_lines_that_did_not_land_are_told_also_where_they_are_not_on_the_page() -> None:
    assert drawn("line\n" * 400, ChatMarks(missing=frozenset({399, 7}))).missing == (7, 399)


SEVERAL = """### a.py

```python
a = 1
```

### b.py

```python
b = 1
b = 2
```

And so on.
"""


def test_lines_for_other_files_are_groups_of_their_own() -> None:
    """With the blank lines between them; each line is there once, in its order."""
    view = drawn(SEVERAL, ChatMarks(others=[(7, 7), (9, 12)]))
    assert [(group.other, group.count) for group in view.groups] == [(False, 4), (True, 4), (False, 2)]
    assert [block.kind for block in view.groups[1].blocks] == ["prose", "code"]
    assert numbers(view) == numbers(drawn(SEVERAL))
    assert [group.other for group in drawn(SEVERAL).groups] == [False]


def test_one_fence_for_two_files_is_cut_where_the_other_begins() -> None:
    view = drawn(SEVERAL, ChatMarks(others=[(11, 11)]))
    assert [(block.kind, block.info, block.other) for block in view.blocks[3:]] == [
        ("code", "python", False),
        ("code", "", True),
        ("prose", "", False),
    ]
