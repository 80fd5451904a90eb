"""Sentences of an answer's prose, with the names and pieces of code that they quote told from their words.

Must not know: what a sentence asks for. Names are what stands in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LONGEST = 1_000  # characters of a sentence that are read
_SPAN = re.compile(r"`([^`\n]{1,160})`")
MARK = re.compile(r"\x01(\d+)\x02")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_COLON = re.compile(r"(?<=:)\s+")
CLAUSE = re.compile(
    r"[;:—–()]|,|\b(?:but|so|because|since|while|although|though|which|that|and then|as it|as they)\b", re.I
)

# What a sentence must not hold, or it asks nothing.
SUPPOSED = re.compile(r"\b(?:if|unless|once|until|whether|in case|suppose|imagine)\b", re.I)
_ELSEWHEN = re.compile(
    r"\b(?:later|eventually|some ?day|soon|yet|upstream|elsewhere|previously|already|earlier|before|used to|follow-?up|"
    r"in (?:a|the|another|some) (?:future|next|later|separate|different)|next (?:step|release|version|time)|"
    r"last (?:week|month|year|time|release|version)|long ago|at some point|had|older|callers?|wrong|mistake|"
    r"says|said|claims?|documentation|docs)\b",
    re.I,
)
NEGATED = re.compile(
    r"\b(?:not|never|cannot|without|avoid\w*|neither|nor|instead of|rather than|no need)\b|n['\u2019]t\b|"
    r"\bno (?!longer)",
    re.I,
)
OPTIONAL = re.compile(
    r"\b(?:can|could|may|might|would|optional(?:ly)?|consider|feel free|want to|wants to|like to|prefer|planning|"
    r"plan to|going to|will|once|able to|safe to|possible)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` has the quoted names replaced by marks, which keep no full stops, commas or words."""

    text: str
    spans: Sequence[str]
    raw: str

    def name(self, mark: re.Match[str]) -> str:
        return self.spans[int(mark[1])].strip()

    @property
    def asks_nothing(self) -> bool:
        return self.raw.rstrip().endswith("?") or bool(SUPPOSED.search(self.text) or _ELSEWHEN.search(self.text))


def sentences(text: str, *, at_colons: bool = True) -> Iterator[Sentence]:
    """The sentences that quote something; `at_colons`: what follows a colon is one of its own."""
    spans: list[str] = []

    def mark(found: re.Match[str]) -> str:
        spans.append(found[1])
        return f"\x01{len(spans) - 1}\x02"

    marked = _SPAN.sub(mark, text.replace("\x01", " ").replace("\x02", " "))
    whole = _SENTENCE.split(marked)
    for part in (part for each in whole for part in _COLON.split(each)) if at_colons else whole:
        piece = part[:_LONGEST]
        if "\x01" in piece:
            raw = MARK.sub(lambda found: f"`{spans[int(found[1])]}`", piece)
            yield Sentence(piece, spans, raw.strip())


def clause_before(text: str, at: int) -> str:
    """The clause that a word at `at` is in, up to it."""
    return CLAUSE.split(text[:at])[-1]
