"""Pages as a reader gets them."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.test import Client


def page(client: Client, address: str) -> str:
    """A page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def data(html: str, name: str) -> Any:
    """What a page hands to its scripts under this id."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', html)
    assert found is not None, name
    return json.loads(found[1])


def words(html: str) -> str:
    """What a reader sees of a page, roughly: text without tags, runs of white space as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()
