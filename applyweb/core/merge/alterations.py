"""What the sentences of an answer ask to be otherwise: a name or a value that changes, a line that reads otherwise, a
line that comes beside another.

Must not know: the file, code, places. As with removals, a sentence counts only where it says so plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from applyweb.core.merge.sentences import MARK, NEGATED, OPTIONAL, Sentence, clause_before, sentences

_TELLING = 6  # characters; shorter ones stand in other places too
_NAME = re.compile(r"[\w$.:#-]+(?:\(\))?")
_M = r"\x01(\d+)\x02"
_NO = r"[^\x01\x02.;:]"
_THE = (
    r"(?:the\s+|a\s+|an\s+|that\s+)?"
    r"(?:(?:line|call|statement|condition|check|expression|existing|new|one|value|type)\s+){0,2}"
)
_MUST = (
    r"(?:should|must|needs?\s+to|ha(?:s|ve)\s+to|ought\s+to|is\s+to|are\s+to)\s+"
    r"(?:now\s+|instead\s+|then\s+|also\s+)?"
)
_SIDE = r"(?P<side>after|below|beneath|under(?:neath)?|behind|following|before|above)"
_PUT = r"\b(?:add|insert|put|place|write)(?:s|ed|ing)?\b"

_RENAMES = re.compile(r"\brenam(?:e|es|ed|ing)\b", re.I)
_SETS = re.compile(
    r"\b(?:set|sets|bump(?:s|ed)?|raise[sd]?|lower(?:s|ed)?|chang(?:e|es|ed)|increase[sd]?|decrease[sd]?|"
    r"turn(?:s|ed)?|rewrit(?:e|es|ten)|rewrote|convert(?:s|ed)?|switch(?:es|ed)?|edit(?:s|ed)?|update[sd]?|makes?)\b",
    re.I,
)
_TO = re.compile(rf"{_NO}{{0,40}}{_M}{_NO}{{0,30}}\b(?:to|as|into)\b{_NO}{{0,12}}{_M}")
_BE = (
    r"(?:be(?:come)?|read|say|look\s+like|be\s+(?:changed|turned|rewritten|set|replaced|swapped)"
    r"(?:\s+in)?(?:to|\s+to|\s+as|\s+with|\s+by))"
)
_BECOMES = r"(?:now\s+)?(?:becomes|turns\s+into|changes\s+to|is\s+now|now\s+reads|reads\s+now)"
_FOR = r"(?:with|by|for|it\s+(?:has\s+to|should|must|is\s+to)\s+(?:say|read))"
_COMES = rf"(?:comes?|goes?|{_PUT}|needs?|belongs?|follows?|stands?|is\s+a)"
_GOES = (
    rf"(?:comes|goes|belongs|stands|is\s+(?:inserted|added|placed|put)|{_MUST}(?:come|go|stand|be\s+(?:inserted|"
    r"added|placed|put)))\s+(?:right\s+|directly\s+|just\s+|now\s+|in\s+)?"
)
_EXCHANGED = (  # patterns, and which of their marks are the old and the new text
    (rf"{_M}\s+{_BECOMES}\s+{_M}", (1, 2)),
    (
        r"\b(?:replac(?:e[sd]?|ing)|swap(?:s|ped)?|exchange[sd]?|says?)\s+(?:every\s+|each\s+|all\s+)?(?:the\s+)?"
        rf"(?:\w+\s+)?{_M},?\s+{_FOR}\s+{_THE}{_M}",
        (1, 2),
    ),
    (rf"\b(?:use|call|say|write|name|put|have)\s+{_THE}{_M}\s+(?:instead|in\s+place)\s+of\s+{_THE}{_M}", (2, 1)),
    (rf"\b(?:instead|in\s+place|in\s+lieu)\s+of\s+{_THE}{_M},?\s+(?:{_NO}{{0,40}}\s)?{_M}", (1, 2)),
    (rf"{_M}\s+(?:line\s+)?{_MUST}{_BE}\s+{_THE}{_M}", (1, 2)),
    (rf"{_M}\s*(?:→|⇒|--?>|=>)\s*{_M}", (1, 2)),
)
_BESIDE = (  # patterns, and which of their marks are the line that is there and the one that comes
    (rf"\b{_SIDE}\s+{_THE}{_M},?\s+(?:[^\x01\x02.;]{{0,40}}\b{_COMES}\b[^\x01\x02.;]{{0,40}}){_M}", (2, 3)),
    (rf"{_PUT}{_NO}{{0,40}}{_M}{_NO}{{0,20}}\b{_SIDE}\s+{_THE}{_M}", (3, 1)),
    (rf"{_M}\s+(?:line\s+)?{_GOES}{_SIDE}\s+{_THE}{_M}", (3, 1)),
)
_EXCHANGES, _PLACES = (
    tuple((re.compile(pattern, re.I), marks) for pattern, marks in patterns) for patterns in (_EXCHANGED, _BESIDE)
)
_BEFORE_IT = re.compile(rf"\bbefore(?=\s+{_THE}\x01)", re.I)
_ABOVE = frozenset({"before", "above"})


@dataclass(frozen=True, slots=True)
class Alteration:
    """A sentence that says that `old` becomes `new`: itself, by a new name or as other code, or the value that it has;
    or that `new` comes right after or before the line `old`. `everywhere`: nothing of the old is to stay. `plain`: it
    is an order or a report, and speaks of nothing else, so that it may be carried out."""

    kind: Literal["name", "code", "value", "after", "before"]
    old: str
    new: str
    sentence: str
    everywhere: bool = False
    plain: bool = False


@lru_cache(maxsize=2)  # what is carried out is judged by the same words
def alterations(text: str) -> tuple[Alteration, ...]:
    """What changes by the word of the prose, in order: "rename `a` to `b`", "set `x` to `5`", "`f(1)` should be
    `f(2)`", "after `a = 1` comes `b = 2`"."""
    found: list[Alteration] = []
    for each in sentences(text, at_colons=False):
        sentence = replace(each, text=_BEFORE_IT.sub("above", each.text))  # of place, not of time
        if not sentence.asks_nothing:
            found += _exchanged(sentence)
            found += _renamed_or_set(sentence)
            found += _beside(sentence)
    return tuple({(each.kind, each.old, each.new): each for each in reversed(found)}.values())[::-1]


