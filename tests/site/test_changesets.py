"""Changesets on the running site, as a tool uses them: from several files to one patch."""

from __future__ import annotations

import io
import json
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from tests.conftest import Site
from tests.factories import many_files
from tests.site.test_streaming import socket

NEW = "### src/new.py\n\n```python\nn = 1\n```\n"


@pytest.fixture(scope="module")
def client(live_site: Site) -> Iterator[httpx.Client]:
    with live_site.client() as client:
        yield client


def body(count: int, more: str = "") -> dict[str, Any]:
    files, chat = many_files(count)
    return {"originals": [{"path": path, "original": text} for path, text in files], "chat": chat + more}


def ended(client: httpx.Client, changeset_id: str) -> dict[str, Any]:
    for _ in range(400):
        changeset: dict[str, Any] = client.get(f"/api/changesets/{changeset_id}").json()
        if not changeset["open"]:
            return changeset
        time.sleep(0.05)
    raise AssertionError("the changeset did not end")


def test_several_files_from_post_to_one_patch_and_archive(client: httpx.Client, tmp_path: Path) -> None:
    answer = client.post("/api/changesets", json=body(3, NEW))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["url"] == f"/changesets/{made['id']}/"
    changeset = ended(client, made["id"])
    assert [(file["path"], file["status"], file["new"], file["confidence"]) for file in changeset["files"]] == [
        ("src/part_0.py", "finished", False, "certain"),
        ("src/part_1.py", "finished", False, "certain"),
        ("src/part_2.py", "finished", False, "certain"),
        ("src/new.py", "finished", True, "certain"),
    ]
    assert changeset["hunks"] == {"total": 7, "accepted": 0, "rejected": 0, "pending": 7}
    for file in changeset["files"]:
        apply = client.get(f"/api/applies/{file['id']}").json()
        assert (apply["missing"], [note for note in apply["notes"] if note["severity"] != "info"]) == ([], [])

    for file in changeset["files"][1:]:
        client.put(f"/api/applies/{file['id']}/decisions", json={"decision": "accepted"})
    base = f"/api/changesets/{made['id']}"
    assert client.get(base).json()["hunks"] == {"total": 7, "accepted": 5, "rejected": 0, "pending": 2}
    patch = client.get(f"{base}/result.patch")
    assert patch.headers["content-type"] == "text/plain; charset=utf-8"
    assert patch.text.startswith("# src/part_0.py: 2 hunks are undecided and not in here.\n")
    (tmp_path / "src").mkdir()
    for path, text in many_files(3)[0]:
        (tmp_path / path).write_text(text)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch.content, check=True)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{base}/result.zip").content))
    assert archive.namelist() == ["src/part_1.py", "src/part_2.py", "src/new.py"]
    assert archive.comment.startswith(b"src/part_0.py: 2 hunks are undecided")
    for name in archive.namelist():
        assert archive.read(name).decode() == (tmp_path / name).read_text()


def test_a_plan_tells_what_is_not_clear_and_answers_settle_it(client: httpx.Client) -> None:
    chat = "### utils.py\n\n```python\nu = 2\n```\n"
    paths = ["a/utils.py", "b/utils.py", "c.py"]
    plan = client.post("/api/changesets/plan", json={"paths": paths, "chat": chat}).json()
    assert plan == {
        "files": [],
        "untouched": ["c.py"],
        "questions": [{"piece": {"first": 4, "last": 4}, "names": ["utils.py"], "candidates": paths[:2]}],
        "commands": [],
    }
    originals = [{"path": path, "original": "u = 1\n"} for path in paths]
    refused = client.post("/api/changesets", json={"originals": originals, "chat": chat})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "ambiguous")
    made = client.post("/api/changesets", json={"originals": originals, "chat": chat, "answers": {"4": "b/utils.py"}})
    assert (made.status_code, [file["path"] for file in made.json()["files"]]) == (201, ["b/utils.py"])


