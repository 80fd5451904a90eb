"""Keeping computed colours. Must not know: how a text is coloured."""

from __future__ import annotations

from django.db import transaction

from applyweb.models import Blob, Highlight


@transaction.atomic
def store_highlight(blob: Blob, lexer: str, packed: bytes) -> None:
    """Keeps the coloured lines of a text; the first to come stays. Nothing where the text was deleted meanwhile."""
    # Locked, so that the text cannot be deleted between the look and the write.
    if not Blob.objects.select_for_update().filter(pk=blob.pk).exists():
        return
    Highlight.objects.get_or_create(blob=blob, lexer=lexer, defaults={"packed": packed})
