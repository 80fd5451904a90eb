"""The measured figures of an apply as labels and words. Must not know: templates. Only what was measured is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from applyweb.models import Apply


def duration(milliseconds: float) -> str:
    """A time in the unit that reads best."""
    if milliseconds < 10:
        return f"{milliseconds:.1f} ms"
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


_FACTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("total_ms", "Time", duration),
    ("first_token_ms", "First token", duration),
    ("tokens_per_second", "Tokens/s", lambda value: f"{value:,.1f}"),
    ("prompt_tokens", "Tokens read", lambda value: f"{value:,}"),
    ("completion_tokens", "Tokens written", lambda value: f"{value:,}"),
    ("spec_accept_length", "Acceptance length", lambda value: f"{value:.2f}"),
    ("spec_verify_ct", "Verify steps", lambda value: f"{value:,}"),
    ("probability", "Likely right", lambda value: f"{min(value, 0.999):.1%}"),
    ("model", "Model", str),
)


def facts_of(apply: Apply) -> tuple[tuple[str, str], ...]:
    """(label, value) pairs in the order to show."""
    shown = [(label, word(apply.stats[key])) for key, label, word in _FACTS if key in apply.stats]
    language = (("Language", apply.language),) if apply.language else ()
    return (*language, *shown)
