"""How good a merge is, against the file that was wanted.

Must not know: engines, suites as files, time. Texts are compared after normalising line ends, white space at the
end of a line, and blank lines at the end of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from applyweb.core import syntax
from applyweb.core.text import split_end, split_lines

Confidence = Literal["certain", "unsure", "refused"]
Outcome = Literal["exact", "equivalent", "silent_wrong", "flagged"]


@dataclass(frozen=True, slots=True)
class Score:
    """One case. `outcome` is what came out: "exact" and "equivalent" whatever the engine said of itself,
    "silent_wrong" where it was certain and neither, "flagged" where it was unsure or refused and neither.
    `extra_lines` are changed lines that nobody wanted, `missing_lines` wanted ones that did not come."""

    outcome: Outcome
    confidence: Confidence
    extra_lines: int
    missing_lines: int
    syntax_broken: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """A suite's counts. `flagged` counts every case that the engine was unsure of or refused, right or not."""

    cases: int
    exact: int
    equivalent: int
    silent_wrong: int
    flagged: int
    extra_lines: int
    missing_lines: int
    syntax_broken: int


def score(original: str, expected: str, merged: str, confidence: Confidence, language: str = "") -> Score:
    """A merge against what was wanted. For a refusal, `merged` is the original: all that was wanted is missing."""
    got, want, was = normalise(merged), normalise(expected), normalise(original)
    outcome: Outcome
    if got == want:
        outcome = "exact"
    elif _bare(got) == _bare(want):
        outcome = "equivalent"
    else:
        outcome = "silent_wrong" if confidence == "certain" else "flagged"
    made, wanted = _changes(was, got), _changes(was, want)
    extra, missing = (made - wanted).total(), (wanted - made).total()
    return Score(outcome, confidence, extra, missing, _breaks(original, expected, merged, language))


def score_refusal(confidence: Confidence) -> Score:
    """A case in which the engine had to refuse or be unsure: right when it was, silently wrong when it was certain."""
    return Score("silent_wrong" if confidence == "certain" else "flagged", confidence, 0, 0, False)


def total(scores: Iterable[Score]) -> Totals:
    rows = list(scores)
    outcomes = Counter(row.outcome for row in rows)
    return Totals(
        cases=len(rows),
        exact=outcomes["exact"],
        equivalent=outcomes["equivalent"],
        silent_wrong=outcomes["silent_wrong"],
        flagged=sum(row.confidence != "certain" for row in rows),
        extra_lines=sum(row.extra_lines for row in rows),
        missing_lines=sum(row.missing_lines for row in rows),
        syntax_broken=sum(row.syntax_broken for row in rows),
    )


def normalise(text: str) -> list[str]:
    """The lines that count in a comparison."""
    lines = [split_end(line)[0].rstrip() for line in split_lines(text)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _bare(lines: list[str]) -> list[str]:
    return [bare for line in lines if (bare := "".join(line.split()))]


def _changes(before: list[str], after: list[str]) -> Counter[tuple[str, str]]:
    old, new = Counter(before), Counter(after)
    changes = Counter({("-", line): count for line, count in (old - new).items()})
    changes.update({("+", line): count for line, count in (new - old).items()})
    return changes


def _breaks(original: str, expected: str, merged: str, language: str) -> bool:
    broken = syntax.error_count(merged, language)
    if not broken:
        return False
    return broken > max(syntax.error_count(original, language) or 0, syntax.error_count(expected, language) or 0)
