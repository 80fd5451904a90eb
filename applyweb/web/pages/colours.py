"""The coloured lines of both sides for a page, which must never wait long for them.

Must not know: rows, hunks, pages.
"""

from __future__ import annotations

from html import escape

from applyweb.core.languages import guess
from applyweb.core.text import split_lines
from applyweb.jobs.colours import highlight_for
from applyweb.jobs.highlight import decode
from applyweb.jobs.worker import worker
from applyweb.models import Apply, Blob
from applyweb.queries.highlights import is_stored, stored_highlight

_SMALL = 60_000  # characters of both texts that are coloured in a request where nothing is stored
_PATIENCE = 0.25  # seconds for each of them; usually it takes a tenth of that, but a large file may be before them


def coloured_sides(apply: Apply, original: str, merged: str) -> tuple[list[str], list[str], bool]:
    """Safe HTML for each line of the original and of the merged text, and whether it is coloured. Right after a large
    apply the job is still at the colours: then the lines are plain."""
    if len(original) + len(merged) <= _SMALL:
        old, new = highlight_for(apply, "original", _PATIENCE), highlight_for(apply, "merged", _PATIENCE)
    else:
        lexer = guess(apply.path, apply.language).lexer
        old, new = _stored(apply.original, lexer), _stored(apply.merged, lexer)
    coloured = old is not None and new is not None
    if not coloured:
        worker.prepare_colours(apply.id)  # under way as a rule; not where the server was killed meanwhile
    return _plain(original) if old is None else old, _plain(merged) if new is None else new, coloured


def colours_are_stored(apply: Apply) -> bool:
    """Whether a page that was built without colours would get them now."""
    lexer = guess(apply.path, apply.language).lexer
    return all(blob is None or is_stored(blob, lexer) for blob in (apply.original, apply.merged))


def _stored(blob: Blob | None, lexer: str) -> list[str] | None:
    packed = stored_highlight(blob, lexer) if blob is not None else None
    return None if packed is None else decode(packed)


def _plain(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in split_lines(escape(text))]
