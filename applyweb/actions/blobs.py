"""Storing texts by content, and deleting those that nothing uses. Must not know: what a text is for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Exists, OuterRef

from applyweb.models import Blob, Highlight

_AT_ONCE = 10_000  # SQLite takes 32,766 parameters


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


def delete_unused(blob_ids: Sequence[str]) -> None:
    """Deletes those of the texts that no row refers to, of whatever table, and their colours."""
    users: list[Exists] = []
    for field in Blob._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ForeignObjectRel) and field.related_model is not Highlight:
            related: Any = field.related_model
            users.append(Exists(related._default_manager.filter(**{field.field.name: OuterRef("pk")})))
    for start in range(0, len(blob_ids), _AT_ONCE):
        unused = Blob.objects.filter(pk__in=blob_ids[start : start + _AT_ONCE])
        for user in users:
            unused = unused.exclude(user)
        ids = list(unused.values_list("pk", flat=True))
        delete_rows(Highlight.objects.filter(blob__in=ids))
        delete_rows(Blob.objects.filter(pk__in=ids))


def delete_rows(rows: models.QuerySet[Any]) -> None:
    """One statement, however many rows; nothing may refer to them when the transaction ends. QuerySet.delete would load
    them first, to find what does."""
    rows._raw_delete(DEFAULT_DB_ALIAS)
