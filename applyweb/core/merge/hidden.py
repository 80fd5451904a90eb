"""What markers say that they hide: "... previous button ..." stands for a line that speaks of a button.

Must not know: alignments, splices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from applyweb.core.merge.lines import Lines

_GENERAL = frozenset(
    (
        *("all", "and", "any", "are", "code", "etc", "existing", "for", "from", "here", "its", "keep", "kept", "leave"),
        *("left", "not", "omitted", "part", "previous", "current", "rest", "same", "shown", "stays", "the", "this"),
        *("unchanged", "unmodified", "untouched", "your", "with", "before", "above", "below", "old", "new", "more"),
        *("line", "lines"),
    )
)
_OTHERS = re.compile(r"\b(?:other|others|rest|remaining|remainder|more|everything|all)\b", re.I)


def telling_words(marker: str) -> frozenset[str]:
    """The words of a marker that tell what it hides, in the singular; none where it hides the rest of something."""
    if _OTHERS.search(marker):
        return frozenset()
    words = {word.lower() for word in re.findall(r"[A-Za-z]{3,}", marker)}
    return frozenset(word.removesuffix("s") if len(word) > 4 else word for word in words - _GENERAL)


def hidden_rows(words: frozenset[str], original: Lines, rows: Iterable[int]) -> Mapping[int, bool]:
    """The rows that speak of all these words, each with whether it is the only one."""
    found = [at for at in rows if original.keys[at] and all(word in original.keys[at].lower() for word in words)]
    return {at: len(found) == 1 for at in found}
