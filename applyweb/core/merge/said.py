"""All that an answer says, code and prose, as evidence of what it speaks of.

Must not know: edits, places. Asked of as often as a file has lines, so nothing here reads the whole answer each time.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from applyweb.core.merge import words

_WORD = re.compile(r"[\w$]+")


class Said:
    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def size(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1

    @cached_property
    def lines(self) -> Counter[str]:
        """How often each line is there, without outer white space."""
        return Counter(line.strip() for line in self.text.split("\n"))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.text))

    def names(self, name: str) -> bool:
        """Whether a name, or the last part of a dotted one, is there as a word; the title of a test in quotes."""
        if " " in name:
            return re.search(rf"([\"'`]){re.escape(name)}\1", self.text) is not None
        last = name.rsplit(".", 1)[-1]
        if _WORD.fullmatch(last):
            return last in self._words
        return words.count(last, self.text) > 0

    def holds(self, key: str) -> bool:
        """Whether a line is there, also within another."""
        return key in self.lines or key in self.text
