"""Icons of the sprite: each that a page asks for is there, and each that is there is asked for."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from applyweb.models import Status
from applyweb.web.pages.apply_rows import flag_words
from applyweb.web.pages.engine_words import _KNOWN, engine_words
from applyweb.web.pages.plan_rows import _KINDS
from applyweb.web.pages.review_view import _CHECK_SIGNS

ROOT = Path(settings.BASE_DIR)
SPRITE = ROOT / "templates" / "parts" / "sprite.html"
SOURCES = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/js/**/*.js"), *ROOT.glob("applyweb/web/**/*.py")]


def asked_for() -> set[str]:
    """By pages themselves, and by the words that they show."""
    texts = [path.read_text() for path in SOURCES if path != SPRITE]
    found = {name for text in texts for name in re.findall(r"#i-([a-z]+)", text)}
    found |= {name for text in texts for name in re.findall(r"\b(?:conflict|base)(?={% (?:else|endif) %})", text)}
    found |= {flag_words(status, "unsure", before)[1] for status in Status.values for before in (False, True)}
    found |= {words.icon for words in _KNOWN.values()} | {engine_words("other").icon}
    found |= {icon for icon, *_ in _KINDS.values()} | {icon for icon, _ in _CHECK_SIGNS.values()}
    return found - {""}


def test_the_sprite_has_each_icon_once_and_none_that_nobody_shows() -> None:
    symbols = re.findall(r'<symbol id="i-([a-z]+)"', SPRITE.read_text())
    assert sorted(symbols) == sorted(asked_for())


def test_no_two_icons_look_the_same() -> None:
    drawn = re.findall(r"<symbol id=\"i-[a-z]+\"[^>]*>(.*?)</symbol>", SPRITE.read_text())
    assert len(drawn) == len(set(drawn))
