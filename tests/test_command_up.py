"""`manage.py up` as a person meets it: the start, the samples, and one clear line for each thing that is wrong."""

from __future__ import annotations

import ast
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Site

_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 18)
sys.argv = ["manage.py", "up"]
runpy.run_path("manage.py", run_name="__main__")
"""

# Whoever is about to make the key waits for the others to be about to as well.
_SAY_KEY = """
import pathlib, time
seen = pathlib.Path.exists
def late(path):
    found = seen(path)
    if path.name == "secret_key":
        time.sleep(0.5)
    return found
pathlib.Path.exists = late
from applyweb.settings import SECRET_KEY
print(SECRET_KEY, end="")
"""


def run(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "APPLYWEB_DATA": str(data)}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def the_one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed start said: exit 1, nothing on stdout, one line on stderr."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{data / 'applyweb.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_named_with_a_way_out(tmp_path: Path, taken_port: int) -> None:
    line = the_one_line(run(tmp_path, "manage.py", "up", "--port", str(taken_port)))
    assert f"Port {taken_port} on 127.0.0.1 is in use" in line
    assert f"--port {taken_port + 1}" in line or "--port 0" in line


def test_a_port_that_cannot_be_is_named(tmp_path: Path) -> None:
    assert "70000 is no port" in the_one_line(run(tmp_path, "manage.py", "up", "--port", "70000"))


def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    line = the_one_line(run(tmp_path, "manage.py", "up", "--port", "0", "--host", "192.0.2.1"))
    assert "Cannot listen on 192.0.2.1:0" in line


@pytest.mark.parametrize(
    ("option", "url"),
    [
        ("--sglang-url", "notaurl"),
        ("--sglang-url", "ftp://127.0.0.1:30000"),
        ("--sglang-url", "http://"),
        ("--sglang-url", "http://127.0.0.1:30 000"),
        ("--openai-url", "127.0.0.1:port/v1"),
        ("--openai-url", "http://127.0.0.1:99999/v1"),
    ],
)
def test_an_address_that_is_none_is_named(tmp_path: Path, option: str, url: str) -> None:
    line = the_one_line(run(tmp_path, "manage.py", "up", "--port", "0", option, url))
    assert f"{option} must be an address such as http://127.0.0.1:30000, not '{url}'." in line


@pytest.mark.parametrize("address", ["127.0.0.1:9", "http://localhost", "https://user@[::1]:9/v1"])
def test_an_address_may_be_a_bare_host_and_port(own_site: Site, address: str) -> None:
    own_site.start("--openai-url", address)
    assert httpx.get(f"{own_site.base}/sign-in/").status_code == 200


@pytest.mark.parametrize("value", ["0", "-3", "many"])
@pytest.mark.parametrize("name", ["APPLYWEB_CONCURRENCY", "APPLYWEB_TEXT_LIMIT"])
def test_a_number_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    line = the_one_line(run(tmp_path, "manage.py", "up", "--port", "0"))
    assert line == f"{name} must be a whole number of 1 or more, not {value!r}."


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("in the way")
    line = the_one_line(run(tmp_path / place, "manage.py", "up", "--port", "0"))
    assert f"cannot write to its data folder {tmp_path / place}" in line
    assert "APPLYWEB_DATA" in line


def test_a_database_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "applyweb.sqlite3").write_bytes(b"these bytes are no database " * 400)
    line = the_one_line(run(tmp_path, "manage.py", "up", "--port", "0"))
    assert f"The database in {tmp_path} cannot be used" in line


@pytest.mark.parametrize("command", [["token", "ci"], ["sign_in_link"]])
def test_accounts_need_no_start_before(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path / "new", "manage.py", *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith(("aw_", "http://127.0.0.1:8000/sign-in/1/"))


@pytest.mark.parametrize("command", [["token", "ci"], ["sign_in_link"]])
def test_accounts_in_a_database_that_is_none_are_one_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "applyweb.sqlite3").write_bytes(b"these bytes are no database " * 400)
    assert f"The database in {tmp_path} cannot be used" in the_one_line(run(tmp_path, "manage.py", *command))


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    """Each writes its key where the others see none yet: all must read the one that came first."""
    data = tmp_path / "new"
    environment = {**os.environ, "APPLYWEB_DATA": str(data)}
    environment.pop("APPLYWEB_SECRET_KEY", None)
    starts = [
        subprocess.Popen([sys.executable, "-c", _SAY_KEY], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {start.communicate(timeout=60)[0] for start in starts}
    assert keys == {(data / "secret_key").read_text()}
    assert len(keys.pop()) >= 50
    assert [path.name for path in data.iterdir()] == ["secret_key"]
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_an_old_python_is_told_which_one_is_needed(tmp_path: Path) -> None:
    line = the_one_line(run(tmp_path, "-c", _OLD_PYTHON))
    assert line.startswith("applyweb needs Python 3.11 or later; this is 3.9.")


def test_an_old_python_can_read_the_file_that_tells_it() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 7))


def test_a_first_start_makes_three_samples_and_a_second_none(own_site: Site) -> None:
    own_site.fresh = True
    own_site.start()
    first = _samples_ended(own_site)
    assert sorted((path, status, confidence) for _, path, status, confidence in first) == [
        ("harbor/fetch.py", "finished", "certain"),
        ("ops/deploy.sh", "finished", "certain"),
        ("web/settings/panel.ts", "finished", "unsure"),
    ]
    own_site.kill()
    own_site.start()
    assert _samples_ended(own_site) == first


def test_the_printed_link_signs_in(live_site: Site) -> None:
    with httpx.Client(follow_redirects=True) as browser:
        before = browser.get(f"{live_site.base}/applies/")
        assert before.url.path == "/sign-in/"
        assert browser.get(live_site.sign_in).status_code == 200
        after = browser.get(f"{live_site.base}/applies/")
        assert (after.status_code, after.url.path) == (200, "/applies/")
        assert "harbor/fetch.py" in after.text


def test_a_further_link_is_for_where_the_site_is(live_site: Site) -> None:
    assert live_site.manage("sign_in_link").startswith(f"{live_site.base}/sign-in/")
    assert live_site.manage("sign_in_link", "--base", "https://apply.example/").startswith(
        "https://apply.example/sign-"
    )
    page = httpx.get(f"{live_site.base}/sign-in/").text
    assert f"manage.py sign_in_link --base {live_site.base}</pre>" in page


def test_a_second_start_on_the_same_data_says_so(live_site: Site) -> None:
    line = the_one_line(run(live_site.data, "manage.py", "up", "--port", "0"))
    assert f"Another applyweb is running on {live_site.data}" in line
    assert httpx.get(f"{live_site.base}/sign-in/").status_code == 200


def test_token_prints_the_token_alone_on_the_last_line(live_site: Site) -> None:
    *words, token = live_site.manage("token", "first tool").splitlines()
    assert token.startswith("aw_")
    assert " " not in token
    assert not any(token in line for line in words)
    assert _api_status(live_site, token) == 404
    again = live_site.manage("token", "first tool").splitlines()[-1]
    assert (_api_status(live_site, token), _api_status(live_site, again)) == (401, 404)
    other = live_site.manage("token", "second tool").splitlines()[-1]
    assert (_api_status(live_site, again), _api_status(live_site, other)) == (404, 404)


def _samples_ended(site: Site) -> list[tuple[object, ...]]:
    """(id, path, status, confidence) of every apply, once none is open."""
    for _ in range(400):
        found = rows(site.data, "SELECT id, path, status, confidence FROM applyweb_apply ORDER BY id")
        if found and all(status not in ("queued", "running") for _, _, status, _ in found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"the samples did not end: {found}")


def _api_status(site: Site, token: str) -> int:
    """404 for a good token: there is no such apply. 401 for a bad one."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{site.base}/api/applies/nothing", headers=headers).status_code
