"""Whether a change is one of white space alone.

Must not know: what a reader wants to see of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Spaces = Literal["", "indent", "space"]


def spaces_of(removed: Sequence[str], added: Sequence[str]) -> Spaces:
    """ "indent": the lines differ in leading white space alone. "space": in white space alone, also at line ends and
    by blank lines. "": in more."""
    if len(removed) == len(added) and all(map(_differ_in_indent, removed, added)):
        return "indent"
    return "space" if "".join("".join(removed).split()) == "".join("".join(added).split()) else ""


def _differ_in_indent(old: str, new: str) -> bool:
    return old.lstrip(" \t") == new.lstrip(" \t")
