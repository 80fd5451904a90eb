"""Quick look-ups give what a plain look at every line gives."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.chat import parse
from applyweb.core.merge import merge, words
from applyweb.core.merge.bindings import lines_gone
from applyweb.core.merge.chains import Run, joined
from applyweb.core.merge.document import Document
from applyweb.core.merge.lines import Lines, Owners, lines_of, owner
from applyweb.core.merge.markers import Strength, marker_strength
from applyweb.core.merge.ranges import Ranges
from applyweb.core.merge.run import Run as AnswerRun
from applyweb.core.merge.said import Said
from applyweb.core.merge.work import Work

_LINE = st.builds(
    lambda depth, text: " " * depth + text,
    st.sampled_from([0, 0, 2, 4, 8]),
    st.sampled_from(["", "}", "{", "def f(a):", "class A:", "x = 1", "# c", "@d", "} else {", "y = f(x)", "[s]"]),
)
_TEXTS = st.lists(_LINE, max_size=25)
_RANGES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6)


@given(st.text("aab$_ é.", max_size=14), st.text("aab$. ", min_size=1, max_size=3))
def test_words_are_counted_as_by_a_pattern(text: str, word: str) -> None:
    assert words.count(word, text) == len(re.findall(rf"(?<![\w$]){re.escape(word)}(?![\w$])", text))


@given(st.text("ab $.\n'", max_size=20), st.sampled_from(["a", "b.a", "$b", "a b", "-a", ""]))
def test_names_are_said_as_by_a_pattern(text: str, name: str) -> None:
    last = name.rsplit(".", 1)[-1]
    quoted = re.search(rf"([\"'`]){re.escape(name)}\1", text)
    if last:
        plain = re.search(rf"(?<![\w$]){re.escape(last)}(?![\w$])", text)
        assert Said(text).names(name) == ((quoted if " " in name else plain) is not None)
    assert Said(text).holds(name) == (name in text)


@given(_RANGES, st.integers(0, 20), st.integers(0, 20))
def test_ranges_hold_and_meet_as_each_alone(ranges: list[tuple[int, int]], row: int, end: int) -> None:
    assert Ranges(ranges).hold(row) == any(low <= row < high for low, high in ranges)
    if row < end:
        assert Ranges(ranges).meet(row, end) == any(low < high and low < end and row < high for low, high in ranges)


@given(_TEXTS, st.sampled_from(["f", "=", "def f", "}", "zz"]), st.integers(0, 26))
def test_lines_are_found_by_what_they_hold(texts: list[str], part: str, start: int) -> None:
    lines = lines_of(texts)
    rows = [row for row, key in enumerate(lines.keys) if part in key]
    assert lines.holding(part) == rows
    assert lines.find(part, start) == next((row for row in rows if row >= start), None)


@given(_TEXTS, st.sampled_from(["python", "toml"]))
def test_owners_and_outer_lines_are_those_of_each_line_alone(texts: list[str], language: str) -> None:
    lines = lines_of(texts, language)
    owners = Owners(lines)
    for row in lines.solid:
        assert owners.row(row) == owner(lines, row)
        assert owners.is_header(row) == (owner(lines, row) == row)
        above = (at for at in range(row - 1, -1, -1) if lines.keys[at] and lines.indents[at] < lines.indents[row])
        assert lines.outer[row] == next(above, -1)


@given(_TEXTS)
def test_blocks_end_below_their_last_line(texts: list[str]) -> None:
    lines = lines_of(texts)
    for header in lines.solid:
        inside = [row for row in lines.solid if row > header and _is_inside(lines, row, header)]
        assert lines.ends[header] == max(inside, default=header) + 1


def _is_inside(lines: Lines, row: int, header: int) -> bool:
    while row >= 0 and row != header:
        row = lines.parents[row]
    return row == header


@given(_TEXTS, _TEXTS)
def test_lines_gone_are_those_that_come_less_often(before: list[str], after: list[str]) -> None:
    old, new = ([text.strip() for text in texts if text.strip()] for texts in (before, after))
    wanted = [key for key in dict.fromkeys(old) for _ in range(old.count(key) - new.count(key))]
    assert lines_gone("\n".join(before), "\n".join(after)) == wanted


def test_plain_lines_are_no_markers_at_the_first_look() -> None:
    assert {marker_strength(key) for key in ("return total", "x = y..z(", "a.b.c()", "</div>")} == {Strength.NONE}
    assert marker_strength("... rest of the file ...") == Strength.STRONG
    assert marker_strength("⋮") == Strength.STRONG


def test_runs_that_go_on_are_one_and_others_stay_apart() -> None:
    places = ((0, 0, 0), (1, 1, 0), (2, 2, 4), (4, 3, 4))
    runs = [Run(row, at, 1, False, [0.0, 0.5], shift) for row, at, shift in places]
    assert [(run.row, run.size, run.weight()) for run in joined(runs)] == [(0, 2, 1.0), (2, 1, 0.5), (4, 1, 0.5)]


def test_a_file_of_any_size_that_is_rewritten_line_by_line_is_replaced() -> None:
    old = "".join(f"rate_{number} = assess({number})\n" for number in range(700))
    new = old.replace("assess", "reckon")
    found = merge(old, f"```python\n{new}```\n", path="rates.py")
    assert (found.text, found.confidence) == (new, "certain")


def test_a_search_text_that_stands_everywhere_is_not_compared_with_every_place() -> None:
    chat = "<<<<<<< SEARCH\na\n\na\n=======\nb\n>>>>>>> REPLACE\n" * 2
    run = AnswerRun(Document("a\n\n" * 500, "text"), "text", "a.txt", chat, Work(5_000))
    run.apply_all(parse(chat).edits)
    assert (run.seen, run.placed, run.work.over) == (2, 1, True)
    assert (run.notes[-1].code, run.notes[-1].severity) == ("too_many_changes", "error")


def test_examples_count_as_work_too() -> None:
    usage = "Usage:\n\n```python\nf(1)\n```\n\n" * 3
    chat = f"{usage}This is the change:\n\n```python\ndef f(a):\n    return 2\n```\n"
    original = "def f(a):\n    return 1\n" + "\n" * 98
    run = AnswerRun(Document(original, "python"), "python", "a.py", chat, Work(900))
    run.apply_all(parse(chat).edits)
    assert [note.code for note in run.notes] == ["set_aside"] * 2 + ["too_many_changes"] * 2
