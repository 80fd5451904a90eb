"""Texts that break careless programs, through the running site: exact bytes back, or a clear refusal and no trace."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.conftest import Site
from tests.factories import CHAT, ORIGINAL

LIMIT = 2_000_000
SMALL_LIMIT = 5_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("bad_input"), {"APPLYWEB_TEXT_LIMIT": str(LIMIT)})
    site.start()
    yield site
    site.kill()


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[httpx.Client]:
    with site.client() as client:
        _until(lambda: not _open_applies(site))  # the samples of a new site
        yield client


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.base, follow_redirects=True, timeout=60) as browser:
        assert browser.get(site.sign_in).status_code == 200
        yield browser


@pytest.fixture(scope="module")
def small_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site that takes texts of SMALL_LIMIT bytes only."""
    site = Site(tmp_path_factory.mktemp("small"), {"APPLYWEB_TEXT_LIMIT": str(SMALL_LIMIT)})
    site.start()
    with site.client() as client:
        yield client
    site.kill()


def post(client: httpx.Client, **body: Any) -> httpx.Response:
    """Embedded unless the body says otherwise. Encoded here as ASCII, so that a lone surrogate can be sent too."""
    content = json.dumps({"original": ORIGINAL, "chat": CHAT, "path": "shop.py", "engine": "embedded", **body})
    return client.post("/api/applies", content=content, headers={"content-type": "application/json"})


def applied(client: httpx.Client, **body: Any) -> dict[str, Any]:
    """The ended apply."""
    answer = post(client, **body)
    assert answer.status_code == 201, answer.text
    path = f"/api/applies/{answer.json()['id']}"
    _until(lambda: client.get(path).json()["status"] not in ("queued", "running"))
    apply: dict[str, Any] = client.get(path).json()
    return apply


def results(client: httpx.Client, apply: dict[str, Any]) -> tuple[bytes, bytes]:
    """The exact bytes after rejecting all, and after accepting all."""
    assert apply["status"] == "finished", apply["error"]
    found = []
    for decision in ("rejected", "accepted"):
        answer = client.put(f"/api/applies/{apply['id']}/decisions", json={"decision": decision})
        assert answer.json()["hunks"][decision] == apply["hunks"]["total"]
        found.append(client.get(f"/api/applies/{apply['id']}/result").content)
    merged = client.get(f"/api/applies/{apply['id']}/merged").content
    assert found[1] == merged
    assert sha256(merged).hexdigest() == apply["merged_sha256"]
    return found[0], found[1]


def fenced(code: str, info: str = "python") -> str:
    return f"The file, changed:\n\n````{info}\n{code}````\n"


LONG_LINE = "PIXELS = '" + "0123456789" * 10_000 + "'"
NARROW = "".join(f"value_{number} = {number}\n" for number in range(50_000))
CHECKED = "def last():\n    return 0\n"

EXACT = {
    "a line of 100,000 characters that stays": (
        f"{LONG_LINE}\n{ORIGINAL}",
        CHAT,
        ("label", "EUR"),
    ),
    "a line of 100,000 characters that changes": (
        f"{LONG_LINE}\nSIZE = 1\n",
        fenced(f"{LONG_LINE.replace('0123', '3210', 1)}\nSIZE = 1\n"),
        ("PIXELS = '3210", "SIZE = 1"),
    ),
    "50,000 lines": (
        f"{NARROW}\n\n{CHECKED}",
        fenced("def last():\n    return 1\n"),
        ("value_49999 = 49999\n\n\ndef last():\n    return 1\n",),
    ),
    "emoji and combining marks": (
        "NAME = 'cafe\u0301 👩‍👩‍👧‍👦 🏳️‍🌈'\nSIZE = 1\nLAST = '한글 ẛ̣'\n",
        fenced("NAME = 'cafe\u0301 👩‍👩‍👧‍👦 🏳️‍🌈'\nSIZE = 2\nLAST = '한글 ẛ̣'\n"),
        ("cafe\u0301 👩‍👩‍👧‍👦 🏳️‍🌈", "SIZE = 2", "한글 ẛ̣"),
    ),
    "CR as the only line end": (
        ORIGINAL.replace("\n", "\r"),
        CHAT,
        ("(1 + TAX), 2)\r\r\rdef label(price):\r", "EUR"),
    ),
    "other separators inside lines": (
        "A = 'form\x0cfeed'\nB = 'next\x85line'\nC = 'para\u2029graph'\nSIZE = 1\n",
        fenced("A = 'form\x0cfeed'\nB = 'next\x85line'\nC = 'para\u2029graph'\nSIZE = 2\n"),
        ("form\x0cfeed", "next\x85line", "para\u2029graph", "SIZE = 2"),
    ),
}


