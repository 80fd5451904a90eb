"""Whether a merge breaks the syntax of its file. Of a long file only the outermost blocks that changed are parsed,
which is what a parse of the whole would stumble over; where they do not parse by themselves, the whole is asked.

Must not know: why lines changed.
"""

from __future__ import annotations

import re

from applyweb.core import syntax
from applyweb.core.merge.document import Document

_LONG = 500  # lines; a shorter file is parsed whole
_UNFIT = 3  # errors of a text that is another language than its name says, or a dialect
_BLOCKS = frozenset({"python", "javascript", "typescript", "tsx", "go", "rust", "c", "cpp", "ruby", "css"})
_GOES_ON = re.compile(
    r"[\s)\]}.,&|?:*\"'`]|(?:else|elif|except|finally|catch|rescue|ensure|end|case|default|and|or|then)\b"
)


def breaks_syntax(original: str, merged: str, document: Document, language: str) -> bool | None:
    """Whether `merged` has more syntax errors than `original`; None where there is no grammar, or one that does not fit
    the original either. `document` holds the text of `merged` and knows which of its lines are new."""
    if language in _BLOCKS and document.size >= _LONG:
        changed = _changed_blocks(document)
        if 2 * len(changed) < document.size and syntax.error_count("\n".join(changed) + "\n", language) == 0:
            return False
    after = syntax.error_count(merged, language)
    if after is None:
        return None
    if after == 0:
        return False
    before = syntax.error_count(original, language) or 0
    return None if before >= _UNFIT else after > before


def _changed_blocks(document: Document) -> list[str]:
    """The lines of all outermost blocks in which a line is new or one is gone."""
    texts = document.texts
    found: list[str] = []
    done = 0
    for row in document.touched:
        if row < done:
            continue
        start = row
        while start > done and not _begins(texts[start]):
            start -= 1
        end = row + 1
        while end < len(texts) and not _begins(texts[end]):
            end += 1
        found += texts[start:end]
        done = end
    return found


def _begins(text: str) -> bool:
    """Whether a line begins something at the outermost level."""
    return text != "" and _GOES_ON.match(text) is None
