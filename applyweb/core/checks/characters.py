"""Characters that do not look like what they are: bidirectional controls, invisible ones, look-alike letters.

Must not know: programming languages. "Trojan Source" (CVE-2021-42574, CVE-2021-42694) is the attack to show.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from applyweb.core.text import split_lines

_BIDI = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
)
_INVISIBLE += "\ufff9-\ufffb\U000e0000-\U000e0fff"
_CONTROL = "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f"
_SPACE = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x85"
_IS_BIDI = re.compile(f"[{_BIDI}]")
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}{_CONTROL}]")
_DRAWN = re.compile(f"[{_BIDI}{_INVISIBLE}{_CONTROL}{_SPACE}]")

# Letters of other scripts that most fonts draw like these ASCII ones, and signs that pass for ASCII punctuation.
_LOOKS: dict[str, str] = {
    **dict(zip("абвеѕіјоорсухԁһԛԝ", "a6besijoopcyxdhqw", strict=True)),
    **dict(zip("АВЕЅІЈКМНОРСТУХԌ", "ABESIJKMHOPCTYXG", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True)),
    **dict(zip("ոսցօհ", "nugoh", strict=True)),
    "\u037e": ";",
    "\u01c3": "!",
    "\u2024": ".",
    "\u2044": "/",
    "\u2215": "/",
    "\u2236": ":",
    "\ua789": ":",
    "\u2010": "-",
    "\u2011": "-",
}
del _LOOKS["б"], _LOOKS["в"]  # they look like no ASCII letter in code fonts
_SIGN = re.compile("[\u037e\u01c3\u2024\u2044\u2215\u2236\ua789\u2010\u2011]")
_WIDE = "\uff01-\uff5e\U0001d400-\U0001d7ff"  # full-width and mathematical forms: identifiers fold them to ASCII
_WORD = re.compile(r"\w+")
_HAS_WIDE = re.compile(f"[{_WIDE}]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A character that may deceive. `line` and `column` are 1-based (columns in characters), `offset`
    0-based in the text; `codepoint` is "U+202E", `name` its Unicode name, `looks` the ASCII character it
    passes for, "" for unseen ones."""

    kind: Literal["bidi", "invisible", "look_alike"]
    line: int
    column: int
    offset: int
    codepoint: str
    name: str
    looks: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A character that a page must draw as a sign, since it shows nothing, or not what it is, by itself."""

    offset: int
    codepoint: str
    name: str


def suspicious(text: str) -> tuple[Finding, ...]:
    """Every character of a text that may deceive a reader, in order. A byte-order mark at the start,
    joiners inside an emoji or between letters that need them, and whole words of another script are
    ordinary text."""
    if text.isascii() and not _IS_INVISIBLE.search(text):
        return ()
    findings: list[Finding] = []
    offset = 0
    for number, line in enumerate(split_lines(text), start=1):
        if not line.isascii() or _IS_INVISIBLE.search(line):
            findings.extend(_in_line(line, number, offset))
        offset += len(line)
    return tuple(findings)


def visible(text: str) -> tuple[Mark, ...]:
    """The characters of a text (often one line) that must be drawn as signs: controls, unseen ones, odd
    spaces."""
    return tuple(
        Mark(found.start(), _codepoint(found.group()), _name(found.group())) for found in _DRAWN.finditer(text)
    )


def _in_line(line: str, number: int, offset: int) -> list[Finding]:
    found: list[tuple[int, Literal["bidi", "invisible", "look_alike"], str]] = []
    found.extend((match.start(), "bidi", "") for match in _IS_BIDI.finditer(line))
    unseen = (match.start() for match in _IS_INVISIBLE.finditer(line))
    found.extend((at, "invisible", "") for at in unseen if not _is_ordinary(line, at, offset))
    found.extend((match.start(), "look_alike", _LOOKS[match.group()]) for match in _SIGN.finditer(line))
    for match in _WORD.finditer(line):
        if not match.group().isascii():
            found.extend((match.start() + at, "look_alike", looks) for at, looks in _look_alikes(match.group(), line))
    return [
        Finding(kind, number, at + 1, offset + at, _codepoint(line[at]), _name(line[at]), looks)
        for at, kind, looks in sorted(set(found))
    ]


def _look_alikes(word: str, line: str) -> list[tuple[int, str]]:
    """The letters of a word that pass for ASCII: where ASCII letters stand beside them, or where the whole
    word passes and nothing else on the line is written in that script."""
    letters = [(at, character) for at, character in enumerate(word) if character.isalpha() and not character.isascii()]
    wide = [(at, unicodedata.normalize("NFKC", word[at])) for at, _ in letters if _HAS_WIDE.match(word[at])]
    alike = [(at, _LOOKS[character]) for at, character in letters if character in _LOOKS]
    if not alike:
        return wide
    mixed = any(character.isascii() and character.isalpha() for character in word)
    whole = len(alike) == len(letters) and not _has_other_letters(line)
    return sorted(wide + alike) if mixed or whole else wide


def _has_other_letters(line: str) -> bool:
    """The line holds letters of other scripts that pass for nothing: it is text in that script."""
    return any(character.isalpha() and not character.isascii() and character not in _LOOKS for character in line)


def _is_ordinary(line: str, at: int, offset: int) -> bool:
    if line[at] == "\ufeff":
        return offset + at == 0
    if line[at] not in "\u200c\u200d" or at == 0 or at + 1 >= len(line):
        return False
    before, after = line[at - 1], line[at + 1]
    emoji = all(unicodedata.category(character) in ("So", "Sk", "Mn") for character in (before, after))
    return emoji or all(character.isalpha() and ord(character) > 0x5FF for character in (before, after))


def _codepoint(character: str) -> str:
    return f"U+{ord(character):04X}"


def _name(character: str) -> str:
    return unicodedata.name(character, "control character")