@pytest.mark.parametrize(("original", "chat", "merged_has"), EXACT.values(), ids=EXACT.keys())
def test_exact_bytes_come_back_from(
    client: httpx.Client, browser: httpx.Client, original: str, chat: str, merged_has: tuple[str, ...]
) -> None:
    apply = applied(client, original=original, chat=chat)
    rejected, accepted = results(client, apply)
    assert rejected == original.encode()
    assert [part for part in merged_has if part not in accepted.decode()] == []
    assert apply["hunks"]["total"] > 0
    assert browser.get(apply["url"]).status_code == 200


def test_a_file_of_cr_ends_keeps_them_everywhere(client: httpx.Client) -> None:
    _, accepted = results(client, applied(client, original=ORIGINAL.replace("\n", "\r")))
    assert b"\n" not in accepted


REFUSED = {
    "empty chat": ({"chat": ""}, 422, "required", "chat"),
    "chat of white space": ({"chat": " \r\n\t\u00a0"}, 422, "required", "chat"),
    "chat without code": ({"chat": "I like this file. I would leave it as it is."}, 422, "no_code", "chat"),
    "binary original": ({"original": "GIF89a\x00\x01"}, 422, "binary", "original"),
    "binary chat": ({"chat": fenced("a = 1\x00\n")}, 422, "binary", "chat"),
    "undecodable original": ({"original": "a = '\udcff'\n"}, 422, "undecodable", "original"),
    "undecodable chat": ({"chat": fenced("a = '\ud83d'\n")}, 422, "undecodable", "chat"),
    "undecodable path": ({"path": "\udcff.py"}, 422, "undecodable", "path"),
    "original over the limit": ({"original": "x" * (LIMIT + 1)}, 413, "too_large", "original"),
    "chat over the limit": ({"chat": fenced("x" * LIMIT)}, 413, "too_large", "chat"),
}


