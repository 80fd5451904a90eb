"""One alignment of an edit's lines with the original's: the heart of the embedded engine.

An edit is a sequence of lines and gaps (markers). Aligning it is a chaining problem. Every maximal stretch of
lines that both texts share (indentation aside, blank lines left out) is a *run*; a line that declares the same
name on both sides is a run of its own. The best chain of runs in order is sought: lines earn their weight (rare
and wordy ones more), and joining two runs costs by what lies between them. Between two runs without a marker the
original's lines would be deleted and the edit's inserted, which is dear; a marker makes the original's lines
between free. Runs on another indentation than the one before cost a little. Runs are found through rare lines
only, so the work is close to linear in the original. Where there are many runs, the weightiest are chained first, and
the others within what those leave open.

Must not know: what becomes of unmatched lines (core.merge.fill), formats, prose. `scope` only tells which rows the chat
spoke of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, log2, sqrt

from applyweb.core.merge.chains import MOST_RUNS, Link, Run, between, joined, strongest
from applyweb.core.merge.closers import Pair, settle_closers
from applyweb.core.merge.declared import declared
from applyweb.core.merge.lines import Lines, is_closer, weighs_little
from applyweb.core.merge.strangers import Strangers
from applyweb.core.merge.work import Work

_RARE = 24  # a line found more often than this in the original starts no run
_MANY_NAMES = 12  # more names than this are worth reading every line
_MOST_SEEDS = 20_000
_ALONE = 0.5  # what a line weighs more that both sides hold once
_CLOSE_CALL = 0.4  # a chain this close to the best one makes a placement ambiguous

Bonus = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs in order on both sides; `ambiguous` are the edit rows that would fit elsewhere almost as well.
    `margin` is how much worse the best other place of any piece is that no unique line pins, infinite where there is
    none; `thin` how many pieces between markers are pinned by no line that is found once."""

    pairs: tuple[Pair, ...]
    score: float
    ambiguous: tuple[int, ...] = ()
    margin: float = inf
    thin: int = 0


