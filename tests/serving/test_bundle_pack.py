"""What goes into a bundle, what is refused, and that nothing of a person's own is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from applyweb.serving.model_server import wheels
from applyweb.serving.model_server.bundle import BundleError
from applyweb.serving.model_server.wheels import Host, WheelError
from tests.serving.bundles import LINUX, NEXT, WEIGHTS, pack, plan, wheel


def test_an_earlier_bundle_is_replaced(tmp_path: Path, index: Path, model: Path) -> None:
    out = pack(tmp_path / "out", plan(model))
    (model / "config.json").write_text('{"new": 1}')
    pack(out, plan(model, requirements=[]))
    assert not (out / "wheels").exists()
    assert (out / "model" / "config.json").read_text() == '{"new": 1}'
    (out / "MANIFEST.json").rename(out / ".unfinished-bundle")  # as a kill leaves it
    pack(out, plan(model, requirements=[]))
    assert sorted(each.name for each in out.iterdir()) == ["MANIFEST.json", "install", "install.py", "model"]


@pytest.mark.parametrize("name", ["thesis.txt", "model/model.safetensors", "MANIFEST.json"])
def test_a_folder_that_is_no_bundle_is_left_as_it_is(tmp_path: Path, model: Path, name: str) -> None:
    foreign = tmp_path / "foreign" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text('{"mine": 1}')
    with pytest.raises(BundleError, match="is not empty and no bundle"):
        pack(tmp_path / "foreign", plan(model))
    assert foreign.read_text() == '{"mine": 1}'
    assert len(list((tmp_path / "foreign").iterdir())) == 1


def test_the_weights_of_a_bundle_are_not_packed_into_themselves(tmp_path: Path, model: Path) -> None:
    out = pack(tmp_path / "out", plan(model, requirements=[]))
    for each, there in ((out / "model", out), (model, model / "out"), (model, model)):
        with pytest.raises(BundleError, match="lie in one another"):
            pack(there, plan(each, requirements=[]))
    assert (out / "model" / "model.safetensors").read_bytes() == WEIGHTS


def test_a_package_that_is_not_there_for_the_host_is_named_and_no_bundle_is_left(
    tmp_path: Path, index: Path, model: Path
) -> None:
    out = tmp_path / "out"
    wheel(index, "elsewhere", tag="cp39-cp39-win_amd64")
    for package in ("nowhere==3", "elsewhere==1.0"):
        with pytest.raises(BundleError, match=rf"pip download failed: .*{package}"):
            pack(out, plan(model, requirements=[package]))
        assert list(out.iterdir()) == []


def test_wheels_that_cannot_be_had_leave_the_earlier_bundle(tmp_path: Path, index: Path, model: Path) -> None:
    out = pack(tmp_path / "out", plan(model))
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(BundleError, match=r"earlier bundle .* is as it was"):
        pack(out, plan(model, requirements=["nowhere==3"]))
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_what_only_the_hosts_python_needs_is_fetched_too(tmp_path: Path, index: Path, model: Path) -> None:
    wheel(index, "asks", f'later; python_version >= "{NEXT}"', 'never; sys_platform == "win32"', 'plain; extra == "x"')
    wheel(index, "later", "evenlater==1.0")
    wheel(index, "evenlater")
    wheel(index, "plain")
    out = pack(tmp_path / "out", plan(model, requirements=["asks[x]"], host=Host(NEXT, [LINUX])))
    names = [path.name.split("-")[0] for path in sorted((out / "wheels").iterdir())]
    assert names == ["asks", "evenlater", "later", "plain"]


def test_a_host_takes_older_wheels_than_its_newest() -> None:
    taken = Host("3.12", ["manylinux_2_28_aarch64"]).takes()
    assert {"manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"} <= set(taken)
    assert "manylinux_2_29_aarch64" not in taken
    assert Host("3.12", ["manylinux_2_28_aarch64"]).machine() == "aarch64"
    for platforms in (["win_amd64"], ["manylinux_2_28_aarch64", "manylinux_2_28_x86_64"]):
        with pytest.raises(WheelError, match="--platform must be such as"):
            Host("3.12", platforms).machine()
    with pytest.raises(WheelError, match="--python must be such as"):
        Host("three").machine()


def test_a_folder_without_a_whole_model_is_refused(tmp_path: Path, model: Path) -> None:
    def refused(said: str) -> None:
        with pytest.raises(BundleError, match=said):
            pack(tmp_path / "out", plan(model, requirements=[]))
        assert not (tmp_path / "out").exists()

    index = model / "model.safetensors.index.json"
    index.write_text('{"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}')
    refused(r"has no model-2\.safetensors")
    index.unlink()
    (model / "gone.bin").symlink_to(tmp_path / "blobs" / "gone")
    refused(r"gone\.bin links to .*, which is not there")
    (model / "gone.bin").unlink()
    (tmp_path / "blobs" / "more" / "round").symlink_to(model)
    refused("links to a folder that it lies in")
    (tmp_path / "blobs" / "more" / "round").unlink()
    whole = (model / "model.safetensors").read_bytes()
    (model / "model.safetensors").unlink()
    (model / "model.safetensors").write_bytes(whole[:-4])
    refused(r"model\.safetensors has 256,\d+ bytes, which are not those that its header tells")
    (model / "model.safetensors").unlink()
    refused(r"no weights \(\*\.safetensors\)")
    (model / "config.json").unlink()
    refused(r"no config\.json")


def test_the_servers_version_is_read_from_the_one_place_where_it_is_written(tmp_path: Path) -> None:
    found = wheels.serve_requirements(Path(__file__).parents[2])
    assert any(each.startswith("sglang>=") for each in found)
    with pytest.raises(WheelError, match=r"no pyproject\.toml"):
        wheels.serve_requirements(tmp_path)
