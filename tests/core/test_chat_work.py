"""Reading an answer takes work in proportion to its length, whatever it holds."""

from __future__ import annotations

import pytest

from applyweb.core.chat import parse
from applyweb.core.chat.blocks import split_blocks
from applyweb.core.chat.fences import Fences


@pytest.mark.parametrize(
    "lines",
    [
        ["~~~~ a"] * 3000,
        ["```py", "```"] * 1500,
        ["```py"] * 1500 + ["```"] * 1500,
        ["`" * (3 + row % 90) + " a" for row in range(3000)],
    ],
)
def test_fences_are_looked_at_no_more_often_than_there_are_characters(lines: list[str]) -> None:
    assert Fences(lines).steps <= sum(len(line) for line in lines)


def test_fence_ends_are_the_nested_the_plain_and_none() -> None:
    nested = Fences(["````md", "```py", "```", "````"])
    assert (nested.closer(0), nested.closer(1)) == (3, 2)
    plain = Fences(["```py", "````md", "```"])  # the longer one never closes, and is content then
    assert plain.closer(0) == 2
    unclosed = Fences(["~~~ a", "x", "~~~ b", "y", "~~~"])
    assert (unclosed.closer(0), unclosed.limit(0)) == (None, 2)


def test_search_blocks_without_an_end_are_prose_and_the_last_end_closes_the_first() -> None:
    blocks = split_blocks(["<<<<<<< SEARCH"] * 20_000)
    assert [(block.kind, block.start, block.end) for block in blocks] == [("prose", 0, 20_000)]
    closed = parse("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\nText.\n<<<<<<< SEARCH\nc\n")
    assert [(edit.start, edit.end) for edit in closed.edits] == [(1, 5)]
