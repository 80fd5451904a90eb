"""Storing texts by content. Must not know: what a text is for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
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


def store_texts(texts: Iterable[str]) -> list[str]:
    """The ids of the blobs of these texts, in order, stored in one go however many they are."""
    found = [(sha256(data).hexdigest(), data) for data in (text.encode("utf-8") for text in texts)]
    wanted = dict(found)
    known = set(Blob.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    Blob.objects.bulk_create(
        [
            Blob(sha256=digest, size=len(data), packed=zlib.compress(data, 6))
            for digest, data in wanted.items()
            if digest not in known
        ],
        ignore_conflicts=True,  # somebody else may have stored the same text since
    )
    return [digest for digest, _ in found]
