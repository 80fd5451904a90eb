"""Which named things go by the sentences of an answer, and which give way to the code below.

Must not know: the file, code, places. A sentence counts only where it says so plainly: what is negated, asked,
supposed, put off, told of the past or of elsewhere asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from applyweb.core.merge.sentences import CLAUSE, MARK, NEGATED, OPTIONAL, SUPPOSED, Sentence, clause_before, sentences

_KIND = (
    r"(?:methods?|functions?|class(?:es)?|helpers?|imports?|constants?|propert(?:y|ies)|fields?|members?|attributes?|"
    r"parameters?|arguments?|variables?|types?|interfaces?|structs?|enums?|hooks?|components?|tests?|fixtures?|decorators?|"
    r"options?|flags?|keys?|entr(?:y|ies)|rules?|blocks?|branch(?:es)?|checks?|calls?|lines?|stubs?|aliases|alias|jobs?|steps?)"
)
_HEAD = re.compile(rf"\s*(?:{_KIND}\s*)?(?:(?:both|all|also|now|therefore|themselves|itself)\s*)?\Z", re.I)
_KEPT = re.compile(r"\b(?:keep|keeps|kept|leave|leaves|left|stays?|remains?)\b", re.I)
_REMOVES = re.compile(
    r"\b(?:remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing)|drop(?:s|ped|ping)?|g[eo]t(?:s|ting)? rid of|eliminat(?:e|"
    r"es|ed|ing)|"
    r"strip(?:s|ped|ping)?|t(?:ake|akes|ook|aking)(?: out|(?=\s+(?:it|them|that)\s+out)))\b",
    re.I,
)
_GONE = re.compile(
    r"\b(?:is|are|was|were|gets?|been|being)\s+(?:now\s+|also\s+|therefore\s+)?(?:gone|removed|dropped|deleted|"
    r"eliminated)\b|"
    r"\bgo(?:es)? away\b|\bis gone\b|\bgone\b",
    re.I,
)
_IMPORTS = re.compile(r"\b(?:imports?|imported|importing)\b", re.I)
_NOT_IMPORTED = re.compile(r"\b(?:is|are)\s+(?:no longer imported|not imported any ?more)\b", re.I)
_NO_LONGER = re.compile(
    r"\bno longer (?:has|have|contains?|exports?|defines?|includes?|takes?|accepts?|declares?)\b", re.I
)
_IT = re.compile(r"\s+(?:it|them|that)\b[^\x01]*$", re.I)
_IT_GOES = re.compile(  # the sentence after the only name tells that
    r"`([^`\n.]{1,80})`[^`.!?\n]{0,120}[.!]\s+(?:(?:so|please|just)\s+)?(?:remove|delete|drop)\s+(?:it|them)\b", re.I
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
_OBJECT_END = re.compile(
    r"\b(?:from|in|inside|of|to|since|because|so|as|which|that|with|when|for|by|into|on|and (?:the )?\w+(?:s|"
    r"ed)\b)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Removal:
    """A sentence that says that `name` goes, from `owner` where it names one. `plain`: it is an order or a report, so
    that it may be carried out; else it is only expected to be done by the code. `imported`: the import of it goes, and
    not what it names."""

    name: str
    owner: str
    plain: bool
    sentence: str
    imported: bool = False


def leaf(name: str) -> str:
    """The last part of a name, without brackets: `delete` of `MemoryStore.delete()`."""
    return re.split(r"\.|::|#", re.sub(r"\(.*\)$", "", name.strip()))[-1]


@lru_cache(maxsize=2)  # what is carried out is judged by the same words
def removals(text: str) -> tuple[Removal, ...]:
    """What goes by the word of the prose, in order, each name once."""
    found: dict[tuple[str, str], Removal] = {}
    for sentence in sentences(text):
        if sentence.asks_nothing or _KEPT.search(sentence.text):
            continue
        for name, owner, plain in _removed(sentence):
            if name:
                imported = _IMPORTS.search(sentence.text) is not None
                found.setdefault((name, owner), Removal(name, owner, plain, sentence.raw, imported))
    for match in _IT_GOES.finditer(text):
        name = match[1].strip()
        found.setdefault((name, ""), Removal(name, "", False, match[0].strip(), False))
    return tuple(found.values())


def _removed(sentence: Sentence) -> Iterator[tuple[str, str, bool]]:
    """(name, owner, whether plainly) of one sentence."""
    text = sentence.text
    for match in _NO_LONGER.finditer(text):
        names = _objects(sentence, text[match.end() :])
        owner = [sentence.name(mark) for mark in MARK.finditer(clause_before(text, match.start()))][-1:]
        yield from ((name, own or (owner[0] if owner else ""), False) for name, own in names)
    passive = _GONE.search(text) or _NOT_IMPORTED.search(text)
    if passive:
        clause = clause_before(text, passive.start())
        if not NEGATED.search(clause + passive[0].replace("not imported", "")) and not OPTIONAL.search(clause):
            yield from ((name, owner, True) for name, owner in _subjects(sentence, clause))
        return
    for match in _REMOVES.finditer(text):
        if _IT.match(text, match.end()):
            yield from _spoken_of(sentence, text[: match.start()], plain=True)
            continue
        before = clause_before(text, match.start())
        offered = OPTIONAL.search(before)
        if NEGATED.search(before) or (
            offered and not re.search(r"\bcan (?:now )?$|\bnow\b", before + text[-12:], re.I)
        ):
            continue
        plain = not offered and not re.search(
            r"\b(?:should|must|needs? to|have to|has to|let['\u2019]?s)\b", before, re.I
        )
        yield from ((name, owner, plain) for name, owner in _objects(sentence, text[match.end() :]))


def _spoken_of(sentence: Sentence, before: str, *, plain: bool) -> Iterator[tuple[str, str, bool]]:
    """What "remove it" is about: the one name that the sentence said before."""
    marks = list(MARK.finditer(before))
    if len(marks) == 1 and not NEGATED.search(clause_before(before, len(before))) and not OPTIONAL.search(before):
        yield sentence.name(marks[0]), "", plain


def _objects(sentence: Sentence, rest: str) -> Iterator[tuple[str, str]]:
    """The names right behind a verb, before any preposition, each with what it is said to be of."""
    clause = CLAUSE.split(_KIND_OF.sub(r"\1 ", rest).replace(",", " and "), maxsplit=1)[0]
    end = _OBJECT_END.search(clause)
    head = clause[: end.start()] if end else clause
    for mark in MARK.finditer(head):
        if clause[mark.end() :].startswith(("'s", "\u2019s", "-")):
            continue  # something of it, not itself
        owner = _OWNER.match(clause[mark.end() :])
        yield sentence.name(mark), sentence.name(_at(owner)) if owner else ""


def _subjects(sentence: Sentence, clause: str) -> Iterator[tuple[str, str]]:
    """The names that a passive clause is about: nothing but what kind of thing they are, and what they are of, stands
    between the last one and the verb, and no preposition puts them behind something else."""
    clause = _KIND_OF.sub(r"\1", clause)
    marks = list(MARK.finditer(clause))
    for mark in marks:
        behind = clause[mark.end() :]
        owner = _OWNER.match(behind)
        rest = behind[owner.end() :] if owner else clause[marks[-1].end() :]
        before = MARK.sub(" ", clause[: mark.start()])
        if behind.startswith(("'s", "\u2019s", "-")) or _PREPOSITION.search(before) or not _HEAD.match(rest):
            return
        yield sentence.name(mark), sentence.name(_at(owner)) if owner else ""
        if owner:
            return


def _at(owner: re.Match[str]) -> re.Match[str]:
    found = MARK.search(owner[0])
    assert found is not None  # the pattern ends with a mark
    return found


def exchanged(paragraph: str) -> tuple[str, ...]:
    """What the code below takes the place of: the names right behind "replace", "swap" or "instead of", and what goes
    by a sentence that puts something in its place."""
    found: list[str] = []
    for sentence in sentences(paragraph):
        if sentence.raw.rstrip().endswith("?"):
            continue
        if _ITS_PLACE.search(sentence.text) and not sentence.asks_nothing:
            whole = replace(sentence, text=re.sub(r"[()]", " ", sentence.text))
            found += [name for name, owner, _ in _removed(whole) if not owner]
        for match in _EXCHANGES.finditer(sentence.text):
            before = clause_before(sentence.text, match.start())
            if not NEGATED.search(before) and not SUPPOSED.search(before):
                found += [name for name, owner in _objects(sentence, sentence.text[match.end() :]) if not owner]
        for match in _IN_PLACE_OF.finditer(sentence.text):
            found += [name for name, owner in _objects(sentence, sentence.text[match.end() :]) if not owner]
    return tuple(dict.fromkeys(found))
