"""Which lines a merge says it is unsure of: few, whole definitions, and all that is in doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from applyweb.core.merge import Merge, MergeRefused, Region, merge
from applyweb.core.text import split_lines
from tests.core.test_merge_cases import CASES, read_case

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
FUNCTION = """\
def {name}(order, rate):
    total = order.{name}_total * rate
    if total > {limit}:
        log("{name}", total)
    return round(total, {limit})


"""
ORIGINAL = "import math\n\n\n" + "".join(FUNCTION.format(name=name, limit=at) for at, name in enumerate(NAMES, 1))
CERTAIN = f"```python\n{FUNCTION.format(name='alpha', limit=1).replace('round', 'math.floor').strip()}\n```\n"
GUESSED = """\
```python
def delta(order, rate):
    # ... existing code ...
    audit(order, rate)
    # ... existing code ...
    return round(total, 4)
```
"""
NOWHERE = """\
In the last step the limit goes up.

```
<<<<<<< SEARCH
    if zeta_total >= 6:
        log('zeta', zeta_total)
    return round(zeta_total)
=======
    if total > 60:
        log("zeta", total)
    return round(total, 60)
>>>>>>> REPLACE
```
"""


def unsure(chat: str, original: str = ORIGINAL) -> Merge:
    found = merge(original, chat, path="shop.py")
    assert found.confidence == "unsure"
    return found


def lines(region: Region, original: str = ORIGINAL) -> str:
    return "".join(split_lines(original)[region.old_start : region.old_end])


def test_a_certain_merge_has_no_regions() -> None:
    found = merge(ORIGINAL, CERTAIN, path="shop.py")
    assert (found.confidence, found.regions) == ("certain", ())


def test_a_region_is_the_definition_that_is_in_doubt_with_its_own_edit() -> None:
    found = unsure(CERTAIN + GUESSED)
    (region,) = found.regions
    assert lines(region) == FUNCTION.format(name="delta", limit=4).rstrip("\n") + "\n"
    assert "audit(order, rate)" in region.chat
    assert "floor" not in region.chat  # the edit of which the merge is sure
    made = split_lines(found.text)[region.new_start : region.new_end]
    assert "    audit(order, rate)\n" in made
    assert len(made) == region.old_end - region.old_start + 1


def test_an_edit_without_a_place_is_looked_for_by_what_its_lines_are_like() -> None:
    (region,) = unsure(CERTAIN + NOWHERE).regions
    assert lines(region).startswith("def zeta(")
    assert region.chat.index("zeta_total >= 6") < region.chat.index("total > 60")
    assert "the limit goes up" in region.chat
    assert region.chat_line == CERTAIN.count("\n") + 4


def test_two_doubts_are_two_regions_in_the_order_of_the_file() -> None:
    first, second = unsure(NOWHERE + GUESSED + CERTAIN).regions
    assert lines(first).startswith("def delta(")
    assert lines(second).startswith("def zeta(")


def test_where_nothing_tells_the_place_the_whole_file_is_in_question() -> None:
    lost = NOWHERE.replace("if zeta_total >= 6:", "while other(things):").replace("log('zeta', zeta_total)", "pass")
    lost = lost.replace("    return round(zeta_total)\n", "    yield from nothing_of_this_file()\n")
    assert unsure(CERTAIN + lost).regions == ()


def test_most_of_a_small_file_is_the_whole_file() -> None:
    small = FUNCTION.format(name="delta", limit=4)
    assert unsure(GUESSED, small).regions == ()


def test_of_a_long_definition_only_what_is_around_the_change() -> None:
    body = "".join(f"    step_{at}(order, rate)\n" for at in range(400))
    original = ORIGINAL.replace("    if total > 6:\n", f"{body}    if total > 6:\n")
    (region,) = unsure(CERTAIN + NOWHERE, original).regions
    assert region.old_end - region.old_start < 60
    assert "step_399" in lines(region, original)
    assert "step_300" not in lines(region, original)


def test_line_ends_and_byte_order_mark_do_not_shift_the_rows() -> None:
    original = "\ufeff" + ORIGINAL.replace("\n", "\r\n")
    (region,) = unsure(CERTAIN + GUESSED, original).regions
    assert lines(region, original).startswith("def delta(")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_outside_of_the_regions_can_be_kept(path: Path) -> None:
    """Regions are in order, apart, and bordered by lines that stand on both sides, of a case as it is and in a larger
    file."""
    facts, texts = read_case(path)
    for original in (texts["original"], texts["original"] + "\n" * 3 + ORIGINAL):
        try:
            found = merge(original, texts["chat"], path=facts["path"])
        except MergeRefused:
            continue
        check_borders(original, found)


def check_borders(original: str, found: Merge) -> None:
    old, new = split_lines(original), split_lines(found.text)
    old_row = new_row = 0
    for region in found.regions:
        assert old_row <= region.old_start < region.old_end <= len(old)
        assert new_row <= region.new_start <= region.new_end <= len(new)
        if region.old_start:
            assert old[region.old_start - 1] == new[region.new_start - 1]
        else:
            assert region.new_start == 0
        if region.old_end < len(old):
            assert old[region.old_end].rstrip("\r\n") == new[region.new_end].rstrip("\r\n")
        else:
            assert region.new_end == len(new)
        assert region.chat
        old_row, new_row = region.old_end, region.new_end
