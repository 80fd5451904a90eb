"""Scores of merges, and suite rows."""

from __future__ import annotations

import pytest

from applyweb.core.cases import CaseError, case_of
from applyweb.core.scoring import Score, score, score_refusal, total

OLD = "a\nb\nc\n"
NEW = "a\nB\nc\n"


@pytest.mark.parametrize(
    ("merged", "confidence", "outcome"),
    [
        (NEW, "certain", "exact"),
        (NEW, "unsure", "exact"),
        ("a\r\nB  \r\nc\r\n\r\n", "certain", "exact"),
        ("a\n\n  B\nc\n", "certain", "equivalent"),
        ("a\nX\nc\n", "certain", "silent_wrong"),
        ("a\nX\nc\n", "unsure", "flagged"),
        (OLD, "refused", "flagged"),
    ],
)
def test_outcome(merged: str, confidence: str, outcome: str) -> None:
    assert score(OLD, NEW, merged, confidence).outcome == outcome  # type: ignore[arg-type]


def test_extra_and_missing_lines_are_changes_as_multisets() -> None:
    result = score("a\nb\nc\nc\n", "a\nB\nc\nc\n", "a\nb\nX\nc\n", "unsure")
    assert (result.extra_lines, result.missing_lines) == (2, 2)  # +X -c, and -b +B did not come


def test_a_refusal_misses_everything() -> None:
    result = score(OLD, NEW, OLD, "refused")
    assert (result.extra_lines, result.missing_lines) == (0, 2)


def test_syntax_broken_only_where_both_others_are_better() -> None:
    sound, broken = "x = 1\n", "x = (\n"
    assert score(sound, sound, broken, "certain", "python").syntax_broken
    assert not score(broken, sound, broken, "certain", "python").syntax_broken
    assert not score(sound, sound, broken, "certain", "text").syntax_broken


def test_must_refuse() -> None:
    assert score_refusal("certain").outcome == "silent_wrong"
    assert score_refusal("refused").outcome == "flagged"
    assert score_refusal("unsure").outcome == "flagged"


def test_totals_count_every_unsure_case_as_flagged() -> None:
    rows = [
        Score("exact", "certain", 0, 0, False),
        Score("exact", "unsure", 0, 0, False),
        Score("flagged", "refused", 1, 2, True),
        Score("silent_wrong", "certain", 3, 4, False),
    ]
    totals = total(rows)
    assert (totals.cases, totals.exact, totals.equivalent, totals.silent_wrong, totals.flagged) == (4, 2, 0, 1, 2)
    assert (totals.extra_lines, totals.missing_lines, totals.syntax_broken) == (4, 6, 1)


def test_rows_of_both_kinds() -> None:
    own = case_of({"id": "a", "path": "x.py", "original": "o", "chat": "c", "expected": "e", "format": "lazy"}, 1)
    assert own is not None
    assert (own.id, own.path, own.chat, own.expected) == ("a", "x.py", "c", "e")
    theirs = case_of({"id": "b", "filename": "y.py", "original": "o", "snippet": "s", "error": True, "chat": True}, 2)
    assert theirs is not None
    assert (theirs.path, theirs.chat, theirs.expected) == ("y.py", "s", None)


def test_rows_left_out() -> None:
    assert case_of({"original": "o", "chat": "c", "expected": None}, 1) is None
    assert case_of({"original": "o", "chat": "c", "expected": "e", "input_files": {"a": "", "b": ""}}, 1) is None
    with pytest.raises(CaseError, match="Row 7"):
        case_of({"original": "o", "expected": "e"}, 7)
