"""What the sentences of an answer ask of named things: which go, which change their name or value, which give way to
the code below.

Must not know: the file, code, places. A sentence counts only where it says so plainly: what is negated, asked,
supposed, put off, told of the past or of elsewhere asks nothing. Names are what stands in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

_TELLING = 6  # characters; shorter ones stand in other places too
_LONGEST = 1_000  # characters of a sentence that are read
_SPAN = re.compile(r"`([^`\n]{1,160})`")
_MARK = re.compile(r"\x01(\d+)\x02")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n")
_CLAUSE = re.compile(
    r"[;:—–()]|,|\b(?:but|so|because|since|while|although|though|which|that|and then|as it|as they)\b", re.I
)

# What a sentence must not hold, or it asks nothing.
_SUPPOSED = re.compile(r"\b(?:if|unless|once|until|whether|in case|suppose|imagine)\b", re.I)
_ELSEWHEN = re.compile(
    r"\b(?:later|eventually|some ?day|soon|yet|upstream|elsewhere|previously|already|earlier|before|used to|follow-?up|"
    r"in (?:a|the|another|some) (?:future|next|later|separate|different)|next (?:step|release|version|time)|"
    r"last (?:week|month|year|time|release|version)|long ago|at some point|had|older|callers?|wrong|mistake|"
    r"says|said|claims?|documentation|docs)\b",
    re.I,
)
_KIND = (
    r"(?:methods?|functions?|class(?:es)?|helpers?|imports?|constants?|propert(?:y|ies)|fields?|members?|attributes?|"
    r"parameters?|arguments?|variables?|types?|interfaces?|structs?|enums?|hooks?|components?|tests?|fixtures?|decorators?|"
    r"options?|flags?|keys?|entr(?:y|ies)|rules?|blocks?|branch(?:es)?|checks?|calls?|lines?|stubs?|aliases|alias|jobs?|steps?)"
)
_HEAD = re.compile(rf"\s*(?:{_KIND}\s*)?(?:(?:both|all|also|now|therefore|themselves|itself)\s*)?\Z", re.I)
_KEPT = re.compile(r"\b(?:keep|keeps|kept|leave|leaves|left|stays?|remains?)\b", re.I)
_NEGATED = re.compile(
    r"\b(?:not|never|cannot|without|avoid\w*|neither|nor|instead of|rather than|no need)\b|n['\u2019]t\b|"
    r"\bno (?!longer)",
    re.I,
)
_OPTIONAL = re.compile(
    r"\b(?:can|could|may|might|would|optional(?:ly)?|consider|feel free|want to|wants to|like to|prefer|planning|"
    r"plan to|going to|will|once|able to|safe to|possible)\b",
    re.I,
)

_REMOVES = re.compile(
    r"\b(?:remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing)|drop(?:s|ped|ping)?|g[eo]t(?:s|ting)? rid of|eliminat(?:e|"
    r"es|ed|ing)|"
    r"strip(?:s|ped|ping)?|t(?:ake|akes|ook|aking) out)\b",
    re.I,
)
_GONE = re.compile(
    r"\b(?:is|are|was|were|gets?|been|being)\s+(?:now\s+|also\s+|therefore\s+)?(?:gone|removed|dropped|deleted|"
    r"eliminated)\b|"
    r"\bgo(?:es)? away\b|\bis gone\b|\bgone\b",
    re.I,
)
_NO_LONGER = re.compile(
    r"\bno longer (?:has|have|contains?|exports?|defines?|includes?|takes?|accepts?|declares?)\b", re.I
)
_RENAMES = re.compile(r"\brenam(?:e|es|ed|ing)\b", re.I)
_SETS = re.compile(
    r"\b(?:set|sets|bump(?:s|ed)?|raise[sd]?|lower(?:s|ed)?|chang(?:e|es|ed)|increase[sd]?|decrease[sd]?)\b", re.I
)
_EXCHANGES = re.compile(
    r"\b(?:replac(?:e|es|ed|ing)|swap(?:s|ped|ping)?|substitut(?:e|es|ed|ing)|exchang(?:e|es|ed|ing))\b", re.I
)
_IN_PLACE_OF = re.compile(r"\b(?:instead of|in (?:the )?place of|in lieu of)\s", re.I)
_ITS_PLACE = re.compile(r"\b(?:in (?:its|their) (?:place|stead)|instead)\b", re.I)
_PREPOSITION = re.compile(r"\b(?:in|inside|within|of|from|on|for|to|with|by|via|into|at|like|as|through|under)\b", re.I)
_OWNER = re.compile(
    rf"^\s*(?:\w+\s+)?(?:{_KIND})?\s*(?:of|in|from|on|inside)\s+(?:the\s+)?(?:class\s+)?\x01(\d+)\x02",
    re.I,
)
_KIND_OF = re.compile(
    r"(\b(?:imports?|definitions?|declarations?|line|lines|uses?|calls?|entry|entries|mention)\s+)of\b(?=\s+(?:the\s+)?\x01)",
    re.I,
)
_INSTEAD_OF = re.compile(
    r"\b(?:use|call|say|write|name)\s+(?:the\s+)?\x01(\d+)\x02\s+(?:instead|in place) of\s+(?:the\s+)?\x01(\d+)\x02",
    re.I,
)
_FOR_ANOTHER = re.compile(
    r"\b(?:replace[sd]?|swap(?:s|ped)?|exchange[sd]?|say[s]?)\s+(?:the\s+)?(?:\w+\s+)?\x01(\d+)\x02,?"
    r"\s+(?:with|by|for|it (?:has to|should|must|is to) say)\s+\x01(\d+)\x02",
    re.I,
)
_BECOMES = re.compile(r"\x01(\d+)\x02\s+(?:now\s+)?(?:becomes|turns into)\s+\x01(\d+)\x02", re.I)
_OBJECT_END = re.compile(
    r"\b(?:from|in|inside|of|to|since|because|so|as|which|that|with|when|for|by|into|on|and (?:the )?\w+(?:s|"
    r"ed)\b)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Removal:
    """A sentence that says that `name` goes, from `owner` where it names one. `plain`: it is an order or a report, so
    that it may be carried out; else it is only expected to be done by the code."""

    name: str
    owner: str
    plain: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Alteration:
    """A sentence that says that `old` becomes `new`: itself, as by a new name, or the value that it has. `everywhere`:
    nothing of the old is to stay."""

    kind: Literal["name", "value"]
    old: str
    new: str
    sentence: str
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`text` has the quoted names replaced by marks, which keep no full stops, commas or words."""

    text: str
    spans: Sequence[str]
    raw: str

    def name(self, mark: re.Match[str]) -> str:
        return self.spans[int(mark[1])].strip()

    @property
    def asks_nothing(self) -> bool:
        return self.raw.rstrip().endswith("?") or bool(_SUPPOSED.search(self.text) or _ELSEWHEN.search(self.text))


