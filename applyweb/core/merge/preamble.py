"""What stands at the top of a file before its first import, and is often left out of an answer that shows the file from
there: a licence, a docstring, a pragma, a package name.

Must not know: edits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from applyweb.core.merge.lines import Lines, is_comment

_PRAGMA = re.compile(
    r"[\"']use \w+[\"'];?$|#!|<\?(?:php|xml)\b|from __future__ import\b|package\s[\w.]+;?$|namespace\s[\w.\\]+;?$|"
    r"#!?\[|#pragma\b|declare\(strict_types|//go:build|frozen_string_literal|@charset\b|cmake_minimum_required"
)
_QUOTES = ('"""', "'''", 'r"""')


def is_preamble(lines: Lines, rows: Iterable[int]) -> bool:
    """Whether these rows, from the top of the file on, hold nothing but that."""
    quote = ""
    block = False
    for row in rows:
        key = lines.keys[row]
        if quote:
            quote = "" if key.endswith(quote) else quote
        elif block:
            block = "*/" not in key and "-->" not in key
        elif key.startswith(_QUOTES):
            mark = key.lstrip("r")[:3]
            quote = "" if len(key) > 5 and key.endswith(mark) else mark
        elif key.startswith(("/*", "<!--")):
            block = "*/" not in key and "-->" not in key
        elif key and not is_comment(key) and not _PRAGMA.match(key):
            return False
    return not quote and not block
