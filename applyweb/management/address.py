"""Where the site listens, kept in the data folder for commands that name it. Must not know: any command."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

FIRST = "http://127.0.0.1:8000"  # where nothing is remembered


def remember(base: str) -> None:
    """Errors: OSError."""
    _path().write_text(base + "\n", encoding="utf-8")


def remembered() -> str:
    """The address of the last start with this data folder."""
    try:
        return _path().read_text(encoding="utf-8").strip() or FIRST
    except FileNotFoundError:
        return FIRST


def _path() -> Path:
    return Path(settings.DATA_DIR) / "address"