def _exchanged(sentence: Sentence) -> Iterator[Alteration]:
    for pattern, (old, new) in _EXCHANGES:
        for match in pattern.finditer(sentence.text):
            if not NEGATED.search(clause_before(sentence.text, match.start())):
                yield _altered(sentence, _span(sentence, match[old]), _span(sentence, match[new]))


def _altered(sentence: Sentence, old: str, new: str, *, everywhere: bool = True) -> Alteration:
    plain, everywhere = _is_plain(sentence), everywhere and len(old) >= _TELLING
    if _NAME.fullmatch(old):
        plain = plain and _NAME.fullmatch(new) is not None
        return Alteration("name", old, new, sentence.raw, everywhere, plain)
    return Alteration("code", old, new, sentence.raw, everywhere, plain)


def _renamed_or_set(sentence: Sentence) -> Iterator[Alteration]:
    for renames, verb in ((True, _RENAMES), (False, _SETS)):
        for match in verb.finditer(sentence.text):
            before = clause_before(sentence.text, match.start())
            rest = sentence.text[match.end() :]
            to = _TO.match(rest)
            if to is None or NEGATED.search(before) or OPTIONAL.search(before):
                continue
            old, new = _span(sentence, to[1]), _span(sentence, to[2])
            if renames:
                yield Alteration("name", old, new, sentence.raw, True, _is_plain(sentence))
            elif not _NAME.fullmatch(old) or re.match(r"\s*(?:it )?from\b", rest):
                yield _altered(sentence, old, new, everywhere=False)
            else:
                yield Alteration("value", old, new, sentence.raw)


def _beside(sentence: Sentence) -> Iterator[Alteration]:
    """Lines that come beside others; names in the place of lines speak of code that is shown."""
    for pattern, (old, new) in _PLACES:
        for match in pattern.finditer(sentence.text):
            here, comes = _span(sentence, match[old]), _span(sentence, match[new])
            if _NAME.fullmatch(comes) or comes.endswith(("(", "[", "{")) or not _is_plain(sentence):
                continue
            if NEGATED.search(clause_before(sentence.text, match.start())):
                continue
            kind: Literal["after", "before"] = "before" if match["side"].lower() in _ABOVE else "after"
            yield Alteration(kind, here, comes, sentence.raw, plain=True)


def _is_plain(sentence: Sentence) -> bool:
    """Whether it speaks of nothing else, and does not announce the code below."""
    if len(MARK.findall(sentence.text)) > 2 or sentence.raw.endswith(":"):
        return False
    return OPTIONAL.search(sentence.text) is None


def _span(sentence: Sentence, number: str) -> str:
    return sentence.spans[int(number)].strip()
