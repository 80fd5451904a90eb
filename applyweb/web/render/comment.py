"""The words of a comment as safe HTML: plain text, and code where it stands between backticks.

Must not know: who wrote it, where it stands. Line breaks stay in the text; the style sheet keeps them.
"""

from __future__ import annotations

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

from applyweb.web.render.invisible import INVISIBLE, mark

_CODE = re.compile(r"`([^`\n]+)`")


def comment_html(text: str) -> SafeString:
    """`text` with code spans. What cannot be seen is marked inside of code, where it would deceive."""
    pieces = _CODE.split(text)  # what stands between spans, and each span's content in turn
    return mark_safe("".join(_code(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces)))


def _code(content: str) -> str:
    return f"<code>{INVISIBLE.sub(lambda found: mark(found[0]), escape(content))}</code>"


def excerpt(text: str, most: int = 80) -> str:
    """The first line in one piece, for a thread that is folded to a line."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "").replace("`", "")
    return first if len(first) <= most else first[: most - 1].rstrip() + "…"
