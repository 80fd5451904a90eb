"""Words that a tokenizer takes for its own control tokens ("<|im_end|>"), replaced on the way to a model and put
back on the way home, so that in a file they stay data.

Must not know: prompts, servers. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

_CONTROL = re.compile(r"<[|｜][^<>|｜\s]{1,48}[|｜]>|</?s>|\[/?INST\]|<(?:start|end)_of_turn>")


@dataclass(frozen=True, slots=True)
class StandIns:
    """`of` maps each word to its stand-in: the word with a mark behind its first character, found in no text."""

    of: Mapping[str, str]

    @classmethod
    def for_texts(cls, texts: Iterable[str]) -> StandIns:
        joined = "\n".join(texts)
        words = sorted(set(_CONTROL.findall(joined)))
        for length in count(1):
            of = {word: f"{word[0]}{'!' * length}{word[1:]}" for word in words}
            if not any(stand_in in joined for stand_in in of.values()):
                return cls(of)
        raise AssertionError("count() is endless")

    def hide(self, text: str) -> str:
        return _replace(text, self.of)


class Revealer:
    """Puts the words back into a text that arrives in pieces, cut anywhere."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._words = {stand_in: word for word, stand_in in stand_ins.of.items()}
        self._held = ""

    def feed(self, piece: str) -> str:
        """The text that is now sure; the results of all calls joined, with `close()`, are the text."""
        text = self._held + piece
        keep = max((_begun(text, stand_in) for stand_in in self._words), default=0)
        self._held = text[len(text) - keep :]
        return _replace(text[: len(text) - keep], self._words)

    def close(self) -> str:
        held, self._held = self._held, ""
        return held


def _replace(text: str, pairs: Mapping[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


def _begun(text: str, word: str) -> int:
    """How many last characters of `text` may be the beginning of `word`."""
    for size in range(min(len(word) - 1, len(text)), 0, -1):
        if text.endswith(word[:size]):
            return size
    return 0
