"""The coloured lines of an apply's texts: computed once, when the apply ends, in a process of its own, and kept.

Must not know: pages, rows, hunks.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Literal

from channels.db import database_sync_to_async

from applyweb.actions.highlights import store_highlight
from applyweb.core.languages import guess
from applyweb.jobs.highlight import decode, packed_lines
from applyweb.jobs.processes import colouring
from applyweb.models import Apply, Blob
from applyweb.queries.highlights import stored_highlight

Side = Literal["original", "merged"]

_lock = threading.Lock()
_under_way: dict[tuple[str, str], Future[bytes]] = {}


def highlight_for(apply: Apply, side: Side, patience: float | None = None) -> list[str] | None:
    """Safe HTML for each line of one side, from the cache or made now; [] where there is no such text. None where it
    is not made within `patience` seconds (work for a larger file may be under way); the work goes on."""
    blob: Blob | None = apply.original if side == "original" else apply.merged
    if blob is None:
        return []
    lexer = guess(apply.path, apply.language).lexer
    packed = stored_highlight(blob, lexer)
    if packed is None:
        try:
            packed = _colour(blob, lexer).result(patience)
        except TimeoutError:
            return None
        store_highlight(blob, lexer, packed)
    return decode(packed)


async def prepare(apply_id: str) -> None:
    """Fills the cache for both sides of a finished apply, before somebody turns a page."""
    for blob, lexer in await database_sync_to_async(_uncoloured)(apply_id):
        packed = await asyncio.wrap_future(_colour(blob, lexer))
        await database_sync_to_async(store_highlight)(blob, lexer, packed)


def _colour(blob: Blob, lexer: str) -> Future[bytes]:
    """The work on one text, shared by all who want it at the same time."""
    key = (blob.sha256, lexer)
    with _lock:
        work = _under_way.get(key)
        if work is None:
            work = _under_way[key] = colouring.submit(packed_lines, blob.text, lexer)
            work.add_done_callback(lambda _: _under_way.pop(key, None))
        return work


def _uncoloured(apply_id: str) -> list[tuple[Blob, str]]:
    apply = Apply.objects.select_related("original", "merged").filter(pk=apply_id).first()
    if apply is None:  # deleted meanwhile
        return []
    lexer = guess(apply.path, apply.language).lexer
    blobs = (blob for blob in (apply.original, apply.merged) if blob is not None)
    return [(blob, lexer) for blob in blobs if stored_highlight(blob, lexer) is None]
