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


def lines_naming(prose: Sequence[Sentence], removed: Sequence[str], added: Sequence[str]) -> set[int]:
    """Chat lines that quote what came (and was not there before), or that speak of a removal and quote what
    went."""
    old, new = _Code(removed), _Code(added)
    lines = set()
    for sentence in prose:
        came = any(new.holds(span) and not old.holds(span) for span in sentence.spans)
        went = sentence.removes and any(old.holds(span) and not new.holds(span) for span in sentence.spans)
        if came or went:
            lines.add(sentence.line)
    return lines


class _Code:
    def __init__(self, lines: Sequence[str]) -> None:
        self._words = {word for line in lines for word in _WORD.findall(line)} - _COMMON
        self._text = "".join(map(key_of, lines))

    def holds(self, span: str) -> bool:
        """Whether a quoted piece of code stands here: its words if it is a name, else its text."""
        key = key_of(span)
        if len(key) < 3:
            return False
        return key in self._words if _WORD.fullmatch(span.strip()) else key in self._text
