"""Chat lines that are not where the chat shows them, though the file may hold them elsewhere: `return None` has landed
in this function only if it stands in this function.

What the chat shows without a marker between is one stretch, and so are the lines of the file that it shows: each run
of rows that stand in the merged text one after another, beyond doubt, says where the stretch is. What the chat has
between two such runs must then stand between them, and a row just beside one that was in the file and is nowhere now
has gone by nobody's wish. Each row is looked at a fixed number of times, so the price is linear.

Must not know: hunks, prose, who removed what.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import compress, pairwise, takewhile

from applyweb.core.support.missing import is_talk
from applyweb.core.support.placed import Placed, Run
from applyweb.core.support.rows import is_telling
from applyweb.core.support.shown import BETWEEN, Shown

_LOOKS = 50  # places where a block that is not here is looked for


def lost_rows(shown: Shown, original: Collection[str]) -> set[int]:
    """The 1-based chat lines of such rows, but for comments that speak to the reader and stand nowhere. `original` has
    the keys of its lines."""
    found: set[int] = set()
    for piece in shown.pieces:
        runs = _sure_runs(shown, piece)
        for row in map(piece.rows.__getitem__, _between(shown, piece, runs) | _beside(shown, piece, runs, original)):
            if row.key in original or shown.count[row.key] or not is_talk(row.text):
                found.add(row.line)
    return found


def _sure_runs(shown: Shown, piece: Placed) -> list[Run]:
    """The runs that stand where they belong: by what they hold, or since they fit one that does."""
    sure = [_is_sure(shown, piece, run) for run in piece.runs]
    fits = [_fits(piece, above, below) for above, below in pairwise(piece.runs)]
    for at, fit in enumerate(fits):
        sure[at + 1] |= fit and sure[at]
    for at in range(len(fits) - 1, -1, -1):
        sure[at] |= fits[at] and sure[at + 1]
    return list(compress(piece.runs, sure))


def _fits(piece: Placed, above: Run, below: Run) -> bool:
    """Whether two runs stand next to each other, or no further apart than the chat shows them."""
    apart = piece.at_row[below[0]] - piece.at_row[above[1]]
    return apart == 1 or (apart <= below[0] - above[1] and not piece.has_marker(range(above[1] + 1, below[0])))


def _is_sure(shown: Shown, piece: Placed, run: Run) -> bool:
    """A run holds a line that stands nowhere else, or a telling one of several lines."""
    first, last = run
    keys = [piece.rows[row].key for row in range(first, last + 1)]
    return any(
        (shown.count[key] == 1 and any(map(str.isalnum, key))) or (last > first and is_telling(key)) for key in keys
    )


def _between(shown: Shown, piece: Placed, runs: Sequence[Run]) -> set[int]:
    """Rows between two runs of a stretch that do not stand there. A paragraph of them that stands elsewhere, where no
    row is placed, was merely put there: definitions are shown in any order."""
    lost: set[int] = set()
    for (_, above), (below, _) in pairwise(runs):
        near = piece.at_row[below] - piece.at_row[above] <= BETWEEN
        if not near or piece.has_marker(range(above + 1, below)):
            continue
        rows = [row for row in range(above + 1, below) if row not in piece.at_row]
        parted = len(rows) > 1 and piece.rows[rows[0]].blanks and piece.rows[rows[-1] + 1].blanks
        if not parted or not _stands_elsewhere(shown, [piece.rows[row].key for row in rows]):
            lost.update(rows)
    return lost


def _beside(shown: Shown, piece: Placed, runs: Sequence[Run], original: Collection[str]) -> set[int]:
    """Rows next to a run that the original has and the merged text has nowhere."""
    lost: set[int] = set()
    for first, last in runs:
        for rows in (range(first - 1, -1, -1), range(last + 1, len(piece.rows))):
            for row in takewhile(lambda row: row not in piece.at_row, rows):
                if piece.rows[row].op == "marker":
                    break
                if piece.rows[row].key in original and not shown.count[piece.rows[row].key]:
                    lost.add(row)
    return lost


def _stands_elsewhere(shown: Shown, keys: Sequence[str]) -> bool:
    """Whether these lines stand one after another where the chat shows none of them."""
    rare = min(range(len(keys)), key=lambda index: shown.count[keys[index]])
    for at in shown.places.get(keys[rare], ())[:_LOOKS]:
        first, end = at - rare, at - rare + len(keys)
        there = first >= 0 and shown.keys[first:end] == keys
        if there and not any(map(shown.shows_at, range(first, end))):
            return True
    return False
