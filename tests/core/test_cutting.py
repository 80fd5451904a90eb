"""Answers cut from a change: determined by what they show, and each readable by its own format."""

from __future__ import annotations

import pytest

from applyweb.core.chat import parse
from applyweb.core.cutting import STYLES, Change, Cut, cut, drawn, sayings
from applyweb.core.cutting.mentions import bystanders
from applyweb.core.cutting.styles import BASE

OLD = '''\
"""Gardens and what grows there."""

import time
from pathlib import Path


class Garden:
    def __init__(self, beds, water):
        self.beds = beds
        self.water = water
        self.log = []
        self.seeds = {}

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


def _made(style: str, old: str = OLD, new: str = NEW, seed: int = 3, path: str = "garden.py") -> Cut | None:
    return cut(Change(old, new, path), style, drawn(seed))


def _cut(style: str, old: str = OLD, new: str = NEW, seed: int = 3) -> str | None:
    made = _made(style, old, new, seed)
    return made.chat if made else None


WITHIN = OLD.replace("            raise KeyError(bed)", "            raise NoSuchBed(bed)").replace(
    "        self.measure_soil(bed)\n", "        self.measure_soil(bed, litres)\n"
)
LATE = OLD.replace("        return self.water\n", "        return round(self.water, 1)\n")


@pytest.mark.parametrize("style", sorted(set(BASE) - {"full"}))
def test_a_plain_style_shows_the_whole_change(style: str) -> None:
    new = {"fences": WITHIN, "function-elided": LATE}.get(style, NEW)
    made = _made(style, OLD, new)
    assert made is not None
    assert made.expected == new
    assert all(line.strip() in made.chat for line in new.split("\n") if line not in OLD)
    answer = parse(made.chat)
    assert answer.edits
    formats = {"lazy": "code", "function": "code", "multi": "code", "full": "code"}
    assert {edit.format for edit in answer.edits} == {formats.get(made.format, made.format)}


@pytest.mark.parametrize("style", sorted(name for name in STYLES if name.startswith(("names-", "beside-", "named-"))))
def test_what_stands_around_a_plain_answer_changes_nothing_of_what_is_wanted(style: str) -> None:
    made = [_made(style, seed=seed) for seed in range(6)]
    assert all(each is not None and each.expected == NEW and each.base in BASE for each in made)
    assert len({each.chat for each in made if each}) > 1
    for each in made:
        assert each is not None
        assert all(line.strip() in each.chat for line in NEW.split("\n") if line not in OLD)


def test_only_what_the_change_leaves_alone_is_named_by_the_way() -> None:
    assert [each.name for each in bystanders(Change(OLD, NEW, "garden.py"))] == [
        "Garden.__init__",
        "Garden.harvest",
        "load",
    ]


def test_wordings_can_be_halved() -> None:
    def said(wordings: str) -> set[str]:
        draws = [drawn(seed, wordings) for seed in range(200)]  # type: ignore[arg-type]
        return {draw.words(sayings.QUESTION) for draw in draws}

    assert said("even") | said("odd") == said("all") == set(sayings.QUESTION)
    assert not said("even") & said("odd")


def test_an_example_is_no_part_of_the_wanted_file() -> None:
    made = _made("beside-usage")
    assert made is not None
    assert "print(found)" in made.chat
    assert "print(found)" not in made.expected


MEMBER = OLD.replace(
    "        return found\n\n\ndef load",
    "        return found\n\n    def rest(self):\n        self.log.clear()\n\n\ndef load",
)
CSS = ".bed {\n  width: 4rem;\n  height: 2rem;\n}\n\n.seed {\n  color: brown;\n}\n"
SETTINGS = 'BEDS = [\n    "north",\n    "south",\n]\n\nSEEDS = {\n    "peas": 3,\n    "beans": 4\n}\n'


@pytest.mark.parametrize(
    ("path", "old", "new", "shown"),
    [
        ("garden.py", OLD, MEMBER, "class Garden:\n    def rest(self):\n        self.log.clear()\n```"),
        (
            "bed.css",
            CSS,
            CSS.replace("  height: 2rem;\n", "  height: 2rem;\n  margin: 0;\n"),
            ".bed {\n  margin: 0;\n}",
        ),
        ("beds.py", SETTINGS, SETTINGS.replace('th",\n]', 'th",\n    "west",\n]'), 'BEDS = [\n    "west",\n]'),
        ("beds.py", SETTINGS, SETTINGS.replace(": 4\n", ': 4,\n    "leek": 5\n'), 'SEEDS = {\n    "leek": 5\n}'),
    ],
)
def test_an_addition_is_shown_in_its_block_without_what_stays(path: str, old: str, new: str, shown: str) -> None:
    made = [_made("adds-block", old, new, seed, path) for seed in range(8)]
    assert all(each is not None and each.expected == new for each in made)
    assert any(each is not None and shown in each.chat.replace("{\n\n", "{\n").replace(":\n\n", ":\n") for each in made)
    alone = _made("adds-members", old, new, 1, path)
    assert alone is not None
    assert shown.split("\n")[0] not in alone.chat.split("```")[1]


def test_an_addition_in_the_middle_says_after_what_it_comes() -> None:
    new = SETTINGS.replace('    "south",\n', '    "east",\n    "south",\n').replace('"north"', '"the north"')
    old = SETTINGS.replace('"north"', '"the north"')
    made = _made("adds-block", old, new, path="beds.py")
    assert made is not None
    assert '`"the north"`' in made.chat


def test_statements_are_no_additions_to_a_block() -> None:
    new = OLD.replace(
        "        self.beds[bed].append(seed)\n", "        self.beds[bed].append(seed)\n        self.count(seed)\n"
    )
    assert _cut("adds-block", OLD, new) is None
    assert _cut("adds-members", OLD, new) is None


HARVEST = "    def harvest(self, bed):\n        found, self.beds[bed] = self.beds[bed], []\n        return found\n"
GONE = OLD.replace(HARVEST + "\n\n", "\n")


@pytest.mark.parametrize(
    ("style", "new", "said", "absent"),
    [
        ("asked-import", NEW.replace("import time\n", ""), "`time`", "import time"),
        (
            "asked-gone",
            GONE.replace("KeyError(bed)", "NoSuchBed(bed)"),
            "harvest`",
            "def harvest",
        ),
        ("asked-line", NEW.replace("self.wait_until_dry(bed)", "self.wait_until_dry()"), "`self.wait_until_dry()`", ""),
    ],
)
def test_prose_asks_for_what_the_code_does_not_show(style: str, new: str, said: str, absent: str) -> None:
    made = next(each for seed in range(30) if (each := _made(style, OLD, new, seed)) is not None and said in each.chat)
    assert made.expected == new
    assert not absent or absent not in made.chat


def test_a_new_name_is_asked_for_everywhere() -> None:
    new = OLD.replace("self.log", "self.diary")
    made = _made("asked-name", OLD, new)
    assert made is not None
    assert "`log`" in made.chat
    assert "`diary`" in made.chat
    assert "self.log" not in made.chat


IMPORTED = NEW.replace("from pathlib import Path\n", "from pathlib import Path\nfrom soil import NoSuchBed\n")


@pytest.mark.parametrize("style", ["imports-apart", "imports-above"])
def test_new_imports_stand_apart_from_the_functions(style: str) -> None:
    for seed in range(6):
        made = _made(style, OLD, IMPORTED, seed)
        assert made is not None
        assert made.expected == IMPORTED
        assert "from soil import NoSuchBed" in made.chat
        assert "import time" not in made.chat


def test_a_file_can_be_shown_from_its_first_import_on() -> None:
    made = _made("imports-first")
    assert made is not None
    assert "Gardens and what grows there" not in made.chat
    assert made.expected == NEW


def test_a_line_that_goes_right_above_a_function_is_not_inside_of_it() -> None:
    old = OLD.replace("def load(path):", "PLACE = 'here'\n\n\ndef load(path):")
    new = OLD.replace("int(Path(path).read_text())", "float(Path(path).read_text())")
    assert _cut("function-each", old, new) is None
    assert _cut("lazy-2", old, new) is not None


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
