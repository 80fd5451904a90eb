"""A common subsequence of two sequences of line numbers, at a bounded price.

Must not know: texts, indentation, hunks. Lines are small integers here; equal lines are equal integers.

Rare lines first: a line that occurs once on each side is an anchor if it stands in order with the other
anchors (the longest increasing run of them; "patience"), and the gaps between anchors are searched anew. A
gap without anchors gets an exact longest common subsequence by bit rows (Hyyrö 2004: one big integer a row,
so a row of 50,000 lines costs microseconds), halved as Hirschberg does so that memory stays small. A gap
beyond the budget pairs the k-th occurrence of each line on both sides and keeps what stands in order: n log
n, and still readable.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise

_STORED_BITS = 1 << 23  # bit rows kept for one walk back: 1 MiB
_BUDGET = 3_000_000_000  # cells (rows x columns) of one exact search, about half a second

Pairs = list[tuple[int, int]]


def common_pairs(old: Sequence[int], new: Sequence[int]) -> Pairs:
    """Index pairs (i, j) with `old[i] == new[j]`, rising on both sides. Deterministic."""
    pairs: Pairs = []
    for i, j, count in common_runs(old, new):
        pairs.extend(zip(range(i, i + count), range(j, j + count), strict=True))
    return pairs


def common_runs(old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int, int]]:
    """The pairs of `common_pairs` as runs (i, j, count), in order."""
    # A line that the other side has not cannot be common; without such lines the rest is often short.
    in_old, in_new = set(old), set(new)
    in_both = in_old & in_new
    a_gaps = _gaps(old, in_both) if len(in_old) > len(in_both) else []
    b_gaps = _gaps(new, in_both) if len(in_new) > len(in_both) else []
    a = [line for line in old if line in in_both] if a_gaps else old
    b = [line for line in new if line in in_both] if b_gaps else new
    runs = _common_runs(a, b)
    runs.sort()
    return list(_in_place(runs, a_gaps, b_gaps))


def _gaps(lines: Sequence[int], kept: Set[int]) -> list[int]:
    """For each line that is not kept how many kept ones stand above it; rising."""
    return [i - before for before, i in enumerate(i for i, line in enumerate(lines) if line not in kept)]


def _in_place(
    runs: Sequence[tuple[int, int, int]], a_gaps: Sequence[int], b_gaps: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Runs among the kept lines -> runs among all, cut where lines that were not kept stand within."""
    at_a = at_b = 0  # how many lines that were not kept are above
    for i, j, count in runs:
        end = i + count
        while i < end:
            while at_a < len(a_gaps) and a_gaps[at_a] <= i:
                at_a += 1
            while at_b < len(b_gaps) and b_gaps[at_b] <= j:
                at_b += 1
            step = min(
                end - i,
                a_gaps[at_a] - i if at_a < len(a_gaps) else end,
                b_gaps[at_b] - j if at_b < len(b_gaps) else end,
            )
            yield i + at_a, j + at_b, step
            i, j = i + step, j + step


def _common_runs(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int, int]]:
    """(i, j, count): `a[i : i + count] == b[j : j + count]`, in no order."""
    found: list[tuple[int, int, int]] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        a0, a1, b0, b1 = todo.pop()
        if same := _same_from(a, a0, a1, b, b0, b1):
            found.append((a0, b0, same))
            a0, b0 = a0 + same, b0 + same
        same = 0
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1, same = a1 - 1, b1 - 1, same + 1
        if same:
            found.append((a1, b1, same))
        if a0 == a1 or b0 == b1:
            continue
        anchors = _anchors(a, a0, a1, b, b0, b1)
        if not anchors:
            found.extend((a0 + i, b0 + j, 1) for i, j in _search(a[a0:a1], b[b0:b1]))
            continue
        for i, j in anchors:
            if i < a0:
                continue  # inside of the run that began at an anchor before it
            todo.append((a0, i, b0, j))
            same = _same_from(a, i, a1, b, j, b1)
            found.append((i, j, same))
            a0, b0 = i + same, j + same
        todo.append((a0, a1, b0, b1))
    return found


def _same_from(a: Sequence[int], a0: int, a1: int, b: Sequence[int], b0: int, b1: int) -> int:
    """How many members from a0 and b0 on are equal, compared in steps that double and then halve."""
    most = min(a1 - a0, b1 - b0)
    same, step = 0, 1
    while same < most and a[a0 + same : a0 + same + step] == b[b0 + same : b0 + same + step]:
        same, step = min(same + step, most), step * 2
    while step > 1 and same < most:
        step //= 2
        if same + step <= most and a[a0 + same : a0 + same + step] == b[b0 + same : b0 + same + step]:
            same += step
    return same


def _anchors(a: Sequence[int], a0: int, a1: int, b: Sequence[int], b0: int, b1: int) -> Pairs:
    """The longest run, rising on both sides, of lines that occur exactly once in each range; none where such
    lines are few and going by them would throw away most of the others (one odd line that moved far)."""
    in_a, in_b = a[a0:a1], b[b0:b1]
    count_a, count_b = Counter(in_a), Counter(in_b)
    last_a, last_b = dict(zip(in_a, range(a0, a1), strict=True)), dict(zip(in_b, range(b0, b1), strict=True))
    # a dict keeps the order of first occurrence, which for a line that occurs once is its place
    unique = [(i, last_b[line]) for line, i in last_a.items() if count_a[line] == 1 == count_b[line]]
    anchors = _rising(unique)
    if len(unique) * 8 < min(a1 - a0, b1 - b0):
        possible, i, j = len(anchors), a0, b0
        for anchor_i, anchor_j in [*anchors, (a1, b1)]:
            possible += min(anchor_i - i, anchor_j - j)
            i, j = anchor_i + 1, anchor_j + 1
        if possible * 2 < (count_a & count_b).total():
            return []
    return anchors


