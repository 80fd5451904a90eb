"""A model that got stuck writes the same lines again and again.

Must not know: why; only equal neighbours are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts
from applyweb.core.support.rows import is_telling, key_of

_LONGEST = 30  # lines of a block that may repeat
_TIMES = 4
_LONG_LINE = 2_000  # characters; only such lines are searched for repeats inside
_LONGEST_WORD = 60


def loop(facts: Facts) -> Check:
    """A block that stands at least four times in a row in what was added, more often than the original or
    the answer repeat it."""
    for block in facts.blocks:
        added = facts.new_keys[block.new_start : block.new_end]
        found = _repeat(added)
        if found is None:
            continue
        at, size, times = found
        unit = added[at : at + size]
        telling = max(unit, key=len)
        if facts.asked[telling] * 2 > times or _times(unit, facts.old_keys) * 2 > times:
            continue
        first = block.new_start + at + 1
        message = f"From line {first} on the same {_lines(size)} repeated {times} times."
        return Check("loop", "failed", message, first)
    for number, line in facts.added():
        if len(line) > _LONG_LINE and _repeats_inside(line) and not facts.asked[key_of(line)]:
            return Check("loop", "failed", f"Line {number} repeats the same few characters to its end.", number)
    return passed("loop", "Nothing repeats without end.")


def _repeat(keys: Sequence[str]) -> tuple[int, int, int] | None:
    """The first block, of the smallest size, that repeats often enough: (start, size, times). Blocks of
    brackets and blank lines do not count."""
    for size in range(1, min(_LONGEST, len(keys) // _TIMES) + 1):
        run = 0
        for at in range(size, len(keys) + 1):
            if at < len(keys) and keys[at] == keys[at - size]:
                run += 1
                continue
            times = run // size + 1
            start = at - run - size
            if times >= _TIMES and any(is_telling(key) for key in keys[start : start + size]):
                return start, size, times
            run = 0
    return None


def _times(unit: Sequence[str], keys: Sequence[str]) -> int:
    """How often in a row `unit` stands in `keys` at most."""
    best = 0
    for at, key in enumerate(keys):
        if key != unit[0] or (at >= len(unit) and keys[at - len(unit) : at] == unit):
            continue
        times = 0
        while keys[at + times * len(unit) : at + (times + 1) * len(unit)] == unit:
            times += 1
        best = max(best, times)
    return best


def _repeats_inside(line: str) -> bool:
    tail = line.strip()[-_LONG_LINE:]
    return any(tail[size:] == tail[:-size] for size in range(1, _LONGEST_WORD)) and len(set(tail)) > 1


def _lines(size: int) -> str:
    return "line is" if size == 1 else f"{size} lines are"
