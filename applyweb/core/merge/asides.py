"""Code of an answer that stands beside the edits: quotes, examples, tests, what to run, other ways to do it.

Must not know: placements, what is done with it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from applyweb.core.chat import Edit
from applyweb.core.merge import announced, prose
from applyweb.core.merge.announced import Role
from applyweb.core.merge.lines import Lines, lines_of, weighs_little
from applyweb.core.merge.markers import find_markers

_TEST = re.compile(
    r"\bdef test_|(?<![.\w$])(?:it|test|describe)\(|\bfunc Test|#\[(?:\w+::)?test\]|@Test\b|\bclass \w*Test"
)
_PLACES = 20  # of its first line
_EXCERPT = 300  # lines that an excerpt may be of
ANNOUNCED: dict[Role, str] = {
    "example": "an example",
    "explanation": "an explanation",
    "quote": "what stands there already",
    "alternative": "an alternative",
    "rejected": "what not to do",
    "test": "a test",
    "command": "something to run",
    "output": "output",
    "unclear": "a remark",
}


PLAIN: frozenset[Role] = frozenset({"alternative", "rejected", "test", "output"})  # hardly ever said of what is meant


def role_of(edit: Edit, has_tests: Callable[[], bool]) -> Role:
    """What a piece of code is announced as. Patches are edits whatever stands above them, and so is a test for a file
    that has tests already."""
    if edit.format != "code":
        return "edit"
    role = announced.role(prose.last_line(edit))
    if role == "test" and (not _TEST.search(edit.code) or has_tests()):
        return "edit"
    return role


def holds_tests(lines: Sequence[str]) -> bool:
    return any(map(_TEST.search, lines))


def is_excerpt(edit: Edit, original: Lines) -> bool:
    """Whether all lines of a piece stand in the file in this order, not far from each other: told in short, and no edit
    that takes away what is between."""
    keys = [key for line in edit.code.split("\n") if (key := line.strip())]
    for at in original.where.get(keys[0], ())[:_PLACES] if keys else ():
        last = at
        for key in keys[1:]:
            rows = original.where.get(key, ())
            index = bisect_right(rows, last)
            if index == len(rows) or rows[index] > at + _EXCERPT:
                break
            last = rows[index]
        else:
            return True
    return False


def is_new_version(edit: Edit, other: Edit, original: Lines) -> bool:
    """Whether `other` is announced as what takes the place of `edit`, and is no wider view: nothing is left out of it,
    and hardly a line of it stands in the file outside of that place."""
    if other.format != "code" or not prose.shows_new(other):
        return False
    lines = lines_of(other.code.split("\n"))
    if any(find_markers(lines, original.where)):
        return False
    own = {line.strip() for line in edit.code.split("\n")}
    others = [key for key in lines.keys if key not in own and not weighs_little(key)]
    return sum(key in original.where for key in others) * 3 <= len(others)