def _sentences(text: str) -> Iterator[_Sentence]:
    spans: list[str] = []

    def mark(found: re.Match[str]) -> str:
        spans.append(found[1])
        return f"\x01{len(spans) - 1}\x02"

    marked = _SPAN.sub(mark, text.replace("\x01", " ").replace("\x02", " "))
    for piece in _SENTENCE.split(marked):
        piece = piece[:_LONGEST]
        if "\x01" in piece:
            raw = _MARK.sub(lambda found: f"`{spans[int(found[1])]}`", piece)
            yield _Sentence(piece, spans, raw.strip())


def leaf(name: str) -> str:
    """The last part of a name, without brackets: `delete` of `MemoryStore.delete()`."""
    return re.split(r"\.|::|#", re.sub(r"\(.*\)$", "", name.strip()))[-1]


@lru_cache(maxsize=2)  # what is carried out is judged by the same words
def removals(text: str) -> tuple[Removal, ...]:
    """What goes by the word of the prose, in order, each name once."""
    found: dict[tuple[str, str], Removal] = {}
    for sentence in _sentences(text):
        if sentence.asks_nothing or _KEPT.search(sentence.text):
            continue
        for name, owner, plain in _removed(sentence):
            if name:
                found.setdefault((name, owner), Removal(name, owner, plain, sentence.raw))
    return tuple(found.values())


def _removed(sentence: _Sentence) -> Iterator[tuple[str, str, bool]]:
    """(name, owner, whether plainly) of one sentence."""
    text = sentence.text
    for match in _NO_LONGER.finditer(text):
        names = _objects(sentence, text[match.end() :])
        owner = [sentence.name(mark) for mark in _MARK.finditer(_clause_before(text, match.start()))][-1:]
        yield from ((name, own or (owner[0] if owner else ""), False) for name, own in names)
    passive = _GONE.search(text)
    if passive:
        clause = _clause_before(text, passive.start())
        if not _NEGATED.search(clause + passive[0]) and not _OPTIONAL.search(clause):
            yield from ((name, owner, True) for name, owner in _subjects(sentence, clause))
        return
    for match in _REMOVES.finditer(text):
        before = _clause_before(text, match.start())
        offered = _OPTIONAL.search(before)
        if _NEGATED.search(before) or (
            offered and not re.search(r"\bcan (?:now )?$|\bnow\b", before + text[-12:], re.I)
        ):
            continue
        plain = not offered and not re.search(
            r"\b(?:should|must|needs? to|have to|has to|let['\u2019]?s)\b", before, re.I
        )
        yield from ((name, owner, plain) for name, owner in _objects(sentence, text[match.end() :]))


