"""Answers cut from a change: determined by what they show, and each readable by its own format."""

from __future__ import annotations

from random import Random

import pytest

from applyweb.core.chat import parse
from applyweb.core.cutting import STYLES, Change, cut

OLD = '''\
"""Gardens and what grows there."""

import time
from pathlib import Path


class Garden:
    def __init__(self, beds, water):
        self.beds = beds
        self.water = water
        self.log = []

    def plant(self, seed, bed):
        if bed not in self.beds:
            raise KeyError(bed)
        self.log.append((time.time(), "plant", seed))
        self.beds[bed].append(seed)
        return seed

    def sprinkle(self, bed, litres):
        if litres > self.water:
            raise ValueError("not enough water")
        self.water -= litres
        self.log.append((time.time(), "water", bed))
        self.notify_neighbours(bed)
        self.count_drops(litres)
        self.wait_until_dry(bed)
        self.measure_soil(bed)
        self.write_report(bed, litres)
        self.check_every_leaf(bed)
        self.turn_off_the_tap()
        return self.water

    def harvest(self, bed):
        found, self.beds[bed] = self.beds[bed], []
        return found


def load(path):
    return Garden({}, int(Path(path).read_text()))
'''
NEW = OLD.replace("            raise KeyError(bed)", "            raise NoSuchBed(bed)").replace(
    "        return self.water\n", "        return round(self.water, 1)\n"
)


def _cut(style: str, old: str = OLD, new: str = NEW, seed: int = 3) -> str | None:
    return cut(Change(old, new, "garden.py"), style, Random(seed))


WITHIN = OLD.replace("            raise KeyError(bed)", "            raise NoSuchBed(bed)").replace(
    "        self.measure_soil(bed)\n", "        self.measure_soil(bed, litres)\n"
)
LATE = OLD.replace("        return self.water\n", "        return round(self.water, 1)\n")


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"full"}))
def test_a_style_shows_the_whole_change(style: str) -> None:
    new = {"fences": WITHIN, "function-elided": LATE}.get(style, NEW)
    chat = _cut(style, OLD, new)
    assert chat is not None
    assert all(line.strip() in chat for line in new.split("\n") if line not in OLD)
    answer = parse(chat)
    assert answer.edits
    formats = {"lazy": "code", "function": "code", "multi": "code", "full": "code"}
    assert {edit.format for edit in answer.edits} == {formats.get(STYLES[style][0], STYLES[style][0])}


def test_the_same_seed_gives_the_same_answer() -> None:
    assert _cut("lazy-2") == _cut("lazy-2")
    assert len({_cut("lazy-2", seed=seed) for seed in range(8)}) > 1


def test_a_full_answer_is_the_new_file() -> None:
    chat = _cut("full")
    assert chat is not None
    assert NEW in chat


def test_every_piece_of_a_view_shows_a_line_that_stands_only_there() -> None:
    change = Change(OLD, NEW, "garden.py")
    for context in (1, 2, 3):
        for window in change.windows(context):
            shown = [line for line in change.new[window.start : window.end] if line in change.old]
            assert any(change.is_telling(line) for line in shown)


def test_lines_that_go_at_the_end_of_a_file_cannot_be_shown_by_lines_below() -> None:
    shorter = NEW.rsplit("\n\n\n", 1)[0] + "\n"
    assert _cut("lazy-2", OLD, shorter) is None
    assert _cut("full", OLD, shorter) is not None


def test_a_function_of_a_name_that_two_classes_have_is_not_shown_alone() -> None:
    twice = OLD + "\n\nclass Pot:\n    def plant(self, seed, bed):\n        return bed\n"
    new = twice.replace("raise KeyError(bed)", "raise NoSuchBed(bed)")
    assert _cut("function-each", twice, new) is None
    assert _cut("lazy-2", twice, new) is not None


def test_nothing_to_cut_where_nothing_changed() -> None:
    assert _cut("lazy-2", OLD, OLD) is None
