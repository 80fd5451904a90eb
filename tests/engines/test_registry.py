"""The registry: engines by name, unknown ones named clearly, others loaded only when asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from applyweb.engines.base import ApplyRequest, EngineStatus
from applyweb.engines.registry import EngineSettings, UnknownEngine, get, names


def test_names_lists_the_engines_in_the_order_to_offer() -> None:
    assert names() == ("embedded", "sglang", "openai", "auto")


@pytest.mark.parametrize("name", ["embedded", "sglang", "openai", "auto"])
def test_get_makes_an_engine_that_knows_its_name(name: str) -> None:
    assert get(name, EngineSettings()).name == name


def test_get_refuses_an_unknown_name_and_lists_the_known_ones() -> None:
    with pytest.raises(UnknownEngine, match=r"'magic'.*embedded, sglang, openai, auto"):
        get("magic", EngineSettings())


def test_get_reads_the_environment_where_no_settings_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLYWEB_RETRIES", "many")
    with pytest.raises(ValueError, match="APPLYWEB_RETRIES"):
        get("embedded")


def test_names_and_get_know_an_engine_of_another_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLYWEB_ENGINES", "mine=tests.engines.test_registry.Mine")
    assert names() == ("embedded", "sglang", "openai", "auto", "mine")
    assert get("mine", EngineSettings()).name == "mine"


def test_an_engine_is_imported_only_when_it_is_asked_for() -> None:
    script = (
        "import sys; from applyweb.engines import registry; "
        "assert 'openai' not in sys.modules and 'applyweb.engines.sglang' not in sys.modules; "
        "registry.get('sglang', registry.EngineSettings()); "
        "assert 'openai' not in sys.modules and 'applyweb.engines.sglang' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


class Mine:
    name = "mine"

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings

    def stream(self, request: ApplyRequest) -> None:
        raise NotImplementedError

    async def status(self) -> EngineStatus:
        raise NotImplementedError
