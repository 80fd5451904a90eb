"""Whole words in texts, found as fast as any characters are: a pattern that looks behind each character is far slower.

Must not know: what the words name.
"""

from __future__ import annotations


def count(word: str, text: str) -> int:
    """How often these characters stand in a text with no letter, digit, "_" or "$" beside them."""
    found = 0
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if (at and _is_of_word(text[at - 1])) or (end < len(text) and _is_of_word(text[end])):
            end = at + 1
        else:
            found += 1
        at = text.find(word, max(end, at + 1))
    return found


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in "_$"