def test_two_files_of_one_name_each_get_their_own_code(client: httpx.Client) -> None:
    """Both pieces name "utils.py" and change the same function; what judges a file sees its own alone."""
    piece = "### utils.py\n\n```python\ndef one():\n    return {}\n```\n\n"
    originals = [{"path": path, "original": "def one():\n    return 0\n"} for path in ("a/utils.py", "b/utils.py")]
    answers = {"4": "a/utils.py", "11": "b/utils.py"}
    body = {"originals": originals, "chat": piece.format(1) + piece.format(2), "answers": answers}
    changeset = ended(client, client.post("/api/changesets", json=body).json()["id"])
    assert [file["confidence"] for file in changeset["files"]] == ["certain", "certain"]
    for file, value in zip(changeset["files"], (1, 2), strict=True):
        assert client.get(f"/api/applies/{file['id']}/merged").text == f"def one():\n    return {value}\n"
        apply = client.get(f"/api/applies/{file['id']}").json()
        assert (apply["missing"], apply["notes"]) == ([], [])
        (hunk,) = client.get(f"/api/applies/{file['id']}/hunks").json()
        assert hunk["asked_in"] == [7 * value - 2]  # of the whole chat, which its page shows


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"originals": [{"path": "../x.py", "original": ""}]}, 422, "invalid"),
        ({"originals": [{"path": f"{n}.py", "original": ""} for n in range(51)]}, 413, "too_large"),
        ({"originals": [{"path": f"{n}.py", "original": "x" * 1024 * 1024} for n in range(5)]}, 413, "too_large"),
        ({"answers": {"999": ""}}, 422, "invalid"),
        ({"answers": {"x": ""}}, 422, "invalid"),
        ({"engine": "magic"}, 422, "unknown_engine"),
        ({"chat": "Nothing to do."}, 422, "no_code"),
        ({"colour": "red"}, 422, "invalid"),
    ],
)
def test_bad_input_is_refused(client: httpx.Client, change: dict[str, Any], status: int, code: str) -> None:
    answer = client.post("/api/changesets", json={**body(1), **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


def test_an_unknown_changeset_is_not_there(client: httpx.Client) -> None:
    for path in ("", "/result.patch", "/result.zip"):
        assert client.get(f"/api/changesets/abcdefgh2345{path}").status_code == 404
    assert client.post("/api/changesets/abcdefgh2345/stop").status_code == 404
    with socket(client, "/ws/changesets/abcdefgh2345") as page, pytest.raises(ConnectionClosedError) as closed:
        page.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


def test_a_stopped_changeset_has_ended_files(tmp_path: Path, own_site: Site) -> None:
    own_site.env = {"APPLYWEB_ENGINES": "paced=tests.paced.PacedEngine", "APPLYWEB_PACED_LINES_PER_SECOND": "2"}
    own_site.start()
    with own_site.client() as client:
        made = client.post("/api/changesets", json={**body(3), "engine": "paced"}).json()
        base = f"/api/changesets/{made['id']}"
        refused = client.get(f"{base}/result.patch")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_finished")
        with socket(client, made["events"]) as page:
            assert client.post(f"{base}/stop").status_code == 202
            while client.get(base).json()["open"]:
                assert json.loads(page.recv(timeout=10)) == {"type": "changed"}
        assert {file["status"] for file in client.get(base).json()["files"]} == {"stopped"}
        assert client.post(f"{base}/stop").json()["error"]["code"] == "already_ended"


def test_open_pages_are_told_of_decisions_on_any_file(client: httpx.Client) -> None:
    made = client.post("/api/changesets", json=body(2)).json()
    changeset = ended(client, made["id"])
    with socket(client, made["events"]) as page:
        client.put(f"/api/applies/{changeset['files'][1]['id']}/decisions", json={"decision": "accepted"})
        assert json.loads(page.recv(timeout=10)) == {"type": "changed"}


def test_open_pages_are_told_of_a_new_version_of_a_file_and_of_decisions_on_it(client: httpx.Client) -> None:
    made = client.post("/api/changesets", json=body(2)).json()
    changeset = ended(client, made["id"])
    base = f"/api/applies/{changeset['files'][1]['id']}"
    edited = "top = 0\n" + body(2)["originals"][1]["original"]
    with socket(client, made["events"]) as page:
        fresh = client.post(f"{base}/bases", json={"original": edited}).json()["id"]
        assert json.loads(page.recv(timeout=10)) == {"type": "changed"}
        assert [file["id"] for file in ended(client, made["id"])["files"]] == [changeset["files"][0]["id"], fresh]
        client.put(f"/api/applies/{fresh}/decisions", json={"decision": "accepted"})
        assert json.loads(page.recv(timeout=10)) == {"type": "changed"}


def test_a_stranger_hears_nothing(live_site: Site, client: httpx.Client) -> None:
    made = client.post("/api/changesets", json=body(1)).json()
    assert httpx.get(f"{live_site.base}/api/changesets/{made['id']}").status_code == 401
    url = live_site.base.replace("http", "ws", 1) + made["events"]
    with connect(url, additional_headers={"Authorization": "Bearer aw_wrong"}) as page:
        with pytest.raises(ConnectionClosedError) as closed:
            page.recv(timeout=10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
