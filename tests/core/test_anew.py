"""What of an answer stands in its place, what is left out, and what speaks against it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.anew import Astray, Found, Inside, Place, find, place_of, speaks_against
from applyweb.core.text import split_lines
from tests.core.texts import texts

PLACE = Place(("def a():\n", "    x = 1\n"), ("    y = 2\n",), ("    y = 3\n",), ("    return y\n", "\n", "b = a()\n"))
LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "  c\n", "}\n"]), max_size=5).map(tuple)


def answer(middle: str, above: str = "def a():\n    x = 1\n", below: str = "    return y\n\nb = a()\n") -> str:
    return above + middle + below


def test_place_of_takes_the_lines_around_from_the_merged_file() -> None:
    old, new = ["1\n", "2\n", "3\n"], ["1\n", "B\n", "B2\n", "3\n"]
    assert place_of(old, new, range(1, 2), range(1, 3)) == Place(("1\n",), ("2\n",), ("B\n", "B2\n"), ("3\n",))


@given(above=LINES, proposed=LINES, middle=LINES, below=LINES)
def test_find_gives_back_what_stands_between_the_lines_around(
    above: tuple[str, ...], proposed: tuple[str, ...], middle: tuple[str, ...], below: tuple[str, ...]
) -> None:
    whole = "".join((*above, *middle, *below))
    if whole:
        assert find(Place(above, (), proposed, below), whole) == Found("".join(middle))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            answer("    y = 4\n", "def a():   \n    x = 1\n"),
            Found("    y = 4\n"),
        ),  # white space at an end means nothing
        (answer("    y = 4\n", "def a(n):\n    x = 1\n"), Found("    y = 4\n", outside=1)),
        (answer("    y = 4\n", "import os\ndef a():\n    x = 1\n"), Found("    y = 4\n", outside=1)),
        (answer("    y = 4\n", below="    return y\n"), Found("    y = 4\n", outside=2)),
        (answer("", below="    return y\n\nb = a()\nc = 1\n"), Found("", outside=1)),
        ("    y = 4\n    z = 5\n", Found("    y = 4\n    z = 5\n", bare=True)),
    ],
)
def test_find_leaves_out_what_was_changed_around_and_counts_it(text: str, found: Found) -> None:
    assert find(PLACE, text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (answer("    y = 4\n", "def a():\n    x = 9\n"), "cannot be told"),
        (answer("    y = 4\n", below="    return z\n\nb = a()\n"), "cannot be told"),
    ],
)
def test_find_takes_nothing_where_it_cannot_tell(text: str, words: str) -> None:
    with pytest.raises(Astray, match=words):
        find(PLACE, text)


@given(above=LINES, middle=texts(), below=LINES, sizes=st.lists(st.integers(1, 7)))
def test_inside_gives_the_same_however_the_answer_is_cut(
    above: tuple[str, ...], middle: str, below: tuple[str, ...], sizes: list[int]
) -> None:
    whole = "".join((*above, middle, *below))
    place = Place(above, (), (), below)
    reader, rest, given_lines = Inside(place), whole, ""
    for size in sizes:
        given_lines += reader.feed(rest[:size])
        rest = rest[size:]
    given_lines += reader.feed(rest) + reader.close()
    at_once = Inside(place)
    assert given_lines == at_once.feed(whole) + at_once.close()


def test_inside_shows_no_line_around_the_place() -> None:
    reader = Inside(PLACE)
    shown = [reader.feed(line) for line in split_lines(answer("    y = 4\n    return y\n    z = 5\n"))]
    assert [*shown, reader.close()] == ["", "", "    y = 4\n", "", "    return y\n    z = 5\n", "", "", "", ""]


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        ("def a(n):\n    x = 1\n", "    y = 4\n"),  # a line above is changed
        ("import os\ndef a():\n    x = 1\n", "    y = 4\n"),  # and one added
        ("", "    y = 4\n"),  # and none repeated
    ],
)
def test_inside_shows_no_line_that_was_changed_above_the_place(above: str, shown: str) -> None:
    reader = Inside(PLACE)
    assert reader.feed(answer("    y = 4\n", above)) + reader.close() == shown


def judged(middle: str, proposed: str = "    y = 3\n", **more: bool) -> list[str]:
    original, merged = PLACE.before, PLACE.before.replace("    y = 2\n", proposed)
    place = Place(PLACE.above, PLACE.original, tuple(split_lines(proposed)), PLACE.below)
    found = Found(middle, **more)
    told = speaks_against(found, place, original, merged, 2, chat="", language="python", path="a.py")
    return [doubt.code for doubt in told]


@pytest.mark.parametrize(
    ("middle", "codes"),
    [
        ("    y = 4\n", []),
        ("    y = 3\n", ["same"]),
        ("    y = 2\n", ["unchanged"]),
        ("", ["nothing"]),
        ("    y = (\n", ["syntax"]),
        ("    # ... existing code ...\n    y = 4\n", ["check"]),
    ],
)
def test_speaks_against_says_what_is_the_matter(middle: str, codes: list[str]) -> None:
    assert judged(middle) == codes


def test_speaks_against_does_not_hold_what_was_broken_as_proposed_against_it() -> None:
    assert judged("    y = (\n", proposed="    y = ((\n") == []


def test_fitted_has_the_files_line_ends() -> None:
    place = Place((), (), ("a\r\n", "b\r\n"), ())
    assert place.fitted("x\ny", "\r\n") == "x\r\ny\r\n"
    assert Place((), (), ("a\n", "b"), ()).fitted("x\ny\n", "\n") == "x\ny"
    assert place.fitted("", "\r\n") == ""
