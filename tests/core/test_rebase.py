"""Rebasing changes onto another original: none is lost, none conflicts falsely, and rejecting all gives that
original."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from applyweb.core.decisions import layout_of, resolve
from applyweb.core.diff import Hunk, hunks
from applyweb.core.parts import Part, Parts, decide_lines, names
from applyweb.core.rebase import Rebased, rebase
from applyweb.core.text import split_lines
from tests.core.counting import calls
from tests.core.texts import text_pairs, texts


@st.composite
def bases(draw: st.DrawFn) -> tuple[str, str, str]:
    """An original, a merged text of it, and what became of the original meanwhile."""
    original, merged = draw(text_pairs())
    if draw(st.integers(0, 5)) == 0:
        return original, merged, draw(texts())
    new = []
    theirs = [*split_lines(merged), "new\n", "\r\n", "\n", "other"]
    for line in split_lines(original):
        action = draw(st.sampled_from(["keep", "keep", "keep", "drop", "replace", "insert", "end"]))
        if action in ("replace", "insert"):
            new += draw(st.lists(st.sampled_from(theirs), min_size=1, max_size=2))
        if action in ("keep", "insert"):
            new.append(line)
        if action == "end":
            new.append(line.rstrip("\r\n") + draw(st.sampled_from(["\n", "\r\n", "\r", ""])))
    return original, merged, draw(st.sampled_from(["", "", "\ufeff"])) + "".join(new)


@st.composite
def layouts(draw: st.DrawFn, original: str, merged: str) -> dict[str, Parts]:
    """Some of the hunks decided, some of them in parts, some with other lines in place of the proposed ones."""
    decided: dict[str, Parts] = {}
    verdicts = st.sampled_from(["accepted", "rejected", "pending"])
    for hunk in hunks(original, merged):
        removed, added = hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start
        parts: Parts = (Part(removed, added, draw(verdicts)),)
        if draw(st.booleans()) and removed and added:
            rows = draw(st.integers(0, removed)), draw(st.integers(0, added))
            if any(rows):
                parts = decide_lines(parts, range(rows[0]), range(rows[1]), draw(verdicts))
        if draw(st.integers(0, 3)) == 0:
            last = parts[-1]
            own = Part(last.removed, last.added, "accepted", "", draw(st.sampled_from(["", "own\n", "x\r\ny"])))
            parts = (*parts[:-1], own)
        decided[hunk.id] = parts
    return layout_of(hunks(original, merged), decided)


def rebased(original: str, merged: str, new: str, *known: dict[str, Parts]) -> Rebased:
    return rebase(original, merged, hunks(original, merged), new, known)


def all_as(found: Rebased, verdict: str) -> dict[str, Parts]:
    return {
        hunk.id: (Part(hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start, verdict),) for hunk in found.hunks
    }


def lines(*words: str) -> str:
    return "".join(f"{word}\n" for word in words)


@given(bases())
def test_rejecting_all_is_the_new_original_and_accepting_all_the_merged_text(three: tuple[str, str, str]) -> None:
    original, merged, new = three
    found = rebased(original, merged, new)
    assert resolve(new, found.merged, found.hunks, all_as(found, "rejected")).text == new
    assert resolve(new, found.merged, found.hunks, all_as(found, "accepted")).text == found.merged


@example(("\n\n}\n", "\n\n\n}\n", "\ufeff"))
@example(("\n\r\n\n\n\n}\n", "\n\r\r\n\n\n\n}\n", "\ufeff\n\r\n\n\n}\n"))
@example(("\r\r\n\r\n\r\n}", "new\n\r\n\r\n\n}", "\r\r\nnew\n}"))
@given(bases())
def test_hunks_are_in_order_and_what_is_between_them_is_the_new_original(three: tuple[str, str, str]) -> None:
    original, merged, new = three
    found = rebased(original, merged, new)
    old_lines, new_lines = split_lines(new), split_lines(found.merged)
    at_old = at_new = 0
    for hunk in found.hunks:
        assert old_lines[at_old : hunk.old_start] == new_lines[at_new : hunk.new_start]
        assert old_lines[hunk.old_start : hunk.old_end] != new_lines[hunk.new_start : hunk.new_end]
        at_old, at_new = hunk.old_end, hunk.new_end
    assert old_lines[at_old:] == new_lines[at_new:]


@given(bases())
def test_no_hunk_disappears_and_none_comes_from_nowhere(three: tuple[str, str, str]) -> None:
    original, merged, new = three
    found = rebased(original, merged, new)
    known = {hunk.id for hunk in found.hunks}
    assert [fate.hunk for fate in found.fates] == [hunk.id for hunk in hunks(original, merged)]
    assert {name for fate in found.fates for name in fate.to} == known
    assert all(bool(fate.to) == (fate.state != "already") for fate in found.fates)
    assert {name for fate in found.fates if fate.state == "conflict" for name in fate.to} >= found.conflicts.keys()


@given(bases(), st.data())
def test_every_hunk_keeps_its_lines_in_parts_and_conflicts_are_pending(
    three: tuple[str, str, str], data: st.DataObject
) -> None:
    original, merged, new = three
    known = data.draw(st.lists(layouts(original, merged), min_size=1, max_size=2))
    found = rebased(original, merged, new, *known)
    assert len(found.layouts) == len(known) == len(found.had)
    for layout, had in zip(found.layouts, found.had, strict=True):
        assert layout_of(found.hunks, layout) == layout
        assert had.keys() == found.conflicts.keys()
        assert all(part.verdict == "pending" for name in had for part in layout[name])
        resolve(new, found.merged, found.hunks, layout)


@given(text_pairs(), st.data())
def test_the_same_original_gives_the_same_review(pair: tuple[str, str], data: st.DataObject) -> None:
    original, merged = pair
    layout = data.draw(layouts(original, merged))
    found = rebased(original, merged, original, layout)
    assert (found.merged, found.hunks) == (merged, hunks(original, merged))
    assert {fate.state for fate in found.fates} <= {"unchanged"}
    assert names_and_verdicts(found.layouts[0]) == names_and_verdicts(layout)
    assert resolve(original, merged, found.hunks, found.layouts[0]).text.splitlines() == (
        resolve(original, merged, found.hunks, layout).text.splitlines()
    )


def names_and_verdicts(layout: dict[str, Parts]) -> list[tuple[str, str]]:
    return [
        (name, part.verdict)
        for key, parts in layout.items()
        for name, part in zip(names(key, parts), parts, strict=True)
    ]


@example(("\n\n}\n", "\n\n\n}\n", "\ufeff"))
@given(bases())
def test_lines_are_found_again_with_their_content(three: tuple[str, str, str]) -> None:
    original, merged, new = three
    found = rebased(original, merged, new)
    for before, after, places in (
        (original, new, found.old_lines),
        (merged, found.merged, found.new_lines),
    ):
        old, fresh = contents(before), contents(after)
        assert len(places) == len(old)
        told = [(old[at], fresh[place]) for at, place in enumerate(places) if place is not None]
        assert all(one == other for one, other in told)


def contents(text: str) -> list[str]:
    """Lines without their ends; a byte-order mark counts as nothing, wherever it ended up."""
    return [line.rstrip("\r\n").lstrip("\ufeff") for line in split_lines(text)]


BASE = lines(*(f"line {number} of the file" for number in range(12)))


def changed(text: str, **words: str) -> str:
    """The text with other words on some lines: `l3="x"` for line 3, from 0; "" takes it away, "+x" adds them above."""
    result = text.split("\n")[:-1]
    for name, new in sorted(words.items(), key=lambda each: -int(each[0][1:])):
        at = int(name[1:])
        result[at : at + (not new.startswith("+"))] = [new.removeprefix("+")] if new else []
    return lines(*result)


def told(found: Rebased) -> list[str]:
    return [fate.state for fate in found.fates]


def test_changes_of_both_sides_at_different_lines_are_both_there() -> None:
    merged, new = changed(BASE, l2="TWO", l9="+added"), changed(BASE, l5="FIVE", l7="", l11="+last")
    found = rebased(BASE, merged, new)
    assert found.merged == changed(BASE, l2="TWO", l9="+added", l5="FIVE", l7="", l11="+last")
    assert told(found) == ["unchanged", "moved"]
    assert [hunk.id for hunk in found.hunks] == [hunk.id for hunk in hunks(BASE, merged)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"l4": "ours"}, {"l5": "theirs"}),
        ({"l5": "ours"}, {"l4": "theirs"}),
        ({"l4": "+ours"}, {"l4": "theirs"}),
        ({"l5": "+ours"}, {"l4": "theirs"}),
        ({"l4": "ours"}, {"l4": "+theirs"}),
        ({"l4": "ours"}, {"l5": "+theirs"}),
        ({"l4": ""}, {"l5": "theirs"}),
        ({"l4": ""}, {"l4": "+theirs"}),
    ],
)
def test_changes_that_only_touch_do_not_conflict(ours: dict[str, str], theirs: dict[str, str]) -> None:
    merged, new = changed(BASE, **ours), changed(BASE, **theirs)
    found = rebased(BASE, merged, new)
    assert found.conflicts == {}
    wanted = split_lines(merged) + split_lines(new)
    gone = [line for line in split_lines(BASE) if wanted.count(line) < 2]
    kept = [line for line in split_lines(found.merged) if line in BASE]
    assert kept == [line for line in split_lines(BASE) if line not in gone]
    assert {line for line in wanted if line not in BASE} == {
        line for line in split_lines(found.merged) if line not in BASE
    }


def test_the_same_change_is_there_already_also_where_another_place_tells_it_as_well() -> None:
    merged = changed(BASE, l2="TWO", l9="NINE")
    assert told(rebased(BASE, merged, changed(BASE, l2="TWO"))) == ["already", "unchanged"]
    twice = lines("a", "x", "x", "x", "b", "c")
    found = rebase(
        twice, lines("a", "x", "x", "x", "x", "b", "c"), (Hunk("k", 1, 1, 1, 2),), lines("a", *"xxxx", "b", "C")
    )
    assert (told(found), found.merged) == (["already"], lines("a", *"xxxx", "b", "C"))


def test_lines_that_both_sides_changed_conflict_and_only_these() -> None:
    merged = changed(BASE, l4="ours of 4", l5="ours of 5", l6="ours of 6")
    new = changed(BASE, l5="line 5 of the file, theirs", l0="top")
    found = rebased(BASE, merged, new)
    assert told(found) == ["conflict"]
    (name,) = found.conflicts
    conflict = found.conflicts[name]
    assert (conflict.old, conflict.new, conflict.proposed) == ((4, 7), (4, 7), (4, 7))
    assert found.merged == changed(merged, l0="top")


def test_a_file_that_was_formatted_meanwhile_conflicts_where_it_is_changed_alone() -> None:
    long = lines(*(f"line {number} of it" for number in range(200)))
    merged = long.replace("line 50 of it", "ours of 50").replace("line 150 of it\n", "")
    new = "".join(f"    {line}" for line in split_lines(long)).replace("    line 20 of it\n", "")
    found = rebased(long, merged, new)
    assert [(conflict.old, conflict.new) for conflict in found.conflicts.values()] == [
        ((50, 51), (49, 50)),
        ((150, 151), (149, 150)),
    ]
    assert found.merged == new.replace("    line 50 of it", "ours of 50").replace("    line 150 of it\n", "")


def test_both_added_at_one_place_keeps_what_the_new_original_has() -> None:
    found = rebased(BASE, changed(BASE, l5="+ours"), changed(BASE, l5="+theirs"))
    assert [conflict.both_added for conflict in found.conflicts.values()] == [True]
    assert found.merged == changed(BASE, l5="+theirs\nours")


def test_a_deletion_that_went_further_has_the_smaller_one_already() -> None:
    assert told(rebased(BASE, changed(BASE, l5=""), changed(BASE, l4="", l5="", l6=""))) == ["already"]


def test_parts_keep_their_decisions_where_only_others_conflict() -> None:
    merged = changed(BASE, l4="ours of 4", l5="ours of 5", l6="ours of 6")
    (hunk,) = hunks(BASE, merged)
    parts = decide_lines((Part(3, 3, "rejected"),), range(0, 1), range(0, 1), "accepted")
    parts = decide_lines(parts, range(1, 2), range(1, 2), "accepted", "needed")
    found = rebased(BASE, merged, changed(BASE, l5="line 5 of the file, theirs"), {hunk.id: parts})
    assert told(found) == ["conflict"]
    assert [[part.verdict for part in parts] for parts in found.layouts[0].values()] == [
        ["accepted"],
        ["pending"],
        ["rejected"],
    ]
    assert list(found.had[0].values()) == ["accepted"]
    cut = decide_lines((Part(3, 3, "pending"),), range(0, 1), range(0, 1), "accepted")
    found = rebased(BASE, merged, changed(BASE, l5="line 5 of the file, theirs"), {hunk.id: cut})
    verdicts = [parts[0].verdict for parts in found.layouts[0].values()]
    assert (verdicts, list(found.had[0].values())) == (["accepted", "pending"], ["pending"])


def test_own_lines_go_along_with_the_line_ends_of_the_new_original() -> None:
    merged = changed(BASE, l4="ours")
    (hunk,) = hunks(BASE, merged)
    own = {hunk.id: (Part(1, 1, "accepted", "", "mine\n"),)}
    new = changed(BASE, l0="top").replace("\n", "\r\n")
    found = rebased(BASE, merged, new, own)
    assert resolve(new, found.merged, found.hunks, found.layouts[0]).text == changed(BASE, l0="top", l4="mine").replace(
        "\n", "\r\n"
    )
    assert told(rebased(BASE, merged, changed(BASE, l4="mine"), own)) == ["already"]
    found = rebased(BASE, merged, changed(BASE, l4="theirs"), own)
    assert (told(found), list(found.had[0].values())) == (["conflict"], ["written"])


def test_line_ends_mark_and_end_of_file_are_those_of_the_new_original() -> None:
    merged = changed(BASE, l0="top", l11="end")
    new = "\ufeff" + changed(BASE, l5="FIVE").replace("\n", "\r\n").rstrip()
    found = rebased(BASE, merged, new)
    assert found.merged == "\ufeff" + changed(merged, l5="FIVE").replace("\n", "\r\n").rstrip()
    assert told(found) == ["unchanged", "unchanged"]
    found = rebased(new, found.merged, BASE)
    assert found.merged == changed(BASE, l0="top", l11="end", l5="line 5 of the file")


def test_lines_behind_a_last_line_without_an_end_take_it_in() -> None:
    new = BASE.rstrip()
    found = rebased(BASE, BASE + "added\n", new)
    assert found.merged == BASE + "added"
    assert (found.hunks[0].old_start, found.hunks[0].old_end) == (11, 12)


@given(st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)), st.randoms(use_true_random=False))
def test_it_agrees_with_git_wherever_git_merges(ours: set[int], theirs: set[int], random: Random) -> None:
    kinds = ["other words here", "", "+added before"]
    merged = changed(BASE, **{f"l{at}": spread(random.choice(kinds), f"ours {at}") for at in ours})
    new = changed(BASE, **{f"l{at}": spread(random.choice(kinds), f"theirs {at}") for at in theirs})
    found = rebased(BASE, merged, new)
    with TemporaryDirectory() as folder:
        names = [Path(folder, name) for name in ("new", "base", "merged")]
        for name, text in zip(names, (new, BASE, merged), strict=True):
            name.write_text(text)
        git = subprocess.run(["git", "merge-file", "-p", "-q", *map(str, names)], capture_output=True, text=True)
    if git.returncode == 0:
        assert (found.conflicts, found.merged) == ({}, git.stdout)


def spread(words: str, more: str) -> str:
    return f"{words} {more}" if words else ""


@pytest.mark.parametrize("kind", ["far apart", "all meet", "equal lines", "one block"])
def test_twice_as_long_texts_take_twice_the_work(kind: str) -> None:
    def work(size: int) -> int:
        texts = sample(kind, size)
        return calls(lambda: rebased(*texts))

    assert work(800) < 2.6 * work(400)


def sample(kind: str, size: int) -> tuple[str, str, str]:
    base = [("x" if kind == "equal lines" else f"line {number} of it") for number in range(size)]
    ours, theirs = list(base), list(base)
    for at in range(0, size, 8):
        ours[at] = f"ours {at}"
        theirs[at + (0 if kind == "all meet" else 4)] = f"theirs {at}"
    if kind == "one block":
        theirs = [f"{line}, again" for line in base]
    return lines(*base), lines(*ours), lines(*theirs)
