"""Other people's reviews laid over one's own, as values: how each person stands, and what each decided on each hunk.

Must not know: requests, queries' insides, where in the page it is put (static/js/review/overlay.js).
"""

from __future__ import annotations

from dataclasses import dataclass

from applyweb.core.decisions import Counts
from applyweb.core.parts import Parts, verdict_of
from applyweb.core.standpoints import is_decided, standing
from applyweb.queries.standpoints import Standpoint, Standpoints
from applyweb.web.names import initials

_WORDS = {"accepted": "Accepted", "rejected": "Rejected", "mixed": "Decided in parts"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person whose review is laid over. `version` is that of what is shown."""

    id: int
    name: str
    initials: str
    version: int
    counts: Counts
    differs: int

    @property
    def decided(self) -> int:
        return self.counts.accepted + self.counts.rejected


@dataclass(frozen=True, slots=True)
class PointRow:
    """What a person decided on one hunk. `symbol` is its disc; `inside` says that there is more to see than a verdict:
    parts, or lines of their own; `takes` that taking it over would change something."""

    person: PersonRow
    words: str
    symbol: str
    differs: bool
    inside: bool
    takes: bool


@dataclass(frozen=True, slots=True)
class HunkPoints:
    """What the others decided on one hunk; `differs` are the names of those who decided otherwise."""

    id: str
    number: int
    points: tuple[PointRow, ...]

    @property
    def differs(self) -> tuple[str, ...]:
        return tuple(point.person.name for point in self.points if point.differs)


@dataclass(frozen=True, slots=True)
class StandpointsView:
    """Everything that is laid over. Hunks that nobody else decided are not in `hunks`."""

    people: tuple[PersonRow, ...]
    hunks: tuple[HunkPoints, ...]
    left_out: int

    @property
    def differing(self) -> int:
        return sum(bool(hunk.differs) for hunk in self.hunks)


def standpoints_view(found: Standpoints) -> StandpointsView:
    """What the page lays over; its hunks in the file's order."""
    others = [(each, _person(each)) for each in found.others]
    hunks = tuple(
        HunkPoints(key, number, points)
        for number, (key, mine) in enumerate(found.mine.items(), 1)
        if (points := tuple(_point(person, mine, each.layout[key]) for each, person in others if _says(each, key)))
    )
    return StandpointsView(tuple(person for _, person in others), hunks, found.left_out)


def _says(each: Standpoint, key: str) -> bool:
    return is_decided(each.layout[key])


def _person(found: Standpoint) -> PersonRow:
    return PersonRow(found.person_id, found.name, initials(found.name), found.version, found.counts, len(found.differs))


def _point(person: PersonRow, mine: Parts, theirs: Parts) -> PointRow:
    symbol = verdict_of(theirs)
    own = any(part.text is not None for part in theirs)
    words = _WORDS[symbol] + (", with lines of their own" if own else "")
    stands = standing(mine, theirs)
    return PointRow(person, words, symbol, stands == "differs", own or len(theirs) > 1, stands != "same")
