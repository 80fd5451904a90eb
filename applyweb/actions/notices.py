"""Small, repeatable notices to open pages, sent after commit. Nothing may depend on one arriving: a page that missed
one fetches the state. Must not know: sockets."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


def review_group(apply_id: str, person_id: int) -> str:
    """The channel group of one person's review of one apply."""
    return f"review.{apply_id}.{person_id}"


def apply_group(apply_id: str) -> str:
    """The channel group of everyone who looks at one apply."""
    return f"apply.{apply_id}"


def review_changed(apply_id: str, person_id: int, version: int) -> None:
    """Tells every open page of this review that version `version` is there to be fetched, and the pages of everybody
    else that this person's review is another now."""
    told = {"person": person_id, "version": version}
    _send(review_group(apply_id, person_id), {"type": "review.changed", **told})
    _send(apply_group(apply_id), {"type": "reviews.changed", **told})


def proposals_changed(apply_id: str, person_id: int, hunk_key: str) -> None:
    """Tells every open page of this review that what was asked again for this hunk has begun or ended."""
    _send(review_group(apply_id, person_id), {"type": "proposals.changed", "hunk": hunk_key})


def comments_changed(apply_id: str, version: int) -> None:
    """Tells every open page of this apply that its comments changed; none of them travels in the notice."""
    _send(apply_group(apply_id), {"type": "comments.changed", "version": version})


def sharing_changed(apply_id: str) -> None:
    """Tells every open page of this apply to look whether its person may still see it."""
    _send(apply_group(apply_id), {"type": "sharing.changed"})


def apply_deleted(apply_id: str) -> None:
    """Tells every open page of this apply that it is gone."""
    _send(apply_group(apply_id), {"type": "apply.deleted"})


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    assert layer is not None  # settings.CHANNEL_LAYERS has a default
    async_to_sync(layer.group_send)(group, message)
