"""Characters that a reader cannot see or takes for others, and the marks that show them and can be asked what they are.

Must not know: where in a line or page they stand.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape

# Bidirectional controls can make code read differently from what runs; the others hide or merely look like a space.
_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200d\u2028\u2029"
    "\u202f\u205f-\u2065\u206a-\u206f\u2800\u3000\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{_CONTROLS}{_HIDDEN}]")
_IS_CONTROL = re.compile(f"[{_CONTROLS}]")
_SHORT = {
    "\x00": "NUL", "\x07": "BEL", "\x08": "BS", "\x0b": "VT", "\x0c": "FF", "\x1b": "ESC", "\x7f": "DEL", "\x85": "NEL",
    "\xa0": "NBSP", "\xad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM",
    "\u200f": "RLM", "\u2028": "LS", "\u2029": "PS", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF",
    "\u202d": "LRO", "\u202e": "RLO", "\u202f": "NNBSP", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI",
    "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip


def is_joiner_in_emoji(text: str, at: int) -> bool:
    """Whether the character at `at` is a zero-width joiner between two pictures, where it is ordinary writing."""
    return text[at] == "\u200d" and 0 < at < len(text) - 1 and ord(text[at - 1]) >= 0x2190 <= ord(text[at + 1])


@lru_cache(maxsize=256)
def mark(character: str) -> str:
    """HTML that shows an invisible character as a small label. The character stays in the text, so that copying is
    exact, and is isolated, so that it cannot reorder what stands after it."""
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, _SHORT.get(character, "CONTROL CHARACTER"))
    control = _IS_CONTROL.match(character)
    kind, classes = ("order", "inv control") if control else ("space" if character.isspace() else "unseen", "inv")
    return _marked(classes, _SHORT.get(character, code), f"{code} {name}", kind, character)


@lru_cache(maxsize=256)
def look_alike(character: str, looks: str) -> str:
    """HTML that underlines a character which passes for the ASCII character `looks`, with a small sign."""
    name = unicodedata.name(character, "CHARACTER")
    return _marked("look", f"not {looks}", f"U+{ord(character):04X} {name}", "alike", character)


def _marked(classes: str, label: str, title: str, kind: str, character: str) -> str:
    """`kind` names the words of static/js/review/characters.js that say why it matters."""
    return (
        f'<span class="{classes}" data-c="{escape(label)}" title="{escape(title)}" data-why="{kind}" tabindex="0"'
        f' role="img" aria-label="{escape(title)}">{escape(character)}</span>'
    )
