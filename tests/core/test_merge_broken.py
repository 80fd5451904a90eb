"""A long file is parsed where it changed, and what breaks there is found as in the whole."""

from __future__ import annotations

import pytest

from applyweb.core import syntax
from applyweb.core.merge import merge
from applyweb.core.merge.broken import breaks_syntax
from applyweb.core.merge.document import Document
from applyweb.core.merge.plan import Splice
from applyweb.serving.bench.hard import functions

LONG = functions(300)


@pytest.mark.parametrize(
    ("texts", "broken"),
    [
        (("    total = [1, 2]",), False),
        (("    total = [1, 2",), True),
        (("    total = 1)",), True),
        (('    """not closed',), True),
        (("    if total:", "        pass", "    else:", "        pass"), False),
    ],
)
def test_one_change_of_a_long_file(texts: tuple[str, ...], broken: bool) -> None:
    rows = LONG.split("\n")
    row = next(at for at, text in enumerate(rows) if at > 500 and text.startswith("    total"))
    document = Document(LONG, "python")
    document.apply([Splice(row, row + 1, texts)])
    merged = document.text()
    assert ((syntax.error_count(merged, "python") or 0) > 0) is broken
    assert breaks_syntax(LONG, merged, document, "python") is broken


BRACES = "".join(f"function berth{number}() {{\n  return {number}\n}}\n" for number in range(200))


@pytest.mark.parametrize("splice", [Splice(599, 600, ()), Splice(0, 1, ()), Splice(300, 301, ()), Splice(302, 303, ())])
def test_a_line_that_goes_is_seen_wherever_it_stood(splice: Splice) -> None:
    document = Document(BRACES, "javascript")
    document.apply([splice])
    assert breaks_syntax(BRACES, document.text(), document, "javascript") is True


def test_a_file_that_was_broken_before_is_not_broken_by_the_merge() -> None:
    original = "def broken(:\n    return 1\n" + LONG
    document = Document(original, "python")
    document.apply([Splice(document.size - 1, document.size, ("    return 7",))])
    assert breaks_syntax(original, document.text(), document, "python") is False


def test_no_grammar_says_nothing() -> None:
    assert breaks_syntax("a", "b", Document("b", "text"), "text") is None


def test_a_merge_of_a_long_file_is_doubted_where_it_breaks() -> None:
    head, old = LONG.split("\n")[:2]
    chat = f"<<<<<<< SEARCH\n{head}\n{old}\n=======\n{head}\n    broken = (\n>>>>>>> REPLACE\n"
    assert "syntax" in [note.code for note in merge(LONG, chat, path="a.py").notes]