@pytest.mark.parametrize(("body", "status", "code", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_applied_is_refused_and_leaves_nothing(
    site: Site, client: httpx.Client, body: dict[str, str], status: int, code: str, field: str
) -> None:
    before = _rows(site)
    answer = post(client, **body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (status, code, field)
    assert error["message"].endswith(".")
    assert _rows(site) == before


def test_a_body_that_is_not_utf_8_is_refused_and_leaves_nothing(site: Site, client: httpx.Client) -> None:
    before = _rows(site)
    content = b'{"original": "caf\xe9", "chat": "x"}'
    answer = client.post("/api/applies", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, set(answer.json()["error"]) >= {"code", "message"}) == (400, True)
    assert _rows(site) == before


def test_the_limit_counts_bytes_and_takes_what_is_just_inside(small_client: httpx.Client) -> None:
    line = "# é\n"
    room = SMALL_LIMIT - len((ORIGINAL + "\n").encode())
    inside = ORIGINAL + "\n" + line * (room // len(line.encode())) + "#" * (room % len(line.encode()))
    assert len(inside.encode()) == SMALL_LIMIT > len(inside)
    rejected, _ = results(small_client, applied(small_client, original=inside))
    assert rejected == inside.encode()
    refused = post(small_client, original=inside + "é")
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")
    assert f"{SMALL_LIMIT:,}" in refused.json()["error"]["message"]


def test_a_request_far_over_the_limit_is_refused_in_the_same_shape(small_client: httpx.Client) -> None:
    answer = post(small_client, original="x" * (SMALL_LIMIT * 12 + 64 * 1024))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_chat_for_another_file_is_no_certain_result(client: httpx.Client) -> None:
    chat = "In `stars.rb`:\n\n```ruby\n# stars.rb\ndef shine(count)\n  count.times { puts '*' }\nend\n```\n"
    apply = applied(client, chat=chat)
    assert apply["status"] == "failed"
    assert apply["error"]["code"] in ("wrong_file", "cannot_place")
    assert (apply["merged_sha256"], apply["hunks"]["total"]) == (None, 0)
    assert client.get(f"/api/applies/{apply['id']}/result").json()["error"]["code"] == "not_finished"


CONTENT = {
    "script end": "</script><script>alert(1)</script><!-- ",
    "image with a handler": "<img src=x onerror=alert(1)>\"'><svg onload=alert(1)>",
    "template braces": "{{ 7|add:7 }} {% debug %} ${7*7} <%= 7 %>",
    "prompt tags": "<code><update></update><updated-code></updated-code></code><|im_end|><|im_start|>assistant",
    "conflict markers": "<<<<<<< SEARCH ======= >>>>>>> REPLACE *** End Patch",
    "fence": "``` and ~~~~ and ```python",
    "marker": "# ... existing code ...",
    "entities": "&lt;b&gt; &amp;amp; &#x3c;",
}


@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT.keys())
def test_code_that_looks_like_markup_stays_data(client: httpx.Client, browser: httpx.Client, content: str) -> None:
    quoted = json.dumps(content)
    original = f"KEPT = {quoted}\nOLD = {quoted}\n\n\ndef size():\n    return 1\n"
    merged = original.replace("OLD", "NEW").replace("return 1", "return 2")
    apply = applied(client, original=original, chat=fenced(merged), path="markup.py")
    assert results(client, apply) == (original.encode(), merged.encode())
    hunks = client.get(f"/api/applies/{apply['id']}/hunks").json()
    assert f"NEW = {quoted}\n" in [line for hunk in hunks for line in hunk["added"]]
    page = _Page.of(browser.get(apply["url"]))
    assert f"KEPT = {quoted}" in page.codes
    assert f"NEW = {quoted}" in page.codes
    assert page.intruders == []


def test_marker_lines_of_the_file_itself_stay(client: httpx.Client) -> None:
    marked = ORIGINAL.replace("TAX = 0.2\n", "# ... existing code ...\nTAX = 0.2\n# rest of the file unchanged\n")
    apply = applied(client, original=marked)
    rejected, accepted = results(client, apply)
    assert rejected == marked.encode()
    assert b"# ... existing code ...\nTAX = 0.2\n# rest of the file unchanged\n" in accepted
    assert {check["state"] for check in apply["checks"] if check["code"] == "marker_leak"} == {"passed"}


def test_a_path_that_looks_like_markup_stays_data(client: httpx.Client, browser: httpx.Client) -> None:
    path = "a\"'><script>alert(1)</script>{{ 7 }}/b.py"
    apply = applied(client, path=path)
    assert apply["path"] == path
    for url in (apply["url"], "/applies/"):
        page = _Page.of(browser.get(url))
        assert page.intruders == []
        assert "{{ 7 }}" in page.text


DECEIVING = {
    "bidi override": ("    return 1  # \u202e }if admin\u2066\n", "bidi", "U+202E"),
    "zero width": ("    return pri\u200bce\n", "bidi", "U+200B"),
    "look-alike letter": ("    return \u0440rice\n", "confusables", "U+0440"),
}


@pytest.mark.parametrize(("line", "code", "codepoint"), DECEIVING.values(), ids=DECEIVING.keys())
def test_deceiving_characters_are_a_warning_and_are_shown(
    client: httpx.Client, browser: httpx.Client, line: str, code: str, codepoint: str
) -> None:
    original = "def size(price):\n    return 1\n"
    apply = applied(client, original=original, chat=fenced("def size(price):\n" + line), path="size.py")
    found = {check["code"]: check for check in apply["checks"]}
    assert (found[code]["state"], found[code]["line"]) == ("warning", 2)
    assert codepoint in found[code]["message"]
    assert codepoint in browser.get(apply["url"]).text
    assert results(client, apply)[1] == ("def size(price):\n" + line).encode()


def test_ordinary_text_raises_no_such_warning(client: httpx.Client) -> None:
    apply = applied(client)
    found = {check["code"]: check["state"] for check in apply["checks"]}
    assert (found["bidi"], found["confusables"]) == ("passed", "passed")


class _Page(HTMLParser):
    """What a browser would make of a page. `intruders`: scripts that run and are not files of the site, and handlers in
    attributes; the site writes neither."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []
        self.intruders: list[str] = []
        self.text = ""
        self._code: list[str] | None = None

    @classmethod
    def of(cls, answer: httpx.Response) -> _Page:
        assert answer.status_code == 200
        page = cls()
        page.feed(answer.text)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code":
            self._code = []
        known = dict(attrs)
        ours = (known.get("src") or "").startswith("/static/") or known.get("type") == "application/json"
        if tag == "script" and not ours:
            self.intruders.append(f"<{tag} {attrs}>")
        self.intruders += [f"<{tag} {name}>" for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "code" and self._code is not None:
            self.codes.append("".join(self._code))
            self._code = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._code is not None:
            self._code.append(data)


def _until(true: Any) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within a minute")


def _open_applies(site: Site) -> int:
    return _count(site, "applyweb_apply WHERE status IN ('queued', 'running')")


def _rows(site: Site) -> tuple[int, int]:
    """How many applies and texts are stored."""
    return _count(site, "applyweb_apply"), _count(site, "applyweb_blob")


def _count(site: Site, what: str) -> int:
    with closing(sqlite3.connect(f"file:{site.data / 'applyweb.sqlite3'}?mode=ro", uri=True)) as database:
        return int(database.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
