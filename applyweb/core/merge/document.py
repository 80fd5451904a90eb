"""A file while edits are applied to it: lines with their own ends, so that untouched lines keep their bytes.

Must not know: why a splice is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from applyweb.core.merge.columns import read
from applyweb.core.merge.lines import Lines, with_keys
from applyweb.core.merge.plan import Splice
from applyweb.core.text import BOM, split_end, split_lines

_UNREAD = -2  # the indentation of a line that is not read yet
_MOST_CELLS = 4_000_000  # larger regions are written anew: only the kept line ends of mixed files would differ


class Document:
    """The text so far. New lines take the commonest line end of the original; a byte-order mark and the presence of a
    final newline stay as they were, unless `final_newline` is set. `origins` tell for each line the row of the original
    that it is, -1 for a new line."""

    def __init__(self, original: str, language: str) -> None:
        body = original.removeprefix(BOM)
        self.bom = original[: len(original) - len(body)]
        self.language = language
        self.texts, self.ends = _split(body)
        counts = Counter(self.ends)
        del counts[""]
        self.line_end = counts.most_common(1)[0][0] if counts else "\n"
        self.mixed = len(counts) > 1
        self.final_newline = not self.ends or self.ends[-1] != ""
        self._original_size = len(self.texts)
        self.origins = list(range(len(self.texts)))
        self._keys, self._indents = read(self.texts)  # of new lines only once they are looked at
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        if self._lines is None:
            new = [row for row, indent in enumerate(self._indents) if indent == _UNREAD]
            for row, key, indent in zip(new, *read([self.texts[row] for row in new]), strict=True):
                self._keys[row], self._indents[row] = key, indent
            self._lines = with_keys(self.texts, self._keys, self._indents, self.language)
        return self._lines

    @property
    def size(self) -> int:
        return len(self.texts)

    @property
    def unread(self) -> int:
        """How many lines the next look at `lines` has to read; 0 where nothing changed since the last one."""
        return len(self.texts) if self._lines is None else 0

    def apply(self, splices: Sequence[Splice]) -> bool:
        """Make the splices, which are of the text as it is now. False where they would change nothing. Errors:
        ValueError where they overlap."""
        changed = False
        floor = len(self.texts)
        for splice in sorted(splices, key=lambda splice: (splice.start, splice.end), reverse=True):
            if splice.end > floor or splice.start > splice.end:
                raise ValueError("splices overlap")
            floor = splice.start
            changed |= self._splice(splice)
        if changed:
            self._lines = None
        return changed

    @property
    def touched(self) -> list[int]:
        """The rows that are new, and those beside which a row of the original is gone."""
        rows = {row for row, origin in enumerate(self.origins) if origin < 0}
        last = len(self.origins)
        for row, (above, below) in enumerate(pairwise([-1, *self.origins, self._original_size]), -1):
            whole = row < 0 or above >= 0  # a new row above tells of the change by itself
            if whole and below >= 0 and below != above + 1:
                rows |= {at for at in (row, row + 1) if 0 <= at < last}
        return sorted(rows)

    def original_rows(self, start: int, end: int) -> tuple[int, int]:
        """The rows of the original that lines [start, end) stand for, with what is gone between their neighbours."""
        while start > 0 and self.origins[start - 1] < 0:
            start -= 1
        while end < len(self.origins) and self.origins[end] < 0:
            end += 1
        low = self.origins[start - 1] + 1 if start else 0
        return low, self.origins[end] if end < len(self.origins) else self._original_size

    def text(self) -> str:
        ends = list(self.ends)
        if ends:
            ends[:-1] = [end or self.line_end for end in ends[:-1]]
            ends[-1] = (ends[-1] or self.line_end) if self.final_newline else ""
        return self.bom + "".join([part for pair in zip(self.texts, ends, strict=True) for part in pair])

    def _splice(self, splice: Splice) -> bool:
        start, end, first, last = splice.start, splice.end, 0, len(splice.texts)
        while start < end and first < last and self.texts[start] == splice.texts[first]:
            start, first = start + 1, first + 1
        while start < end and first < last and self.texts[end - 1] == splice.texts[last - 1]:
            end, last = end - 1, last - 1
        if start == end and first == last:
            return False
        texts = list(splice.texts[first:last])
        ends = self._line_ends(start, end, texts)
        self.texts[start:end] = texts
        self.ends[start:end] = ends
        self.origins[start:end] = [-1] * len(texts)
        self._keys[start:end] = texts
        self._indents[start:end] = [_UNREAD] * len(texts)
        return True

    def _line_ends(self, start: int, end: int, texts: list[str]) -> list[str]:
        """The ends of new lines; in a file of mixed ends, a line that stays keeps its own."""
        ends: list[str] = [self.line_end] * len(texts)
        old = self.texts[start:end]
        if self.mixed and len(old) * len(texts) <= _MOST_CELLS:
            for block in Indel.opcodes(old, texts):
                if block.tag == "equal":
                    ends[block.dest_start : block.dest_end] = self.ends[start + block.src_start : start + block.src_end]
        return ends


def _split(text: str) -> tuple[list[str], list[str]]:
    """Lines and their ends apart."""
    if "\r" in text:
        pairs = [split_end(line) for line in split_lines(text)]
        return [line for line, _ in pairs], [end for _, end in pairs]
    lines = text.split("\n")
    last = lines.pop() if not lines[-1] else None
    ends = ["\n"] * len(lines)
    if last is None:
        ends[-1] = ""
    return lines, ends
