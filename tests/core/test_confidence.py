"""From notes and signals to a probability, and from that to "certain"."""

from __future__ import annotations

from applyweb.core.merge import confidence, merge
from applyweb.core.merge.plan import MergeNote


def _note(code: str, severity: str = "warning") -> MergeNote:
    return MergeNote(code, "why", severity, 1)  # type: ignore[arg-type]


def test_every_doubt_lowers_the_probability() -> None:
    plain = confidence.probability({})
    assert plain > 0.99
    for code in ("edge_unsure", "syntax", "declared_twice", "a_doubt_that_no_case_had"):
        assert confidence.probability(confidence.features([_note(code)], {})) < plain


def test_a_doubt_that_no_case_had_is_not_certain() -> None:
    evidence = confidence.features([_note("a_doubt_that_no_case_had")], {})
    assert not confidence.is_certain(confidence.probability(evidence))


def test_remarks_are_no_evidence() -> None:
    assert confidence.features([_note("removed_by_prose", "info")], {"pieces": 0.0}) == {}


def test_errors_and_unasked_losses_bar_certainty() -> None:
    assert confidence.is_barred([_note("not_placed", "error")])
    assert confidence.is_barred([_note("unasked_removal")])
    assert not confidence.is_barred([_note("unasked_removal", "info"), _note("repeats")])


def test_a_merge_tells_its_probability_and_evidence() -> None:
    made = merge("a = 1\nb = 2\n", "```python\n# ...\nb = 3\n```\n", path="x.py")
    assert made.confidence == "certain"
    assert made.probability >= 0.9
    assert confidence.probability(made.evidence) == made.probability


def test_an_unsure_merge_always_says_why() -> None:
    chat = "```python\n# ...\nb = 3\n# ...\nq = 1\n# ...\n```"
    made = merge("a = 1\nb = 2\nc = 3\nd = 4\n", f"Change it:\n{chat}\n", path="x.py")
    assert made.confidence == "unsure"
    assert any(note.severity != "info" for note in made.notes)
