"""The colours of the style sheet: every pair of text and ground that the pages use reaches WCAG AA in both themes."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

GROUNDS = ("bg", "paper", "raised", "hover", "accent-soft", "void")
PAIRS = [
    *((ink, ground, 4.5) for ink in ("ink", "ink-2") for ground in GROUNDS),
    *(("ink-3", ground, 4.5) for ground in ("bg", "paper", "raised", "void")),
    *(("accent", ground, 4.5) for ground in ("bg", "paper", "raised", "accent-soft")),
    *(("edge", ground, 3.0) for ground in ("bg", "paper", "raised")),
    ("accent-ink", "accent", 4.5),
    *(
        (ink, ground, 4.5)
        for ink in ("c-key", "c-str", "c-num", "c-com", "c-def", "ink")
        for ground in ("paper", "add", "del", "ext", "mov")
    ),
    *((f"{kind}-edge", ground, 4.5) for kind in ("add", "del") for ground in ("bg", "paper", kind)),
    *((f"{kind}-edge", ground, 4.5) for kind in ("ext", "mis", "mov") for ground in ("bg", "paper", kind)),
    *(("ink", word, 4.5) for word in ("add-word", "del-word", "accent-mid", "mis")),
    ("ink-2", "ext", 4.5),
    ("ink-2", "del", 4.5),
    ("accent", "ext", 4.5),
]


def tokens() -> dict[str, tuple[str, str]]:
    css = (settings.BASE_DIR / "static/css/_global.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(theme: int) -> None:
    colours = tokens()
    weak = [
        (ink, ground, round(found, 2))
        for ink, ground, least in PAIRS
        if (found := contrast(colours[ink][theme], colours[ground][theme])) < least
    ]

    assert weak == []
