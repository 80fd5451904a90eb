"""What styles draw at random: the same seed, the same answer.

Half of the wordings can be kept back, so that a suite with the other half tells how prose that was never seen is read.
Must not know: changes, styles.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal

Wordings = Literal["all", "even", "odd"]
_FEW = 4  # fewer wordings than that are not halved


class Draw(Random):
    """A source of chance that also knows which wordings may be used."""

    wordings: Wordings = "all"

    def words(self, texts: Sequence[str]) -> str:
        """One of some wordings of the same thing."""
        if self.wordings != "all" and len(texts) >= _FEW:
            texts = texts[self.wordings == "odd" :: 2]
        return self.choice(texts)

    def happens(self, share: float) -> bool:
        return self.random() < share


def drawn(seed: str | int, wordings: Wordings = "all") -> Draw:
    draw = Draw(seed)
    draw.wordings = wordings
    return draw
