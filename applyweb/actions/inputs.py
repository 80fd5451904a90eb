"""What is asked of texts and paths before anything is stored. Must not know: what is made of them."""

from __future__ import annotations

from django.conf import settings

from applyweb.actions.errors import Refused
from applyweb.core.text import TextError, require_text
from applyweb.models import OPEN, Apply, User


def require_room(owner: User, more: int = 1) -> None:
    """Errors: Refused where `owner` would have too many open applies with so many more."""
    limit = settings.OPEN_APPLIES_LIMIT
    count = Apply.objects.filter(owner=owner, status__in=OPEN).count()
    if count + more <= limit:
        return
    if more == 1:
        raise Refused("too_many", f"{limit} applies are still open. Wait for one to end, or stop one.")
    raise Refused("too_many", f"{count} applies are still open, and {more} more would be over the limit of {limit}.")


def clean_path(path: str) -> str:
    """The path without outer white space. Errors: Refused."""
    path = path.strip()
    if len(path) > 500:
        raise Refused("invalid", "The path is longer than 500 characters.", "path")
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        raise Refused("invalid", "The path holds control characters.", "path")
    try:
        return require_text(path)
    except TextError as error:
        raise Refused(error.code, str(error), "path") from error


def check_text(text: str, field: str) -> None:
    """Errors: Refused, for what cannot be a source file here."""
    try:
        require_text(text)
    except TextError as error:
        raise Refused(error.code, str(error), field) from error
    size = len(text.encode("utf-8"))
    if size > settings.TEXT_LIMIT:
        raise Refused(
            "too_large",
            f"The {field} has {size:,} bytes; the limit is {settings.TEXT_LIMIT:,} (setting APPLYWEB_TEXT_LIMIT).",
            field,
        )
