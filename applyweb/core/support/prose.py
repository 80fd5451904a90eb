"""The chat's sentences as evidence for a change: weaker than code, and only where they name what changed.

Must not know: places in the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from applyweb.core.chat import parse
from applyweb.core.support.rows import key_of
from applyweb.core.text import split_end, split_lines

_WORD = re.compile(r"[A-Za-z_$@][\w$]*")
_SPAN = re.compile(r"`([^`\n]+)`")
_REMOVAL = re.compile(
    r"\b(?:remov|delet|drop|gone|no longer|without|get(?:s|ting)? rid|strip|replac|instead|unused|simplif|collaps|"
    r"inlin|mov(?:e|ing)|merg|renam|chang|updat|switch|convert|bump|rewrit|reformat|reorder|sort|fix|into|became)\w*",
    re.IGNORECASE,
)
_SHORTEST = 3  # characters of a quote that says something
_LOOKS = 2_000_000  # for quotes that are no names, in all hunks of a merge
_A_LOOK = 500  # characters that are searched in the time that a look takes
_COMMON = frozenset(
    {"self", "this", "return", "import", "from", "const", "let", "var", "def", "class", "function", "new", "not", "and"}
    | {"the", "for", "if", "else", "true", "false", "none", "null", "int", "str", "string", "bool", "void", "async"}
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of prose: its 1-based number in the chat, its quoted code, and whether it speaks of a
    removal."""

    line: int
    spans: tuple[str, ...]
    removes: bool


def read_prose(chat: str) -> tuple[Sentence, ...]:
    """The lines outside of code that quote some."""
    inside: set[int] = set()
    for edit in parse(chat).edits:
        inside.update(range(edit.start, edit.end + 1))
    sentences = []
    for number, line in enumerate(split_lines(chat), start=1):
        spans = tuple(_SPAN.findall(line)) if number not in inside else ()
        if spans:
            sentences.append(Sentence(number, spans, bool(_REMOVAL.search(split_end(line)[0]))))
    return tuple(sentences)


class Naming:
    """The sentences by what they quote: names by their word; other code has to be looked for, within bounds."""

    def __init__(self, prose: Sequence[Sentence]) -> None:
        self._by_word: dict[str, list[Sentence]] = {}
        self._by_text: dict[str, list[Sentence]] = {}
        for sentence in prose:
            for span in sentence.spans:
                key = key_of(span)
                by = self._by_word if _WORD.fullmatch(span.strip()) else self._by_text
                if len(key) >= _SHORTEST:
                    by.setdefault(key, []).append(sentence)
        self._left = _LOOKS

    def lines(self, removed: Sequence[str], added: Sequence[str]) -> set[int]:
        """Chat lines that quote what came (and was not there before), or that speak of a removal and quote what
        went."""
        if not self._by_word and not self._by_text:
            return set()
        old, new = _Code(removed), _Code(added)
        came = {word for word in new.words - old.words if word in self._by_word}
        went = {word for word in old.words - new.words if word in self._by_word}
        found = {sentence.line for word in came for sentence in self._by_word[word]}
        found |= {sentence.line for word in went for sentence in self._by_word[word] if sentence.removes}
        self._left -= len(self._by_text) * (1 + (len(old.text) + len(new.text)) // _A_LOOK)
        for text, sentences in self._by_text.items() if self._left >= 0 else ():
            before, after = text in old.text, text in new.text
            if before != after:
                found.update(sentence.line for sentence in sentences if after or sentence.removes)
        return found


class _Code:
    """The words of some lines but for those found anywhere, and the lines as one text without white space."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.words = {word for line in lines for word in _WORD.findall(line)} - _COMMON
        self.text = "".join(map(key_of, lines))
