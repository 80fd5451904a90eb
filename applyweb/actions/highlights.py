"""Keeping computed colours. Must not know: how a text is coloured."""

from __future__ import annotations

from applyweb.models import Blob, Highlight


def store_highlight(blob: Blob, lexer: str, packed: bytes) -> None:
    """Keeps the coloured lines of a text; the first to come stays."""
    Highlight.objects.get_or_create(blob=blob, lexer=lexer, defaults={"packed": packed})
