"""A text as lines that can be compared across files: by their content, since an editor may have changed all line ends.

Must not know: hunks, what is compared with what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from applyweb.core.diff.lcs import common_pairs
from applyweb.core.diff.lines import Block, changed_blocks
from applyweb.core.diff.pairs import Row, pair_lines
from applyweb.core.text import BOM, LineEnd, contents, describe, split_lines

_MOST_PAIRED = 5_000  # pairs of lines compared in one block


@dataclass(frozen=True, slots=True)
class Lines:
    """`full` are the lines with their ends, `plain` their contents, without a byte-order mark."""

    full: Sequence[str]
    plain: Sequence[str]
    end: LineEnd
    bom: bool
    final_newline: bool


def lines_of(text: str) -> Lines:
    """The lines of a text."""
    facts = describe(text)
    plain = contents(text)
    plain[:1] = [line.removeprefix(BOM) for line in plain[:1]]
    return Lines(split_lines(text), plain, facts.line_end, facts.bom, facts.final_newline)


def fine_blocks(old: Lines, new: Lines) -> list[Block]:
    """What differs in content. Unlike in a diff for readers, equal lines between two changes part them, however few."""
    if not old.plain or not new.plain:
        return [Block(0, len(old.plain), 0, len(new.plain))] if old.plain or new.plain else []
    found: list[Block] = []
    for block in changed_blocks(old.plain, new.plain):
        removed, added = old.plain[block.old_start : block.old_end], new.plain[block.new_start : block.new_end]
        found.extend(
            Block(block.old_start + i0, block.old_start + i1, block.new_start + j0, block.new_start + j1)
            for i0, i1, j0, j1 in differing(removed, added)
        )
    return found


def narrowed(block: Block, old: Lines, new: Lines) -> list[Block]:
    """A block line by line, as far as lines of both sides are alike: what is about one of them is not about all."""
    removed, added = old.plain[block.old_start : block.old_end], new.plain[block.new_start : block.new_end]
    found = [Block(block.old_start, block.old_start, block.new_start, block.new_start)]
    pair_before = False
    for i, j in _rows(removed, added):
        last, is_pair = found[-1], i is not None and j is not None
        if is_pair or pair_before:
            last = Block(last.old_end, last.old_end, last.new_end, last.new_end)
            found.append(last)
        found[-1] = replace(last, old_end=last.old_end + (i is not None), new_end=last.new_end + (j is not None))
        pair_before = is_pair
    return [each for each in found if each.old_end > each.old_start or each.new_end > each.new_start]


def _rows(removed: Sequence[str], added: Sequence[str]) -> Iterator[Row]:
    """Which line became which; of many lines those that differ in white space alone, as when a file was formatted."""
    if len(removed) * len(added) <= _MOST_PAIRED:
        yield from pair_lines(removed, added)
        return
    i = j = 0
    gaps = differing(["".join(line.split()) for line in removed], ["".join(line.split()) for line in added])
    for i0, i1, j0, j1 in [*gaps, (len(removed), len(removed), len(added), len(added))]:
        yield from zip(range(i, i0), range(j, j0), strict=True)
        inner: Iterable[Row] = [*((k, None) for k in range(i1 - i0)), *((None, k) for k in range(j1 - j0))]
        if (i1 - i0) * (j1 - j0) <= _MOST_PAIRED:
            inner = pair_lines(removed[i0:i1], added[j0:j1])
        yield from ((None if a is None else i0 + a, None if b is None else j0 + b) for a, b in inner)
        i, j = i1, j1


def differing(removed: Sequence[str], added: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The ranges of two runs of lines that are not common to them."""
    numbers = dict(zip(dict.fromkeys(chain(removed, added)), count(), strict=False))
    pairs = common_pairs([numbers[line] for line in removed], [numbers[line] for line in added])
    spans = []
    i = j = 0
    for pair_i, pair_j in [*pairs, (len(removed), len(added))]:
        if pair_i > i or pair_j > j:
            spans.append((i, pair_i, j, pair_j))
        i, j = pair_i + 1, pair_j + 1
    return spans


@dataclass(frozen=True, slots=True)
class Manners:
    """How lines of the merged text are written in the new original: with its usual line end where they had the old
    one's, with its byte-order mark and its end of the file where the merged text had those of the old original."""

    old: Lines
    merged: Lines
    new: Lines

    def written(self, at: int, place: int) -> str:
        """Line `at` of the merged text for its place in the result, both from 0. A last line keeps that it has no
        end."""
        text = self.merged.full[at]
        if at == 0:
            text = text.removeprefix(BOM)
        end = text[len(text.rstrip("\r\n")) :]
        if end == self.old.end and self.new.full:
            text = text[: len(text) - len(end)] + self.new.end
        marked = self.new.bom if self.old.bom == self.merged.bom else self.merged.bom
        text = text or ("" if marked and place == 0 else self.new.end)  # the mark was all of it
        return BOM + text if marked and place == 0 and (at == 0 or not text.startswith(BOM)) else text

    def last(self, line: str) -> str:
        """An added line at the end of the file."""
        text = line.rstrip("\r\n")
        if not self.new.full or self.old.final_newline != self.merged.final_newline:
            return line
        if not self.new.final_newline:
            return text or line
        return line if text != line else line + self.new.end
