"""Commas between the members of a list, a literal, a call.

Must not know: edits, splices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.merge.lines import Lines
from applyweb.core.merge.members import STYLES, Member

_TAIL_COMMENT = re.compile(r"\s+(?://|#).*$")
_COMMAS = frozenset({"python", "javascript", "typescript", "tsx", "ruby", "php", "go", "rust"})  # in what braces hold


def ends_in_comma(lines: Lines, member: Member) -> bool:
    return _TAIL_COMMENT.sub("", lines.texts[member.end - 1]).rstrip().endswith(",")


def with_comma(text: str, wanted: bool) -> str:
    comment = _TAIL_COMMENT.search(text)
    body, tail = (text[: comment.start()], text[comment.start() :]) if comment else (text, "")
    body = body.rstrip()
    if wanted == body.endswith(","):
        return text
    return (body + "," if wanted else body[:-1]) + tail


def commas_part(lines: Lines, at: int, members: Sequence[Member], language: str) -> bool:
    """Whether commas part the members of a block."""
    if at < 0 or language in STYLES or language in ("yaml", "toml"):
        return False
    if language == "json":
        return True
    ends = [_TAIL_COMMENT.sub("", lines.texts[each.end - 1]).rstrip() for each in members if each.kind != "text"]
    if len(ends) > 1:
        return all(end.endswith(",") for end in ends[:-1])
    if ends and (ends[0].endswith(",") or ends[0].endswith((";", "}"))):
        return ends[0].endswith(",")
    opener = lines.keys[at]
    return opener.endswith(("[", "(")) or (language in _COMMAS and opener.endswith(("= {", ": {", "return {")))
