"""The JSON API of the running site, as a tool uses it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import RequestFactory

from applyweb.web.faults import csrf_failure
from tests.conftest import Site
from tests.factories import CHAT, MERGED, ORIGINAL


@pytest.fixture(scope="module")
def client(live_site: Site) -> Iterator[httpx.Client]:
    with live_site.client() as client:
        yield client


@pytest.fixture(scope="module")
def browser(live_site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_site.base, follow_redirects=True) as browser:
        assert browser.get(live_site.sign_in).status_code == 200
        yield browser


def post(client: httpx.Client, **body: Any) -> httpx.Response:
    return client.post("/api/applies", json={"original": ORIGINAL, "chat": CHAT, "path": "shop.py", **body})


def finished(client: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = post(client, **body)
    assert answer.status_code == 201, answer.text
    return ended(client, answer.json()["id"])


def ended(client: httpx.Client, apply_id: str) -> dict[str, Any]:
    for _ in range(400):
        apply: dict[str, Any] = client.get(f"/api/applies/{apply_id}").json()
        if apply["status"] not in ("queued", "running"):
            return apply
        time.sleep(0.05)
    raise AssertionError("the apply did not end")


def test_an_apply_from_post_to_result(client: httpx.Client) -> None:
    answer = post(client, engine="embedded")
    assert answer.status_code == 201
    created = answer.json()
    assert created["url"] == f"/applies/{created['id']}/"
    assert created["events"] == f"/ws/applies/{created['id']}/events"
    apply = ended(client, created["id"])
    assert (apply["status"], apply["confidence"], apply["engine"]) == ("finished", "certain", "embedded")
    assert apply["hunks"] == {"total": 2, "accepted": 0, "rejected": 0, "pending": 2}
    assert apply["merged_sha256"] == sha256(MERGED.encode()).hexdigest()
    assert apply["error"] is None

    base = f"/api/applies/{apply['id']}"
    merged = client.get(f"{base}/merged")
    assert merged.text == MERGED
    assert merged.headers["content-type"] == "text/plain; charset=utf-8"
    first, second = client.get(f"{base}/hunks").json()
    assert first["removed"] == ["    return price * (1 + TAX)\n"]
    assert first["added"] == ["    return round(price * (1 + TAX), 2)\n"]
    assert (first["old_start"], first["old_lines"], first["new_start"], first["new_lines"]) == (11, 1, 11, 1)
    assert (first["decision"], first["asked_in"], first["extra"]) == ("pending", [5], False)
    assert (first["support"], first["chat_lines"]) == ("justified", [[5, 5]])
    assert apply["missing"] == []

    answer = client.put(f"{base}/hunks/{second['id']}/decision", json={"decision": "accepted"})
    assert answer.json()["hunks"] == {"total": 2, "accepted": 1, "rejected": 0, "pending": 1}
    only_second = ORIGINAL.replace('{price:.2f}"', '{price:.2f} EUR"')
    assert client.get(f"{base}/result").text == only_second
    assert client.get(f"{base}/result?pending=accepted").text == MERGED
    assert client.get(base).json()["hunks"]["accepted"] == 1
    patch = client.get(f"{base}/result.patch").text
    assert patch.startswith("--- a/shop.py\n+++ b/shop.py\n") or patch.startswith("diff --git ")
    assert '+    return f"{price:.2f} EUR"\n' in patch


def test_the_patch_is_taken_by_git(client: httpx.Client, tmp_path: Path) -> None:
    apply = finished(client)
    client.put(f"/api/applies/{apply['id']}/decisions", json={"decision": "accepted"})
    (tmp_path / "shop.py").write_text(ORIGINAL)
    patch = client.get(f"/api/applies/{apply['id']}/result.patch").content
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert (tmp_path / "shop.py").read_text() == MERGED


def test_decide_all_undo_and_redo(client: httpx.Client) -> None:
    apply = finished(client)
    base = f"/api/applies/{apply['id']}"
    first, second = (hunk["id"] for hunk in client.get(f"{base}/hunks").json())
    client.put(f"{base}/hunks/{first}/decision", json={"decision": "rejected", "reason": "extra change"})
    after = client.put(f"{base}/decisions", json={"decision": "accepted"}).json()
    assert after["decisions"] == {first: "accepted", second: "accepted"}
    undone = client.post(f"{base}/undo").json()
    assert undone["decisions"] == {first: "rejected"}
    assert (undone["can_undo"], undone["can_redo"]) == (True, True)
    assert client.get(f"{base}/hunks").json()[0]["reason"] == "extra change"
    assert client.post(f"{base}/undo").json()["decisions"] == {}
    assert client.post(f"{base}/undo").json()["error"]["code"] == "nothing_to_undo"
    assert client.post(f"{base}/redo").json()["decisions"] == {first: "rejected"}
    assert client.post(f"{base}/redo").json()["decisions"] == {first: "accepted", second: "accepted"}
    assert client.post(f"{base}/redo").status_code == 409
    client.post(f"{base}/undo")
    pending = client.put(f"{base}/hunks/{first}/decision", json={"decision": "pending"}).json()
    assert (pending["decisions"], pending["can_redo"]) == ({}, False)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"chat": ""}, 422, "required", "chat"),
        ({"chat": " \n\t"}, 422, "required", "chat"),
        ({"chat": "I would not change anything here."}, 422, "no_code", "chat"),
        ({"original": "a\x00b"}, 422, "binary", "original"),
        ({"original": "x" * (4 * 1024 * 1024 + 1)}, 413, "too_large", "original"),
        ({"engine": "magic"}, 422, "unknown_engine", "engine"),
        ({"path": "a\nb"}, 422, "invalid", "path"),
        ({"original": 5}, 422, "invalid", "original"),
        ({"colour": "red"}, 422, "invalid", "colour"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(
    client: httpx.Client, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    answer = post(client, **body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["field"] == field


def test_a_lone_surrogate_is_undecodable(client: httpx.Client) -> None:
    content = json.dumps({"original": "\ud800", "chat": CHAT})
    answer = client.post("/api/applies", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "undecodable")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_is_a_bad_request(client: httpx.Client, content: bytes) -> None:
    answer = client.post("/api/applies", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("content", [b"[]", b"5", b"null", b'"original"'])
def test_a_body_that_is_no_object_is_named_without_a_field(client: httpx.Client, content: bytes) -> None:
    answer = client.post("/api/applies", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json() == {"error": {"code": "invalid", "message": "The body must be a JSON object."}}


def test_a_field_may_have_any_name(client: httpx.Client) -> None:
    error = post(client, body="text").json()["error"]
    assert (error["code"], error["field"]) == ("invalid", "body")


@pytest.mark.parametrize("sent_as", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_json_must_be_sent_as_json(client: httpx.Client, sent_as: str) -> None:
    content = json.dumps({"original": ORIGINAL, "chat": CHAT})
    answer = client.post("/api/applies", content=content, headers={"content-type": sent_as})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert "Content-Type: application/json" in answer.json()["error"]["message"]
    taken = client.post("/api/applies", content=content, headers={"content-type": "application/json; charset=utf-8"})
    assert taken.status_code == 201


def test_a_browsers_form_is_a_bad_request(browser: httpx.Client) -> None:
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = browser.post("/api/applies", data=token, files={"original": b"x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_a_method_that_is_not_allowed_is_told_as_json(client: httpx.Client) -> None:
    for method in ("DELETE", "OPTIONS", "PATCH"):
        answer = client.request(method, "/api/applies")
        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/json")
        assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}
        error = answer.json()["error"]
        assert error["code"] == "method_not_allowed"
        assert error["message"].startswith(f"{method} is not allowed here; use ")
    head = client.head("/api/applies")
    assert (head.status_code, head.headers["content-type"]) == (405, "application/json")


def test_an_oversized_body_is_too_large(client: httpx.Client) -> None:
    content = b'{"original": "' + b"x" * (52 * 1024 * 1024) + b'", "chat": "y"}'
    answer = client.post("/api/applies", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_strangers_hear_401_and_unknown_things_404(client: httpx.Client, live_site: Site) -> None:
    apply = finished(client)
    for method, path in [("POST", "/api/applies"), ("GET", f"/api/applies/{apply['id']}")]:
        answer = httpx.request(method, live_site.base + path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
        bad = httpx.request(method, live_site.base + path, headers={"Authorization": "Bearer nothing"})
        assert bad.status_code == 401
    assert client.get("/api/applies/zzzzzzzzzzzz").json()["error"]["code"] == "not_found"
    assert client.get("/api/nothing").json()["error"]["code"] == "not_found"
    unknown = client.put(f"/api/applies/{apply['id']}/hunks/none/decision", json={"decision": "accepted"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_hunk")
    wrong = client.put(f"/api/applies/{apply['id']}/decisions", json={"decision": "perhaps"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "decision")


def test_a_browser_needs_the_csrf_header(browser: httpx.Client) -> None:
    body = {"original": ORIGINAL, "chat": CHAT, "path": "shop.py"}
    refused = browser.post("/api/applies", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    taken = browser.post("/api/applies", json=body, headers={"X-CSRFToken": browser.cookies["csrftoken"]})
    assert taken.status_code == 201


def test_a_form_without_its_csrf_token_gets_the_fault_page(browser: httpx.Client) -> None:
    refused = browser.post("/sign-out/")
    assert refused.status_code == 403
    assert "<h1>Not allowed</h1>" in refused.text
    assert "came without its CSRF token" in refused.text
    assert browser.get("/applies/").url.path == "/applies/"


def test_a_missing_csrf_token_is_told_as_json_under_api() -> None:
    answer = csrf_failure(RequestFactory().post("/api/applies"), reason="no cookie")
    error = json.loads(answer.content)["error"]
    assert (answer.status_code, error["code"]) == (403, "forbidden")
    assert "CSRF token" in error["message"]


def test_a_sign_in_link_works_once(live_site: Site) -> None:
    link = live_site.manage("sign_in_link", "--base", live_site.base).strip()
    assert httpx.get(link).headers["location"] == "/"
    assert httpx.get(link).status_code == 403


def test_stopping_an_ended_apply_is_a_conflict(client: httpx.Client) -> None:
    apply = finished(client)
    answer = client.post(f"/api/applies/{apply['id']}/stop")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already_ended")


def test_a_failed_apply_has_no_result(client: httpx.Client) -> None:
    chat = "```python\n# other.py\ndef nothing_like_it():\n    return Zebra.stripes(7)\n```\n"
    original = "SELECT 1;\n"
    apply = finished(client, original=original, chat=chat, path="query.sql", engine="embedded")
    assert (apply["status"], apply["error"]["code"]) == ("failed", "wrong_file")
    assert client.get(f"/api/applies/{apply['id']}/result").json()["error"]["code"] == "not_finished"
    assert client.get(f"/api/applies/{apply['id']}/hunks").json() == []


def test_the_list_is_searched_and_paged(client: httpx.Client) -> None:
    ids = [finished(client, path=f"paged/{name}.py")["id"] for name in "abc"]
    page = client.get("/api/applies", params={"q": "paged", "limit": 2}).json()
    assert page["total"] == 3
    assert [item["id"] for item in page["items"]] == [ids[2], ids[1]]
    assert page["items"][0]["hunks"] == {"total": 2, "accepted": 0, "rejected": 0, "pending": 2}
    rest = client.get("/api/applies", params={"q": "paged", "limit": 2, "offset": 2}).json()
    assert [item["id"] for item in rest["items"]] == [ids[0]]
    assert client.get("/api/applies", params={"limit": 0}).json()["error"]["field"] == "limit"


@pytest.mark.parametrize(
    ("asked", "field"), [({"offset": 10**23}, "offset"), ({"offset": 10**9 + 1}, "offset"), ({"q": "x" * 201}, "q")]
)
def test_a_list_beyond_all_bounds_is_refused(client: httpx.Client, asked: dict[str, Any], field: str) -> None:
    answer = client.get("/api/applies", params=asked)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_a_list_at_its_bounds_is_answered(client: httpx.Client) -> None:
    answer = client.get("/api/applies", params={"q": "a " * 100, "offset": 10**9})
    assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_the_api_describes_itself(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) >= {
        "/api/applies",
        "/api/applies/{apply_id}",
        "/api/applies/{apply_id}/hunks",
        "/api/applies/{apply_id}/hunks/{hunk_id}/decision",
        "/api/applies/{apply_id}/decisions",
        "/api/applies/{apply_id}/merged",
        "/api/applies/{apply_id}/result",
        "/api/applies/{apply_id}/result.patch",
        "/api/applies/{apply_id}/stop",
    }
    assert client.get("/api/docs").status_code == 200


@pytest.mark.parametrize(
    "original",
    [
        ORIGINAL.replace("\n", "\r\n"),
        "\ufeff" + ORIGINAL,
        ORIGINAL.rstrip("\n"),
        ORIGINAL.replace("    ", "\t"),
        ORIGINAL.replace("shop", "🛒 cafe\u0301 </script> {{ <update>"),
        ORIGINAL.replace("\n", "\r\n", 3),
    ],
    ids=["crlf", "bom", "no final newline", "tabs", "emoji and tags", "mixed ends"],
)
def test_exact_bytes_come_back(client: httpx.Client, original: str) -> None:
    apply = finished(client, original=original)
    base = f"/api/applies/{apply['id']}"
    assert client.get(f"{base}/result").content == original.encode()
    client.put(f"{base}/decisions", json={"decision": "accepted"})
    merged = client.get(f"{base}/merged").content
    assert client.get(f"{base}/result").content == merged
    assert sha256(merged).hexdigest() == apply["merged_sha256"]
    assert "EUR" in merged.decode()


def test_an_empty_file_is_created(client: httpx.Client) -> None:
    apply = finished(client, original="", chat="```python\nprint('hello')\n```\n", path="new.py")
    assert client.get(f"/api/applies/{apply['id']}/merged").text == "print('hello')\n"
    assert client.get(f"/api/applies/{apply['id']}/result").text == ""
