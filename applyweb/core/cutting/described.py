"""Markers that say what they hide: names, kinds of code, an element.

Must not know: what is shown around them.
"""

from __future__ import annotations

import re

from applyweb.core.cutting import words
from applyweb.core.cutting.change import Change, leaf
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.lines import is_comment, is_import

_ELEMENT = re.compile(r"^<([A-Za-z][\w.]*)")
_MARKUP = frozenset({"javascript", "tsx", "typescript"})


def described_marker(change: Change, start: int, end: int, margin: str, draw: Draw) -> str:
    """A marker for lines [start, end) of the new text that tells what they are."""
    hidden = [line for line in change.new[start:end] if line.strip()]
    element = _ELEMENT.match(hidden[0].strip()) if hidden else None
    if element and change.language.name in _MARKUP:
        return (
            f"{margin}{{/* ... {draw.choice((element[1], 'existing ' + element[1], 'previous ' + element[1]))} ... */}}"
        )
    inside = [each for each in change.definitions if start <= each.start and each.end <= end]
    outer = [each for each in inside if not any(o is not each and o.start <= each.start < o.end for o in inside)]
    names = [leaf(each.name) for each in outer]
    if 0 < len(names) <= 3 and draw.happens(0.7):
        told = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
    else:
        kind = (
            "functions" if outer else "imports" if all(is_import(line, change.language) for line in hidden) else "code"
        )
        if hidden and all(is_comment(line, change.language) for line in hidden):
            kind = "comments"
        told = draw.choice(words.KINDS[kind])
    text = draw.words(words.DESCRIBED).format(names=told)
    following = next((line for line in change.new[end:] if line.strip()), "")
    return words.comment(change.language, margin, draw, text, inside_comment=following.lstrip().startswith("* "))
