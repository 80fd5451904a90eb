"""What Python's own compiler refuses and a grammar lets pass: blocks without a body, indents that fit nowhere, a
`return` outside a function.

Must not know: grammars, merges. The text may be for another version of Python than the one that runs here, so only what
no version allows counts.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 1_000_000  # characters; the compiler takes seconds for some larger ones
UNREADABLE = (ValueError, MemoryError, RecursionError, OverflowError)  # too deep for the compiler, or no text
_NEVER_ALLOWED = (
    "expected 'except' or 'finally' block",
    "'return' outside function",
    "'yield' outside function",
    "'yield from' outside function",
    "'break' outside loop",
    "'continue' not properly in loop",
    "positional argument follows keyword argument",
    "non-default argument follows default argument",
    "parameter without a default follows parameter with a default",
    "duplicate argument",
    "keyword argument repeated",
    "cannot assign to",
    "no binding for nonlocal",
    "nonlocal declaration not allowed",
)
_OPENED = re.compile(r" on line (\d+)$")  # of "expected an indented block after 'if' statement on line 3"
_quiet = threading.Lock()  # what is ignored is the process's, not a thread's


@contextmanager
def quietly() -> Iterator[None]:
    """The compiler's warnings are not told: they are of texts that people gave."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def refused_line(text: str) -> int | None:
    """The 1-based line of the first error that no version of Python allows; None where there is none, where the
    compiler first stumbles over what another version may allow, or where the text is too large to be compiled."""
    if len(text) > MOST:
        return None
    try:
        with quietly():
            compile(text, "<text>", "exec", dont_inherit=True)
    except SyntaxError as error:
        counts = isinstance(error, IndentationError) or (error.msg or "").startswith(_NEVER_ALLOWED)
        return _line(error) if counts else None
    except UNREADABLE:  # the grammar judges
        return None
    return None


def _line(error: SyntaxError) -> int:
    """Where a block has no body, the line that opens it: the body may be missing far above what comes next."""
    opened = _OPENED.search(error.msg or "")
    return int(opened[1]) if opened else error.lineno or 1
