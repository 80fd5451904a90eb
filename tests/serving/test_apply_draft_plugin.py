"""The plugin refuses an SGLang that it does not know, with a sentence. The real one is in tests/sglang_cpu; here stand
modules of the same names."""

from __future__ import annotations

import importlib.metadata
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from applyweb.serving.apply_draft import plugin
from applyweb.serving.apply_draft.known import UnknownSGLang, check_names


class Algorithm:
    NGRAM = EAGLE3 = SimpleNamespace(handle_server_args=None)
    added: list[str]

    @classmethod
    def register(cls, name: str, **_: Any) -> Any:
        cls.added.append(name)
        return lambda worker: worker


class Custom:
    is_ngram = has_draft_kv = is_eagle = is_eagle3 = handle_server_args = None


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    modules = {}
    for name, content in (
        ("sglang.srt.arg_groups.overrides", {"declare_resolution": None}),
        ("sglang.srt.speculative.spec_info", {"SpeculativeAlgorithm": Algorithm}),
        ("sglang.srt.speculative.spec_registry", {"CustomSpecAlgo": Custom}),
    ):
        modules[name] = ModuleType(name)
        vars(modules[name]).update(content)
        monkeypatch.setitem(sys.modules, name, modules[name])
    for package in ("sglang", "sglang.srt", "sglang.srt.arg_groups", "sglang.srt.speculative"):
        monkeypatch.setitem(sys.modules, package, ModuleType(package))
    monkeypatch.setattr(Algorithm, "added", [], raising=False)
    says(monkeypatch, "0.5.23.post1")
    return modules


def says(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(plugin, "version", lambda name: {"sglang": version}[name])


def test_one_that_is_known_gets_both_algorithms(stand_in: dict[str, ModuleType]) -> None:
    plugin.register()
    assert Algorithm.added == ["APPLY", "APPLY_EAGLE3"]


@pytest.mark.parametrize("version", ["0.5.22", "0.5.24", "0.6", "1.0.0rc1", "dev"])
def test_another_release_is_refused(
    stand_in: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    says(monkeypatch, version)
    with pytest.raises(UnknownSGLang, match=rf"need SGLang 0\.5\.23 .*and this is {version}\. Install the one"):
        plugin.register()
    assert Algorithm.added == []


@pytest.mark.parametrize(
    ("owner", "name"), [(Algorithm, "NGRAM"), (Algorithm, "register"), (Custom, "has_draft_kv"), (Custom, "is_eagle3")]
)
def test_one_that_lacks_a_name_is_refused(
    stand_in: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    monkeypatch.delattr(owner, name)
    with pytest.raises(UnknownSGLang, match=rf"{owner.__name__} has no {name}, .*Install the one"):
        plugin.register()
    assert Algorithm.added == []


def test_one_whose_module_or_class_was_renamed_is_refused(stand_in: dict[str, ModuleType]) -> None:
    del vars(stand_in["sglang.srt.speculative.spec_registry"])["CustomSpecAlgo"]
    with pytest.raises(UnknownSGLang, match=r"lacks what applyweb stands on: .*CustomSpecAlgo.*Install the one"):
        plugin.register()


def test_all_names_that_are_missing_are_told() -> None:
    with pytest.raises(UnknownSGLang, match="Custom has no draft, step,"):
        check_names(Custom, ("is_ngram", "draft", "step"))


def test_the_installed_package_is_asked() -> None:
    assert plugin.version is importlib.metadata.version
