"""Finding computed colours. Must not know: how a text is coloured."""

from __future__ import annotations

from applyweb.models import Blob, Highlight


def stored_highlight(blob: Blob, lexer: str) -> bytes | None:
    """What `store_highlight` kept of a text, or None."""
    packed = Highlight.objects.filter(blob=blob, lexer=lexer).values_list("packed", flat=True).first()
    return None if packed is None else bytes(packed)


def is_stored(blob: Blob, lexer: str) -> bool:
    """Whether `stored_highlight` would find something."""
    return Highlight.objects.filter(blob=blob, lexer=lexer).exists()
