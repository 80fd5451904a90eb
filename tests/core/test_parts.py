"""Parts of hunks: no operation loses or doubles a line, and each does what it is called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.decisions import layout_of, resolve
from applyweb.core.diff import hunks, pair_lines
from applyweb.core.parts import (
    BadCut,
    Part,
    Parts,
    UnknownPart,
    cut,
    decide,
    decide_all,
    decide_lines,
    find,
    join,
    names,
    starts,
    verdict_of,
    write,
)
from applyweb.core.text import split_lines
from tests.core.texts import text_pairs

ORIGINAL = "head\na\nb\nc\nd\ne\nf\ntail\n"
MERGED = "top\na\nb\nB\nc\nD\ne\nf\ntail\nend\n"
WHOLE: Parts = (Part(2, 3),)


def sizes(parts: Parts) -> tuple[int, int]:
    return sum(part.removed for part in parts), sum(part.added for part in parts)


@st.composite
def hunk_parts(draw: st.DrawFn) -> Parts:
    counts = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any)
    found = []
    for removed, added in draw(st.lists(counts, min_size=1, max_size=5)):
        verdict = draw(st.sampled_from(["accepted", "rejected", "pending"]))
        text = draw(st.none() | st.just("own\n")) if verdict == "accepted" else None
        found.append(Part(removed, added, verdict, "", text, draw(st.booleans())))
    return tuple(found)


@given(hunk_parts(), st.data())
def test_a_cut_keeps_every_line_and_decision_and_a_join_takes_it_back(parts: Parts, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(parts) - 1))
    part, (removed, added) = parts[index], list(starts(parts))[index]
    at = (removed + data.draw(st.integers(0, part.removed)), added + data.draw(st.integers(0, part.added)))
    if at in ((removed, added), (removed + part.removed, added + part.added)):
        with pytest.raises(BadCut, match="already"):
            cut(parts, at)
    elif part.text is not None:
        with pytest.raises(BadCut, match="written anew"):
            cut(parts, at)
    else:
        after = cut(parts, at)
        assert sizes(after) == sizes(parts)
        assert len(after) == len(parts) + 1
        assert [each.verdict for each in after[index : index + 2]] == [part.verdict] * 2
        assert join({"h": after}, f"h.{at[0]}-{at[1]}", joined=True) == {"h": parts}


def test_a_cut_outside_of_the_hunk_is_refused() -> None:
    with pytest.raises(BadCut, match="no such place"):
        cut(WHOLE, (3, 0))
    with pytest.raises(BadCut, match="no such place"):
        cut((Part(2, 0), Part(0, 3)), (1, 1))


def test_lines_get_a_verdict_of_their_own_and_the_rest_keeps_its() -> None:
    parts = decide_lines(WHOLE, range(1, 2), range(1, 2), "accepted", "good")
    assert parts == (Part(1, 1), Part(1, 1, "accepted", "good"), Part(0, 1))
    assert names("h", parts) == ("h.0-0", "h.1-1", "h.2-2")
    assert decide_lines(parts, range(2, 2), range(2, 3), "accepted", "good") == (
        Part(1, 1),
        Part(1, 2, "accepted", "good"),
    )
    assert decide_lines(parts, range(1, 2), range(1, 2), "pending") == WHOLE


def test_a_line_decided_beside_parts_cut_by_hand_leaves_these() -> None:
    parts = cut(cut(WHOLE, (1, 1)), (2, 2))
    assert decide_lines(parts, range(0, 1), range(0, 1), "rejected") == (Part(1, 1, "rejected"), *parts[1:])


@pytest.mark.parametrize(("removed", "added"), [((1, 1), (2, 2)), ((2, 1), (0, 1)), ((0, 1), (2, 1)), ((0, 3), (0, 1))])
def test_lines_that_are_none_are_refused(removed: tuple[int, int], added: tuple[int, int]) -> None:
    with pytest.raises(BadCut):
        decide_lines(WHOLE, range(*removed), range(*added), "accepted")


def test_joined_hunks_are_decided_together_and_let_go_again() -> None:
    layout = {"x": (Part(1, 1, "accepted", "fine"),), "y": (Part(1, 0),), "z": (Part(0, 1), Part(1, 1))}
    layout |= join(layout, "y", joined=True)
    assert layout["y"] == (Part(1, 0, "accepted", "fine", joined=True),)
    layout |= join(layout, "z.0-0", joined=True)
    changed = decide(layout, "x", "rejected")
    assert [verdict_of(changed[name][:1]) for name in "xyz"] == ["rejected"] * 3
    assert changed["z"][1] == layout["z"][1]
    assert decide(layout, "z.0-0", "rejected") == changed
    assert decide(layout, "z.0-1", "rejected").keys() == {"z"}
    apart = layout | join(layout, "y", joined=False)
    assert decide(apart, "x", "rejected").keys() == {"x"}


def test_what_cannot_be_joined_or_let_go_is_refused() -> None:
    layout = {"x": WHOLE, "y": (Part(1, 1, "accepted", text="own\n"), Part(1, 1))}
    for name, joined, words in [
        ("x", True, "first hunk"),
        ("x", False, "not joined"),
        ("y.1-1", True, "written anew"),
    ]:
        with pytest.raises(BadCut, match=words):
            join(layout, name, joined=joined)
    layout |= join(layout, "y.0-0", joined=True)
    with pytest.raises(BadCut, match="already"):
        join(layout, "y.0-0", joined=True)


def test_a_written_text_stays_while_it_is_accepted_and_goes_with_a_rejection() -> None:
    layout = {"h": WHOLE} | write({"h": WHOLE}, "h", "own\n")
    assert layout["h"] == (replace(WHOLE[0], verdict="accepted", text="own\n"),)
    assert decide(layout, "h", "accepted", "mine")["h"][0].text == "own\n"
    assert decide(layout, "h", "rejected")["h"][0].text is None
    assert write(layout, "h", None) == {"h": (Part(2, 3, "accepted"),)}
    with pytest.raises(BadCut, match="several parts"):
        write({"h": cut(WHOLE, (1, 1))}, "h", "own\n")


@pytest.mark.parametrize("name", ["", "g", "h.0-0", "h.1-1", "h.", "h.x"])
def test_a_name_of_nothing_is_an_error_that_tells_it(name: str) -> None:
    with pytest.raises(UnknownPart, match="no hunk or part") as caught:
        find({"h": WHOLE}, name)
    assert caught.value.name == name


@given(text_pairs(), st.data())
def test_decided_rows_give_exactly_their_lines(pair: tuple[str, str], data: st.DataObject) -> None:
    """The reference walks the rows of the view: an accepted one gives its new line, another its old one."""
    original, merged = (text.replace("\r\n", "\n").replace("\r", "\n") for text in pair)
    old, new = split_lines(original), split_lines(merged)
    found = hunks(original, merged)
    layout = layout_of(found, {})
    reference: list[str] = []
    at = 0
    for hunk in found:
        reference += old[at : hunk.old_start]
        at = hunk.old_end
        removed, added = old[hunk.old_start : hunk.old_end], new[hunk.new_start : hunk.new_end]
        above = [0, 0]
        for i, j in pair_lines(removed, added):
            ranges = [range(above[0], above[0] + (i is not None)), range(above[1], above[1] + (j is not None))]
            accepted = data.draw(st.booleans())
            if accepted:
                layout[hunk.id] = decide_lines(layout[hunk.id], ranges[0], ranges[1], "accepted")
            side, lines = (j, added) if accepted else (i, removed)
            reference += [] if side is None else [lines[side]]
            above = [ranges[0].stop, ranges[1].stop]
    reference += old[at:]
    ended = [line if line.endswith("\n") else line + "\n" for line in reference[:-1]]
    assert resolve(original, merged, found, layout).text == "".join([*ended, *reference[-1:]])


def test_the_pieces_of_a_result_tell_where_each_part_stands() -> None:
    found = hunks(ORIGINAL, MERGED)
    layout = layout_of(found, {})
    for hunk in found:
        layout |= decide(layout, hunk.id, "accepted")
    layout |= write(layout, found[0].id, "one\ntwo\n")
    resolved = resolve(ORIGINAL, MERGED, found, layout)
    lines = split_lines(resolved.text)
    assert [lines[piece.start : piece.end] for piece in resolved.pieces] == [
        ["one\n", "two\n"],
        ["B\n"],
        ["D\n"],
        ["end\n"],
    ]


def test_what_is_held_holds_all_that_is_joined_to_it() -> None:
    held, joined, free = (Part(1, 1),), (Part(1, 0), Part(0, 1)), (Part(1, 1, "rejected"),)
    layout = {"a": held, "b": (replace(joined[0], joined=True), joined[1]), "c": free}

    decided = decide_all(layout, "accepted", rest=False, held={"a", "gone"})

    assert [[part.verdict for part in parts] for parts in decided.values()] == [
        ["pending"],
        ["pending", "accepted"],
        ["accepted"],
    ]
    assert decide_all(layout, "accepted", rest=True, held=())["c"] == free
