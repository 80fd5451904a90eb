"""The model server that serve_model names to the site, as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from applyweb.jobs.model_server import Registered, engine_settings, register, registered, unregister

SERVER = Registered("http://127.0.0.1:30000", "7b-apply", "/models/coder")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    for name in ("APPLYWEB_SGLANG_URL", "APPLYWEB_SGLANG_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_a_registered_server_is_used_with_the_model_that_it_must_have() -> None:
    register(SERVER)
    found = engine_settings()
    assert (found.sglang_url, found.sglang_model) == (SERVER.url, SERVER.model)
    unregister(SERVER)
    assert (registered(), engine_settings().sglang_url) == (None, "")


def test_the_site_goes_back_to_a_server_that_is_still_there_when_a_later_one_ends() -> None:
    register(SERVER)
    second = Registered("http://127.0.0.1:30001", "1.5b-apply", "/models/small")
    register(second)
    assert registered() == second
    unregister(second)
    assert registered() == SERVER
    register(second)
    unregister(SERVER)
    assert registered() == second


def test_only_ones_own_registration_is_taken_away() -> None:
    register(SERVER)
    unregister(Registered(SERVER.url, "7b-plain", SERVER.model))
    assert registered() == SERVER


def test_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    register(SERVER)
    monkeypatch.setenv("APPLYWEB_SGLANG_MODEL", "coder")
    assert engine_settings().sglang_model == "coder"
    monkeypatch.setenv("APPLYWEB_SGLANG_URL", "http://gpu:1")
    monkeypatch.delenv("APPLYWEB_SGLANG_MODEL")
    assert (engine_settings().sglang_url, engine_settings().sglang_model) == ("http://gpu:1", "")


@pytest.mark.parametrize("text", ["", '{"url": "http://127', "[]", "{}", "null", "\udcff"])
def test_a_file_that_was_cut_off_names_no_server_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / "model_server-30000.json").write_bytes(text.encode(errors="surrogateescape"))
    assert engine_settings().sglang_url == ""
    assert "model_server-30000.json cannot be read" in caplog.text
    register(SERVER)
    assert registered() == SERVER