def _rising(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """A longest subsequence with rising second members, of pairs with rising first members."""
    pairs = list(pairs)
    if all(before[1] < after[1] for before, after in pairwise(pairs)):
        return pairs  # nothing moved, as in most files
    tails: list[int] = []  # smallest last j of a run of each length
    tail_nodes: list[int] = []
    nodes: Pairs = []
    before: list[int] = []
    for i, j in pairs:
        at = bisect_left(tails, j)
        before.append(tail_nodes[at - 1] if at else -1)
        nodes.append((i, j))
        if at == len(tails):
            tails.append(j)
            tail_nodes.append(len(nodes) - 1)
        else:
            tails[at] = j
            tail_nodes[at] = len(nodes) - 1
    result: Pairs = []
    node = tail_nodes[-1] if tail_nodes else -1
    while node >= 0:
        result.append(nodes[node])
        node = before[node]
    result.reverse()
    return result


def _search(a: Sequence[int], b: Sequence[int]) -> Pairs:
    """A longest common subsequence; a merely good one where the exact search is over budget."""
    if len(a) * len(b) > _BUDGET:
        return _by_occurrence(a, b)
    found: Pairs = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        a0, a1, b0, b1 = todo.pop()
        if a0 == a1 or b0 == b1:
            continue
        if a1 - a0 == 1 or (a1 - a0) * (b1 - b0) <= _STORED_BITS:
            found.extend((a0 + i, b0 + j) for i, j in _walk(a[a0:a1], b[b0:b1]))
            continue
        middle = (a0 + a1) // 2
        head = _scores(a[a0:middle], b[b0:b1])
        tail = _scores(a[middle:a1][::-1], b[b0:b1][::-1])
        width = b1 - b0
        cut = max(range(width + 1), key=lambda j: head[j] + tail[width - j])
        todo.append((a0, middle, b0, b0 + cut))
        todo.append((middle, a1, b0 + cut, b1))
    found.sort()
    return found


def _by_occurrence(a: Sequence[int], b: Sequence[int]) -> Pairs:
    places: dict[int, list[int]] = {}
    for j, line in enumerate(b):
        places.setdefault(line, []).append(j)
    seen: Counter[int] = Counter()
    pairs: Pairs = []
    for i, line in enumerate(a):
        spots = places.get(line, ())
        if seen[line] < len(spots):
            pairs.append((i, spots[seen[line]]))
        seen[line] += 1
    return _rising(pairs)


class _Masks:
    """For each line the bits of its places in `b`. Those of frequent lines are kept; of rare lines they are
    made when asked for, since one mask is as long as `b` and there may be as many of them as lines."""

    def __init__(self, b: Sequence[int]) -> None:
        self._size = (len(b) + 7) // 8
        self._places: dict[int, list[int]] = {}
        for j, line in enumerate(b):
            self._places.setdefault(line, []).append(j)
        self._kept: dict[int, int] = {}

    def __getitem__(self, line: int) -> int:
        kept = self._kept.get(line)
        if kept is not None:
            return kept
        places = self._places.get(line)
        if places is None:
            return 0
        bits = bytearray(self._size)
        for j in places:
            bits[j >> 3] |= 1 << (j & 7)
        mask = int.from_bytes(bits, "little")
        if len(places) > 16:
            self._kept[line] = mask
        return mask


def _rows(a: Sequence[int], b: Sequence[int], keep: bool) -> list[int]:
    """The bit rows after 0, 1, … lines of `a` (all of them, or the last alone). A zero bit j of a row means
    that the common length of that much of `a` with `b[:j + 1]` is one more than with `b[:j]`."""
    masks = _Masks(b)
    full = (1 << len(b)) - 1
    row = full
    rows = [row]
    for line in a:
        hit = row & masks[line]
        row = ((row + hit) | (row - hit)) & full
        if keep:
            rows.append(row)
    return rows if keep else [row]


def _scores(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """The common length of all of `a` with `b[:j]`, for each j from 0 to len(b)."""
    row = _rows(a, b, keep=False)[0]
    scores = [0]
    total = 0
    for bit in reversed(f"{row:0{len(b)}b}"):
        total += bit == "0"
        scores.append(total)
    return scores


def _walk(a: Sequence[int], b: Sequence[int]) -> Pairs:
    """An exact longest common subsequence from stored bit rows, read from the end."""
    rows = _rows(a, b, keep=True)
    pairs: Pairs = []
    i, j = len(a), len(b)
    while i and j:
        gained = not rows[i] >> (j - 1) & 1  # b[j - 1] is worth something with a[:i]
        if not gained:
            j -= 1
        elif not rows[i - 1] >> (j - 1) & 1:  # … and is so already without a[i - 1]
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    pairs.reverse()
    return pairs