def _clause_before(text: str, at: int) -> str:
    """The clause that a word at `at` is in, up to it."""
    return _CLAUSE.split(text[:at])[-1]


def _objects(sentence: _Sentence, rest: str) -> Iterator[tuple[str, str]]:
    """The names right behind a verb, before any preposition, each with what it is said to be of."""
    clause = _CLAUSE.split(_KIND_OF.sub(r"\1 ", rest).replace(",", " and "), maxsplit=1)[0]
    end = _OBJECT_END.search(clause)
    head = clause[: end.start()] if end else clause
    for mark in _MARK.finditer(head):
        if clause[mark.end() :].startswith(("'s", "\u2019s", "-")):
            continue  # something of it, not itself
        owner = _OWNER.match(clause[mark.end() :])
        yield sentence.name(mark), sentence.name(_at(owner)) if owner else ""


def _subjects(sentence: _Sentence, clause: str) -> Iterator[tuple[str, str]]:
    """The names that a passive clause is about: nothing but what kind of thing they are, and what they are of, stands
    between the last one and the verb, and no preposition puts them behind something else."""
    marks = list(_MARK.finditer(clause))
    for mark in marks:
        behind = clause[mark.end() :]
        owner = _OWNER.match(behind)
        rest = behind[owner.end() :] if owner else clause[marks[-1].end() :]
        before = _MARK.sub(" ", clause[: mark.start()])
        if behind.startswith(("'s", "\u2019s", "-")) or _PREPOSITION.search(before) or not _HEAD.match(rest):
            return
        yield sentence.name(mark), sentence.name(_at(owner)) if owner else ""
        if owner:
            return


def _at(owner: re.Match[str]) -> re.Match[str]:
    found = _MARK.search(owner[0])
    assert found is not None  # the pattern ends with a mark
    return found


def alterations(text: str) -> tuple[Alteration, ...]:
    """Names and values that change by the word of the prose: "rename `a` to `b`", "set `x` to `5`"."""
    found: list[Alteration] = []
    for sentence in _sentences(text):
        if sentence.asks_nothing:
            continue
        for pattern, (first, second) in ((_BECOMES, (1, 2)), (_FOR_ANOTHER, (1, 2)), (_INSTEAD_OF, (2, 1))):
            for match in pattern.finditer(sentence.text):
                if not _NEGATED.search(_clause_before(sentence.text, match.start())):
                    old, new = (sentence.spans[int(match[number])].strip() for number in (first, second))
                    found.append(Alteration("name", old, new, sentence.raw, len(old) >= _TELLING))
        for kind, verb in (("name", _RENAMES), ("value", _SETS)):
            for match in verb.finditer(sentence.text):
                before = _clause_before(sentence.text, match.start())
                rest = sentence.text[match.end() :]
                to = re.match(
                    r"[^\x01\x02.;:]{0,40}\x01(\d+)\x02[^\x01\x02.;:]{0,30}\b(?:to|as|"
                    r"into)\b[^\x01\x02.;:]{0,12}\x01(\d+)\x02",
                    rest,
                )
                if to is None or _NEGATED.search(before) or _OPTIONAL.search(before):
                    continue
                old, new = (sentence.spans[int(to[number])].strip() for number in (1, 2))
                whole = kind == "name" or re.match(r"\s*(?:it )?from\b", rest) is not None
                found.append(Alteration("name" if whole else "value", old, new, sentence.raw, kind == "name"))
    return tuple(found)


def exchanged(paragraph: str) -> tuple[str, ...]:
    """What the code below takes the place of: the names right behind "replace", "swap" or "instead of", and what goes
    by a sentence that puts something in its place."""
    found: list[str] = []
    for sentence in _sentences(paragraph):
        if sentence.raw.rstrip().endswith("?"):
            continue
        if _ITS_PLACE.search(sentence.text) and not sentence.asks_nothing:
            whole = replace(sentence, text=re.sub(r"[()]", " ", sentence.text))
            found += [name for name, owner, _ in _removed(whole) if not owner]
        for match in _EXCHANGES.finditer(sentence.text):
            before = _clause_before(sentence.text, match.start())
            if not _NEGATED.search(before) and not _SUPPOSED.search(before):
                found += [name for name, owner in _objects(sentence, sentence.text[match.end() :]) if not owner]
        for match in _IN_PLACE_OF.finditer(sentence.text):
            found += [name for name, owner in _objects(sentence, sentence.text[match.end() :]) if not owner]
    return tuple(dict.fromkeys(found))
