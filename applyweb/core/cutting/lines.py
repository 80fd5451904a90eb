"""What a single line of code is: an import and what it makes known, a comment.

Must not know: changes, answers.
"""

from __future__ import annotations

import re

from applyweb.core.languages import Language

_C_LIKE = r"^import\s[\w.*{]|^using\s[\w.]+;"
_IMPORTS = {
    "python": r"^(?:import|from)\s+[\w.]+",
    "javascript": r"^import\b.*['\"];?$|^(?:const|let|var)\s.*\brequire\(",
    "go": r"^import\s|^\t(?:\w+ )?\"[\w./-]+\"$",
    "rust": r"^(?:pub )?use\s",
    "c": r"^#\s*include\b",
    "php": r"^use\s+[\w\\]+;",
    "css": r"^@(?:import|use|forward)\b",
    "ruby": r"^require(?:_relative)?\b",
}
_ALIKE = {"typescript": "javascript", "tsx": "javascript", "cpp": "c", "scss": "css"}


def is_import(line: str, language: Language) -> bool:
    """Whether a line at the left edge is a whole import."""
    pattern = _IMPORTS.get(_ALIKE.get(language.name, language.name), _C_LIKE)
    return re.search(pattern, line) is not None and not line.rstrip().endswith(("(", "{", "\\"))


def bound_name(line: str) -> str:
    """The one name that an import line makes known; "" where it is none or several."""
    patterns = (
        r"^from \S+ import (?:\w+ as )?(\w+)$",
        r"^import (?:[\w.]+ as )?(\w+)$",
        r"^import (?:type )?\{\s*(?:\w+ as )?(\w+),?\s*\} from",
        r"^import (?:type )?(?:\* as )?(\w+) from",
        r"^(?:const|let|var) \{?\s*(\w+)\s*\}? = require",
        r"^import [\w.]+\.(\w+);$",
        r"^use [\w:\\]+[:\\](\w+);$",
    )
    found = (re.match(pattern, line.strip().split("  #")[0]) for pattern in patterns)
    return next((match[1] for match in found if match), "")


def is_comment(line: str, language: Language) -> bool:
    """Whether a line is a comment and nothing else, or looks like a part of one."""
    opened = tuple(opening for opening, _ in language.block_comments)
    return line.strip().startswith((*language.line_comments, *opened, "* ", "*/"))
