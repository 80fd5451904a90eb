"""Small, repeatable notices to open pages, sent after commit. Nothing may depend on one arriving: a page that missed
one fetches the state. Must not know: sockets."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


def review_group(apply_id: str, person_id: int) -> str:
    """The channel group of one person's review of one apply."""
    return f"review.{apply_id}.{person_id}"


def review_changed(apply_id: str, person_id: int, version: int) -> None:
    """Tells every open page of this review that version `version` is there to be fetched."""
    layer = get_channel_layer()
    assert layer is not None  # settings.CHANNEL_LAYERS has a default
    async_to_sync(layer.group_send)(review_group(apply_id, person_id), {"type": "review.changed", "version": version})


def proposals_changed(apply_id: str, person_id: int, hunk_key: str) -> None:
    """Tells every open page of this review that what was asked again for this hunk has begun or ended."""
    layer = get_channel_layer()
    assert layer is not None  # settings.CHANNEL_LAYERS has a default
    async_to_sync(layer.group_send)(review_group(apply_id, person_id), {"type": "proposals.changed", "hunk": hunk_key})


def comments_group(apply_id: str) -> str:
    """The channel group of everyone who looks at one apply."""
    return f"comments.{apply_id}"


def comments_changed(apply_id: str, version: int) -> None:
    """Tells every open page of this apply that its comments changed; none of them travels in the notice."""
    layer = get_channel_layer()
    assert layer is not None  # settings.CHANNEL_LAYERS has a default
    async_to_sync(layer.group_send)(comments_group(apply_id), {"type": "comments.changed", "version": version})
