"""What a person is called where there is room for two letters. Must not know: who they are."""

from __future__ import annotations


def initials(name: str) -> str:
    """Two letters of a name."""
    words = name.split()
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else name[:2]
    return letters.upper()
