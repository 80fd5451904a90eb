"""Storing texts by content. Must not know: what a text is for."""

from __future__ import annotations

import zlib
from hashlib import sha256

from applyweb.models import Blob


def store_text(text: str) -> Blob:
    """The blob of a text's UTF-8 bytes, made unless the same bytes are there already."""
    return store_bytes(text.encode("utf-8"))


def store_bytes(data: bytes) -> Blob:
    """As `store_text`, for bytes."""
    blob, _ = Blob.objects.get_or_create(
        sha256=sha256(data).hexdigest(), defaults={"size": len(data), "packed": zlib.compress(data, 6)}
    )
    return blob
