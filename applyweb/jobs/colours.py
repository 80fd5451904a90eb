"""The coloured lines of an apply's texts: computed once, when the apply ends, and kept.

Must not know: pages, rows, hunks.
"""

from __future__ import annotations

import asyncio
from typing import Literal

from channels.db import database_sync_to_async

from applyweb.actions.highlights import store_highlight
from applyweb.core.languages import guess
from applyweb.jobs.highlight import decode, encode, highlight_lines
from applyweb.models import Apply, Blob
from applyweb.queries.highlights import stored_highlight

Side = Literal["original", "merged"]


def highlight_for(apply: Apply, side: Side) -> list[str]:
    """Safe HTML for each line of one side, from the cache or made now. [] where there is no such text."""
    blob: Blob | None = apply.original if side == "original" else apply.merged
    if blob is None:
        return []
    lexer = guess(apply.path, apply.language).lexer
    packed = stored_highlight(blob, lexer)
    if packed is None:
        lines = highlight_lines(blob.text, lexer)
        store_highlight(blob, lexer, encode(lines))
        return lines
    return decode(packed)


async def prepare(apply_id: str) -> None:
    """Fills the cache for both sides of a finished apply, before somebody turns a page. The colouring itself runs in a
    thread of its own and holds no database connection."""
    work = await database_sync_to_async(_uncoloured)(apply_id)
    for blob, lexer in work:
        packed = await asyncio.to_thread(lambda text, alias: encode(highlight_lines(text, alias)), blob.text, lexer)
        await database_sync_to_async(store_highlight)(blob, lexer, packed)


def _uncoloured(apply_id: str) -> list[tuple[Blob, str]]:
    apply = Apply.objects.select_related("original", "merged").get(pk=apply_id)
    lexer = guess(apply.path, apply.language).lexer
    blobs = (blob for blob in (apply.original, apply.merged) if blob is not None)
    return [(blob, lexer) for blob in blobs if stored_highlight(blob, lexer) is None]
