"""The style sheets of the pages: each file is in a bundle, and each bundle that a page names is there."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

from applyweb.web.styles import BUNDLES

FOLDER = Path(settings.BASE_DIR) / "static" / "css"


def test_each_style_sheet_is_in_a_bundle() -> None:
    assert {path.stem for path in FOLDER.glob("*.css")} == {name for names in BUNDLES.values() for name in names}


def test_each_bundle_that_a_page_names_is_there_and_stays_in_the_browser() -> None:
    pages = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    named = set(re.findall(r"'bundles/([\w-]+)\.css'", pages))
    assert named == set(BUNDLES)
    for name in named:
        answer = Client().get(f"{settings.STATIC_URL}bundles/{name}.css")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert answer.content == b"".join((FOLDER / f"{each}.css").read_bytes() for each in BUNDLES[name])
        assert "immutable" in answer["Cache-Control"]
    assert Client().get(f"{settings.STATIC_URL}bundles/nothing.css").status_code == 404
