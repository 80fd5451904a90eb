"""Pages as a reader gets them."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client


def page(client: Client, address: str) -> str:
    """A page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words(html: str) -> str:
    """What a reader sees of a page, roughly: text without tags, runs of white space as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()