class Aligner:
    """Aligns one edit with a range of one original. `gaps` tells for every edit row whether it is a marker."""

    def __init__(
        self,
        edit: Lines,
        gaps: Sequence[int],
        original: Lines,
        *,
        start: int = 0,
        end: int | None = None,
        bonus: Bonus | None = None,
        work: Work | None = None,
    ) -> None:
        self.work = work or Work()
        self.edit, self.original, self.bonus = edit, original, bonus
        stop = original.size if end is None else end
        self.rows = edit.solid
        self.ats = [at for at in original.solid if start <= at < stop]
        self.index = {at: index for index, at in enumerate(self.ats)}
        self.gap = [bool(gaps[row]) for row in self.rows]
        self.gaps_before = [0]
        for gap in self.gap:
            self.gaps_before.append(self.gaps_before[-1] + gap)
        self.counts: dict[tuple[str, str], int] = {}  # how often the original declares what the edit declares
        self.strangers = Strangers(edit, original, self.rows, self.gaps_before)
        self.unsought: list[int] = []  # edit rows whose other places were not looked for, for want of work

    def align(self) -> Alignment:
        runs, weaker = strongest(self._runs())
        if not runs:
            return Alignment((), 0.0)
        score, chain = self._chain(runs, frozenset())
        pairs = tuple(
            Pair(self.rows[run.row + k], self.ats[run.at + k], run.same)
            for run, cut in self._filled(chain, weaker)
            for k in range(cut, run.size)
        )
        doubtful, margin, thin = self._ambiguous(runs, pairs, score)
        doubtful += tuple(self.unsought[:1])
        settled = settle_closers(self.edit, self.original, self._extended(pairs))
        return Alignment(settled, score, doubtful, margin, thin)

    def _extended(self, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        """Equal lines right beside a pair are pairs too: those of a named pair were in no run."""
        rows = {row: index for index, row in enumerate(self.rows)}
        at = {rows[pair.row]: (self.index[pair.at], pair.same) for pair in pairs}
        taken = {where for where, _ in at.values()}
        for step in (-1, 1):
            for index in sorted(at, reverse=step > 0):
                where = at[index][0]
                while True:
                    index, where = index + step, where + step
                    if (
                        index in at
                        or where in taken
                        or not (0 <= index < len(self.rows) and 0 <= where < len(self.ats))
                    ):
                        break
                    if not self._equal(index, where):
                        break
                    at[index] = (where, True)
                    taken.add(where)
        return tuple(Pair(self.rows[index], self.ats[at[index][0]], at[index][1]) for index in sorted(at))

    def _ambiguous(self, runs: list[Run], pairs: tuple[Pair, ...], score: float) -> tuple[tuple[int, ...], float, int]:
        """Edit rows in pieces (between markers) that no unique line pins and that a nearly equal chain puts
        elsewhere; the least margin of such a piece, and how many there are."""
        pieces: dict[int, list[Pair]] = {}
        position = {row: index for index, row in enumerate(self.rows)}
        for pair in pairs:
            pieces.setdefault(self.gaps_before[position[pair.row]], []).append(pair)
        doubtful: list[int] = []
        margin, thin = inf, 0
        for piece in pieces.values():
            if any(self._unique(pair) for pair in piece):
                continue
            thin += 1
            if not self.work.spend(2 * len(runs) ** 2 + len(self.rows)):
                doubtful.append(piece[0].row)  # not looked for, so not known to be the only place
                continue
            banned = frozenset((position[pair.row], self.index[pair.at]) for pair in piece)
            others = [run for run in runs if not any((run.row + k, run.at + k) in banned for k in range(run.size))]
            rows = {position[pair.row] for pair in piece}
            if not any(run.row <= row < run.row + run.size for run in others for row in rows):
                continue
            second, chain = self._chain(others, banned)
            covered = {run.row + k for run, cut in chain for k in range(cut, run.size)}
            if rows & covered:
                margin = min(margin, score - second)
            if second > score - _CLOSE_CALL and rows & covered:
                doubtful.append(piece[0].row)
        return tuple(doubtful), margin, thin

    def _unique(self, pair: Pair) -> bool:
        key = self.edit.keys[pair.row]
        if not pair.same:
            name = self.edit.name(pair.row)
            return self.counts.get(name, 0) == 1 and name[0] != "key"
        rows = [at for at in self.original.where.get(key, ()) if at in self.index]
        return len(rows) == 1 and not weighs_little(key)

    def _runs(self) -> list[Run]:
        edit, original = self.edit, self.original
        keys = [None if gap else edit.keys[row] for row, gap in zip(self.rows, self.gap, strict=True)]
        theirs = self.ats
        seen: set[tuple[int, int]] = set()
        runs: list[Run] = []
        rarest = self._rarity_limit(keys)
        for index, key in enumerate(keys):
            if key is None:
                continue
            ats = original.where.get(key, ()) if self._seeds(index, keys, rarest) else ()
            if len(ats) > _RARE and not self.work.spend(len(ats)):
                self.unsought.append(self.rows[index])
                continue
            for at in ats:
                where = self.index.get(at)
                if where is None or (index, where) in seen or self.strangers.foreign(self.rows[index], at):
                    continue
                first, last = 0, 1
                while index + first > 0 and where + first > 0 and self._equal(index + first - 1, where + first - 1):
                    first -= 1
                while (
                    index + last < len(keys) and where + last < len(theirs) and self._equal(index + last, where + last)
                ):
                    last += 1
                seen.update((index + k, where + k) for k in range(first, last))
                runs.append(self._run(index + first, where + first, last - first, True))
        runs.extend(self._named_runs(keys, seen))
        return joined(runs) if len(runs) > MOST_RUNS else runs

    def _equal(self, index: int, where: int) -> bool:
        row, at = self.rows[index], self.ats[where]
        return (
            not self.gap[index]
            and self.edit.keys[row] == self.original.keys[at]
            and not self.strangers.foreign(row, at)
        )

    def _rarity_limit(self, keys: Sequence[str | None]) -> int:
        counts = [len(self.original.where.get(key, ())) for key in keys if key is not None]
        limit = _RARE
        while limit > 1 and sum(count for count in counts if count <= limit) > _MOST_SEEDS:
            limit //= 2
        return limit

    def _seeds(self, index: int, keys: Sequence[str | None], limit: int) -> bool:
        """A rare line starts runs; a common one only where its whole piece holds no rare one."""
        key = keys[index] or ""
        count = len(self.original.where.get(key, ()))
        if count <= limit and not weighs_little(key):
            return True
        low = high = index
        while low > 0 and keys[low - 1] is not None and index - low < 12:
            low -= 1
        while high + 1 < len(keys) and keys[high + 1] is not None and high - index < 12:
            high += 1
        if count > 400:
            return False
        return count <= 6 or not any(
            0 < len(self.original.where.get(keys[k] or "", ())) <= limit and not weighs_little(keys[k] or "")
            for k in range(low, high + 1)
        )

    def _named_runs(self, keys: Sequence[str | None], seen: set[tuple[int, int]]) -> list[Run]:
        wanted: dict[tuple[str, str], list[int]] = {}
        for index, key in enumerate(keys):
            if key is not None and (name := declared(key, self.edit.sections))[0]:
                wanted.setdefault(name, []).append(index)
        if not wanted:
            return []
        found: dict[tuple[str, str], list[int]] = {}
        for index in self._named(wanted):
            name = self.original.name(self.ats[index])
            if name in wanted:
                found.setdefault(name, []).append(index)
        self.counts = {name: len(rows) for name, rows in found.items()}
        runs: list[Run] = []
        for name, rows in wanted.items():
            ats = found.get(name, [])
            if len(ats) * len(rows) > 64:
                continue
            runs.extend(
                run
                for run in (
                    self._run(row, at, 1, False)
                    for row in rows
                    for at in ats
                    if (row, at) not in seen and self._may_be_renewed(name[0], row, at)
                )
                if run.weight() > 0
            )
        return runs

    def _named(self, wanted: Iterable[tuple[str, str]]) -> Iterable[int]:
        """The lines of the original, as indices, that may declare one of these names."""
        parts = {name.rsplit(".", 1)[-1] for _, name in wanted}
        if len(parts) >= _MANY_NAMES:
            return range(len(self.ats))
        if not all(parts):
            return range(len(self.ats))
        found = {at for part in parts for at in self.original.holding(part)}
        return sorted(self.index[at] for at in found if at in self.index)

    def _may_be_renewed(self, kind: str, index: int, where: int) -> bool:
        """Whether one line may be the new version of another of its name: not where one of several imports from a place
        stands as it is on the other side."""
        if kind != "import":
            return True
        return self.edit.keys[self.rows[index]] not in self.original.where and (
            self.original.keys[self.ats[where]] not in self.edit.where
        )

    def _run(self, row: int, at: int, size: int, same: bool) -> Run:
        weights = [0.0]
        for k in range(size):
            weights.append(weights[-1] + self._weight(self.rows[row + k], self.ats[at + k], same))
        shift = self.original.indents[self.ats[at]] - self.edit.indents[self.rows[row]]
        return Run(row, at, size, same, weights, shift)

    def _weight(self, row: int, at: int, same: bool) -> float:
        key = self.edit.keys[row]
        scope = self.bonus(at) if self.bonus else 0.0
        if not same:
            if self.strangers.foreign(row, at):
                return 0.0
            kind = declared(key, self.edit.sections)[0]
            return {"def": 1.4, "class": 1.4, "section": 1.4, "import": 1.0, "value": 0.7}.get(kind, 0.35) + scope
        if is_closer(key) or weighs_little(key):
            return self._closer_weight(row, at)
        share = 0.5 if self.strangers.strays(row, at) else 1.0
        count = len(self.original.where.get(key, ()))
        alone = _ALONE if count == 1 == len(self.edit.where[key]) else 0.0
        return share * ((1.0 + min(len(key), 40) / 40) / sqrt(min(count, 16)) + alone) + scope

    def _closer_weight(self, row: int, at: int) -> float:
        ours, theirs = self.edit.closer_of(row), self.original.closer_of(at)
        if ours < 0 or theirs < 0:
            return 0.1
        first, second = self.edit.keys[ours], self.original.keys[theirs]
        name = declared(first)
        if first == second or (name[0] and name == declared(second)):
            return 0.8
        return 0.05

    def _chain(self, runs: list[Run], banned: frozenset[tuple[int, int]]) -> tuple[float, list[Link]]:
        """The score of the best chain, and its members in order."""
        best: list[float] = []
        back: list[tuple[int, int]] = []
        for k, run in enumerate(runs):
            top, link = run.weight() - self._start_cost(run), (-1, 0)
            for m in range(k):
                before = runs[m]
                cut = max(0, before.row + before.size - run.row, before.at + before.size - run.at)
                if cut >= run.size:
                    continue
                value = best[m] + run.weight(cut)
                if value <= top:
                    continue
                value -= self._join_cost(before, run, cut)
                if value > top:
                    top, link = value, (m, cut)
            best.append(top)
            back.append(link)
        finals = [value - self._end_cost(run) for value, run in zip(best, runs, strict=True)]
        last = max(range(len(runs)), key=finals.__getitem__)
        score, chain = finals[last], []
        while last >= 0:
            previous, cut = back[last]
            chain.append((runs[last], cut))
            last = previous
        chain.reverse()
        return score, chain

    def _filled(self, chain: list[Link], weaker: list[Run]) -> list[Link]:
        """A chain with the best ones of weaker runs between its members."""
        filled, open_groups = list(chain), between(chain, weaker)
        while open_groups:
            runs = open_groups.pop()
            if not self.work.spend(2 * min(len(runs), MOST_RUNS) ** 2):
                self.unsought.append(self.rows[runs[0].row])
                continue
            strong, weaker = strongest(runs)
            score, inner = self._chain(strong, frozenset())
            if score > 0:
                filled += inner
                open_groups += between(inner, weaker)
        return sorted(filled, key=lambda link: link[0].row + link[1])

    def _join_cost(self, before: Run, run: Run, cut: int) -> float:
        row, at = before.row + before.size, before.at + before.size
        rows, ats = run.row + cut - row, run.at + cut - at
        gaps = self.gaps_before[run.row + cut] - self.gaps_before[row]
        cost = 0.6 if run.shift != before.shift else 0.0
        if gaps:
            return cost + 0.15 + 0.03 * log2(1 + ats) + (0.5 if not ats else 0.0) + 0.03 * min(rows - gaps, 20)
        deleted = max(0, ats - rows)
        return cost + 0.06 * min(rows, 20) + 0.04 * min(ats, 10) + 0.1 * min(deleted, 6) + 0.25 * log2(1 + deleted)

    def _start_cost(self, run: Run) -> float:
        gaps = self.gaps_before[run.row]
        cost = 0.05 * min(run.row - gaps, 20)
        if gaps and not run.at:
            cost += 0.5
        return cost

    def _end_cost(self, run: Run) -> float:
        row = run.row + run.size
        gaps = self.gaps_before[-1] - self.gaps_before[row]
        return 0.05 * min(len(self.rows) - row - gaps, 20)
