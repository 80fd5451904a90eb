"""Right outputs made wrong in the ways that models make them wrong, so that the judge of outputs can be measured.

Must not know: how outputs are judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from applyweb.core.diff import hunks
from applyweb.core.scoring import normalise
from applyweb.core.text import split_end, split_lines

_TRIES = 12
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_NUMBER = re.compile(r"\b\d+\b")
_MARKERS = (
    "# ... existing code ...",
    "// ... rest of the code ...",
    "# ... (unchanged)",
    "/* ... existing code ... */",
    "// ... keep the rest as is ...",
    "...",
)
_NEW_LINES = ("return None", "log.debug('here')", "count += 1", "# Note: keep this in step with the docs.", "value = 0")

Spoiler = Callable[[str, str, Random], str]


def spoil(original: str, expected: str, kind: str, random: Random) -> str | None:
    """`expected` with one fault of a kind of KINDS; None where it has no place for one."""
    for _ in range(_TRIES):
        try:
            made = KINDS[kind](original, expected, random)
        except IndexError:  # no line, or no hunk, to draw from
            return None
        if normalise(made) != normalise(expected) and normalise(made) != normalise(original):
            return made
    return None


def _solid(lines: list[str]) -> list[int]:
    return [row for row, line in enumerate(lines) if any(map(str.isalnum, line))]


def _extra(original: str, expected: str, random: Random) -> str:
    """One more edit: a word, a number, a line more, a line less, two lines exchanged."""
    lines = split_lines(expected)
    return _edited(lines, random.choice(_solid(lines)), random)


def _beside(original: str, expected: str, random: Random) -> str:
    """One more edit on a line of a wanted change, or on one that touches it: it reads as a part of that change."""
    lines = split_lines(expected)
    found = random.choice(hunks(original, expected))
    near = [row for row in _solid(lines) if found.new_start - 1 <= row <= found.new_end]
    return _edited(lines, random.choice(near), random)


def _edited(lines: list[str], row: int, random: Random) -> str:
    line = lines[row]
    how = random.choice(("word", "number", "more", "less", "exchange"))
    if how == "word" and (words := list(_WORD.finditer(line))):
        found = random.choice(words)
        lines[row] = f"{line[: found.start()]}{found[0]}_{random.choice('abxyz')}{line[found.end() :]}"
    elif how == "number" and (numbers := list(_NUMBER.finditer(line))):
        found = random.choice(numbers)
        lines[row] = f"{line[: found.start()]}{int(found[0]) + random.randint(1, 9)}{line[found.end() :]}"
    elif how == "less":
        del lines[row]
    elif how == "exchange" and row + 1 < len(lines) and lines[row + 1].strip():
        lines[row], lines[row + 1] = lines[row + 1], lines[row]
    else:
        indent = line[: len(line) - len(line.lstrip())]
        lines.insert(row, f"{indent}{random.choice(_NEW_LINES)}{split_end(line)[1] or chr(10)}")
    return "".join(lines)


def _dropped(original: str, expected: str, random: Random) -> str:
    """One of the wanted changes was not made."""
    old, new = split_lines(original), split_lines(expected)
    found = random.choice(hunks(original, expected))
    new[found.new_start : found.new_end] = old[found.old_start : found.old_end]
    return "".join(new)


def _leaked(original: str, expected: str, random: Random) -> str:
    """A marker stands in the file, for some lines or beside them."""
    lines = split_lines(expected)
    row = random.choice(_solid(lines))
    indent = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
    marker = f"{indent}{random.choice(_MARKERS)}\n"
    lines[row : row + random.choice((0, 1, 3, 8))] = [marker]
    return "".join(lines)


def _truncated(original: str, expected: str, random: Random) -> str:
    """The end is missing, from some line or from the middle of one."""
    lines = split_lines(expected)
    solid = _solid(lines)
    row = random.choice(solid[int(len(solid) * 0.4) : -1])
    cut = lines[row] if random.random() < 0.5 else lines[row][: max(1, len(lines[row]) // 2)]
    return "".join([*lines[:row], cut])


def _doubled(original: str, expected: str, random: Random) -> str:
    """A stretch of lines is written again and again."""
    lines = split_lines(expected)
    row = random.choice(_solid(lines))
    block = lines[row : row + random.randint(1, 6)]
    return "".join([*lines[:row], *block * random.randint(8, 20), *lines[row:]])


def _fenced(original: str, expected: str, random: Random) -> str:
    """The fence around the answer, or an end of it, is in the file."""
    first, last = random.choice((("```python\n", "```\n"), ("", "```\n"), ("```\n", "")))
    return f"{first}{expected if expected.endswith(chr(10)) else expected + chr(10)}{last}"


KINDS: dict[str, Spoiler] = {
    "extra": _extra,
    "beside": _beside,
    "dropped": _dropped,
    "marker": _leaked,
    "truncated": _truncated,
    "doubled": _doubled,
    "fence": _fenced,
}
