"""Commas between the members of a list, a literal, a call.

Must not know: edits, splices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.merge.lines import Lines
from applyweb.core.merge.members import STYLES, Member

_TAIL_COMMENT = re.compile(r"\s+(?://|#)")
_COMMAS = frozenset({"python", "javascript", "typescript", "tsx", "ruby", "php", "go", "rust"})  # in what braces hold


def ends_in_comma(lines: Lines, member: Member) -> bool:
    """Whether one stands behind it, before any comment."""
    return _parted(lines.texts[member.end - 1])[0].endswith(",")


def _parted(text: str) -> tuple[str, str]:
    """A line's code and the comment behind it."""
    for comment in _TAIL_COMMENT.finditer(text):
        body = text[: comment.start()]
        if body.count('"') % 2 == 0 and body.count("'") % 2 == 0:
            return body.rstrip(), text[comment.start() :]
    return text.rstrip(), ""


def with_comma(text: str, wanted: bool) -> str:
    """A line that ends a member, with a comma behind its code or without."""
    body, tail = _parted(text)
    if wanted == body.endswith(","):
        return text
    return (body + "," if wanted else body[:-1]) + tail


def commas_part(lines: Lines, at: int, members: Sequence[Member], language: str) -> bool:
    """Whether commas part the members of a group."""
    if at < 0 or language in STYLES or language in ("yaml", "toml"):
        return False
    if language == "json":
        return True
    ends = [_parted(lines.texts[each.end - 1])[0] for each in members]
    if len(ends) > 1:
        return all(end.endswith(",") for end in ends[:-1])
    if ends and (ends[0].endswith(",") or ends[0].endswith((";", "}"))):
        return ends[0].endswith(",")
    opener = lines.keys[at]
    return opener.endswith(("[", "(")) or (language in _COMMAS and opener.endswith(("= {", ": {", "return {")))
