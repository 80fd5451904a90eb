"""Which lines of an edit stand for code that is not shown ("... existing code ...", "rest unchanged", a bare "...").

Must not know: where anything goes. A line that the original holds as it is, is content and never a marker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum

from applyweb.core.merge.lines import Lines, is_comment

_OPEN = re.compile(
    r"^(?:\{\s*)?(?://+!?|#+!?|/\*+|<!--|--\[\[|--|;+|%+|\(\*|\{-|\*|'|\"\"\"|'''|REM\b|\"\"\"|@\*|\{#)\s*"
)
_MAY_BE = re.compile(r"[{/#<;%(*'\"R@\[-]|.*?(?:\.\.|…|⋮)")  # how a marker begins, or what it holds: a quick first look
_CLOSE = re.compile(r"\s*(?:\*+/|-->|\]\]|\*\)|-\}|\"\"\"|'''|\*@|#\})?\s*\}?$")
_DOTS = r"(?:\.{3,}|…|\.\.(?!\.)|⋮|\[\.\.\.\]|\[…\])"
_ONLY_DOTS = re.compile(rf"^[\s(\[<{{]*{_DOTS}(?:\s*{_DOTS})*[\s)\]>}},;]*$")
_STARTS = re.compile(rf"^[\s(\[<{{]*{_DOTS}")
_ENDS = re.compile(rf"{_DOTS}[\s)\]>}}.,;]*$")
_STATUS = re.compile(
    r"\b(?:unchanged|un-?modified|untouched|un-?altered|omitted|elided|snipped|truncated|identical|"
    r"not (?:changed|shown|modified)|no changes?(?: (?:here|needed|below|above))?|"
    r"(?:stays?|remains?|is|are|keeps?|kept|leave|left|keep|"
    r"continues?)(?: \w+){0,4} (?:the same|same|as[- ]is|as[- ]before|unchanged|intact|alone)|"
    r"as[- ]is|as[- ]before|same as "
    r"(?:before|above|existing|original|previously)|(?:goes|remains?|stays?|continues?) here|for brevity|hidden)\b",
    re.I,
)
_WHAT = re.compile(
    r"^[\s(\[<]*(?:and\s+)?(?:keep\s+|leave\s+)?(?:all\s+)?(?:of\s+)?(?:the\s+|your\s+)?(?:\w+\s+)?"
    r"(?:rest|remainder|remaining|existing|other|others|previous|everything|more|original|unchanged|current|preceding|following)\b"
    r"(?:[\s\w`'/&,+<>().-]{0,70})[\s)\]>.:]*$",
    re.I,
)
_THINGS = re.compile(
    r"\b(?:rest|remainder|existing|remaining|unchanged|previous|other|others|same|code|imports?|methods?|functions?|fields?|"
    r"lines?|tests?|cases?|body|above|below|file|class|content|implementation|logic|definitions?|properties|members?|"
    r"here|etc|setup|omitted|before|routes?|handlers?|keep|entries|items|helpers?|constants?|options?|config\w*|stays?|remains?|elements?|docs?|"
    r"docstring|description|parameters?|args?|arguments?|markup|styles?|rules?|settings?)\b",
    re.I,
)


_AFTER_STATUS = 3  # words that may follow "unchanged" and the like
_TELLS = re.compile(
    r"\b(?:can|cannot|could|would|must|should|might|does|did|so|because|when|while|unless|whether)\b|n['\u2019]t\b",
    re.I,
)
_SENTENCE_END = re.compile(r"[.:!?]\W*$")
_WORD = re.compile(r"[A-Za-z]+")
_PLAIN = re.compile(
    r"a|all|and|are|as|everything|for|from|in|is|its?|leave|more|no|not|of|on|original|stays?|the|this|to|un|unchanged|unmodified|"
    r"untouched|omitted|brevity|shown|identical|current|your|with",
    re.I,
)
_LOWER = re.compile(r"\W*[a-z]")
_DIRECTIVE = re.compile(r"\.\. [\w:-]+::")  # of reStructuredText, as in a docstring
_SENTENCES = re.compile(r"[a-z]\. +[A-Z]")
_TAG = re.compile(r"^</?[A-Za-z][\w.:-]*(?:\s[^<>]*=|\s*/?>)")


class Strength(IntEnum):
    NONE = 0
    WEAK = 1  # words only; may be an ordinary comment
    STRONG = 2  # an ellipsis


def marker_strength(key: str) -> Strength:
    """How surely a line (without outer white space) is a marker by its own look."""
    if not key or len(key) > 200 or not _MAY_BE.match(key):
        return Strength.NONE
    opening = _OPEN.match(key)
    body = _CLOSE.sub("", key[opening.end() :] if opening else key).strip()
    if _DIRECTIVE.match(body):
        return Strength.NONE
    if _ONLY_DOTS.match(body):
        return Strength.STRONG
    if opening is None:
        wordy = (
            re.match(rf"^[\s(\[<{{]*{_DOTS}\s", body)
            and re.search(r"[A-Za-z]{3}", body)
            and not re.search(r"[=;{}]|\w\(", body)
        )
        bracketed = re.match(r"^[\[(<].*[\])>]$", body) and not _TAG.match(body) and _STATUS.search(body)
        return Strength.STRONG if (wordy and _THINGS.search(body)) or bracketed else Strength.NONE
    if not body or (opening[0].startswith("'") and "'" in body):
        return Strength.NONE
    if _STARTS.match(body):
        return Strength.STRONG
    if _ENDS.search(body):
        return Strength.STRONG if _STATUS.search(body) or _WHAT.match(_ENDS.sub("", body)) else Strength.NONE
    words = len(body.split())
    status = _STATUS.search(body)
    if words <= 14 and status and len(body[status.end() :].split()) <= _AFTER_STATUS and not _SENTENCES.search(body):
        return Strength.WEAK
    if words <= 8 and _WHAT.match(body) and _THINGS.search(body) and not body.endswith(":") and not _TELLS.search(body):
        return Strength.WEAK
    return Strength.NONE


def is_wordy_marker(key: str) -> bool:
    """Whether a line, without outer white space, is surely a marker and no bare ellipsis, which code has too."""
    return marker_strength(key) == Strength.STRONG and re.search(r"[A-Za-z]{3}", key) is not None


def find_markers(edit: Lines, original: Mapping[str, Sequence[int]]) -> list[Strength]:
    """The strength of every line of an edit. `original` tells the rows of each key of the original, whose lines are
    content."""
    result = [Strength.NONE if key in original else marker_strength(key) for key in edit.keys]
    if not any(result):
        return result
    session = False  # inside of an example session, whose lines go on with "... "
    for row, key in enumerate(edit.keys):
        session = key.startswith(">>> ") or (session and key.startswith(("...", "Traceback")))
        if session:
            result[row] = Strength.NONE
    for row, strength in enumerate(result):
        if strength == Strength.WEAK and _inside_comment(edit, row) and not _hides_lines(edit, row, original):
            result[row] = Strength.NONE
    return result


def _hides_lines(edit: Lines, row: int, original: Mapping[str, Sequence[int]]) -> bool:
    """Whether the lines around this one stand in the original with others between them."""
    if not 0 < row < edit.size - 1:
        return False
    above, below = (original.get(edit.keys[at], ()) for at in (row - 1, row + 1))
    return bool(above and below) and above[0] < below[-1] and not {high + 1 for high in above} & set(below)


def _inside_comment(edit: Lines, row: int) -> bool:
    """Whether a comment line stands between two others, or goes on with the sentence of the one above it, or the one
    below goes on with its own."""
    above, below = (
        0 <= at < edit.size
        and edit.indents[at] == edit.indents[row]
        and is_comment(edit.keys[at])
        and not marker_strength(edit.keys[at])
        for at in (row - 1, row + 1)
    )
    if above and below:
        return True
    begun = above and _goes_on(edit.keys[row], edit.keys[row - 1])
    return _says_more(edit.keys[row]) and (begun or (below and _goes_on(edit.keys[row + 1], edit.keys[row])))


def _goes_on(key: str, above: str) -> bool:
    """Whether a comment line begins in the middle of the sentence of the one above it."""
    return _SENTENCE_END.search(above) is None and _LOWER.match(key) is not None


def _says_more(key: str) -> bool:
    """Whether a comment has words of its own beside those that markers are made of."""
    return any(not _THINGS.fullmatch(word) and not _PLAIN.fullmatch(word) for word in _WORD.findall(key))
