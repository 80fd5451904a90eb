"""The chat as lines: fences drawn, lines numbered as the server numbers them, markup shown and never run."""

from __future__ import annotations

import re
from html import escape

from applyweb.web.render.chat import COLOURED_LINES, SHOWN_LINES, ChatMarks, ChatView, chat_view

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
    return [int(n) for block in view.blocks for n in re.findall(r'id="c(\d+)"', block.html)]


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

    html = chat_view("```\n" + "a<b\n" * (COLOURED_LINES + 1) + "```\n", colour, "python", ChatMarks()).blocks[0].html

    assert coloured == []
    assert html.count("a&lt;b") == COLOURED_LINES + 1


def test_an_empty_chat_has_no_blocks() -> None:
    assert drawn("") == ChatView((), 0, 0)
