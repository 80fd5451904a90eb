"""A bundle for a host without internet: packed for real, installed for real, and refused where anything is off."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from applyweb.serving.model_server import install
from tests.serving.bundles import HERE, WEIGHTS, pack, plan


def run_install(out: Path, target: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    words = [str(out / "install"), str(target)]
    return subprocess.run(
        words, capture_output=True, text=True, timeout=180, env={**environment, "PYTHON": sys.executable}
    )


def refusal(out: Path, target: Path) -> str:
    """What install says against a bundle; nothing is written then."""
    before = sorted(target.parent.rglob("*"))
    done = run_install(out, target)
    assert done.returncode == 1
    assert sorted(target.parent.rglob("*")) == before
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def python(target: Path, code: str) -> str:
    words = [str(target / "venv" / "bin" / "python"), "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def test_what_was_packed_runs_where_it_was_installed(tmp_path: Path, index: Path, project: Path, model: Path) -> None:
    out, target = tmp_path / "out", tmp_path / "the target"
    pack(out, plan(model, part_size=100_000, root=project))
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()) == [
        "MANIFEST.json",
        "install",
        "install.py",
        "model/config.json",
        "model/model.safetensors.part000",
        "model/model.safetensors.part001",
        "model/model.safetensors.part002",
        "model/tokenizer/words.txt",
        "wheels/tinyplugin-1.0-py3-none-any.whl",
        "wheels/tinyserver-1.0-py3-none-any.whl",
    ]
    assert not any(path.is_symlink() for path in out.rglob("*"))
    assert not (project / "build.log").exists()  # it was built elsewhere
    shutil.rmtree(index)  # the host has nothing but the bundle
    done = run_install(out, target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (target / "model" / "model.safetensors").read_bytes() == WEIGHTS
    assert (target / "model" / "tokenizer" / "words.txt").read_text() == "words"
    assert python(target, "import tinyserver, tinyplugin; print(tinyserver.NAME, tinyplugin.NAME)") == (
        "tinyserver tinyplugin\n"
    )
    start = f"  '{target}/venv/bin/python' -m tinyserver --model-path '{target}/model'"
    assert done.stdout.splitlines()[-1] == start
    (target / "venv" / "running").touch()
    again = run_install(out, target)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, start)
    assert (target / "venv" / "running").exists()  # what a server may run from is left alone


def test_wheels_in_parts_are_joined_and_a_broken_off_install_is_made_anew(
    tmp_path: Path, index: Path, model: Path
) -> None:
    out, target = pack(tmp_path / "out", plan(model, part_size=200)), tmp_path / "target"
    assert not list((out / "wheels").glob("*.whl"))
    target.mkdir()
    (target / ".model-server.json").write_text('{"finished": false}')
    for name in ("venv/bin", "model", ".model.new"):
        (target / name).mkdir(parents=True)
        (target / name / "half").write_text("half")
    done = run_install(out, target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert python(target, "import tinyserver; print(tinyserver.NAME)") == "tinyserver\n"
    assert not list(target.rglob("half"))
    assert sorted(each.name for each in target.iterdir()) == [".model-server.json", "model", "venv"]


def test_a_target_in_which_something_would_be_lost_is_refused(tmp_path: Path, index: Path, model: Path) -> None:
    (tmp_path / "host").mkdir()
    out = pack(tmp_path / "host" / "bundle", plan(model, requirements=[]))
    (tmp_path / "host" / "venv").mkdir()
    assert "host is not empty: it has bundle, venv" in refusal(out, tmp_path / "host")
    assert "lies in the bundle" in refusal(out, out)
    assert "lies in the bundle" in refusal(out, out / "model")
    assert "is a file" in refusal(out, model / "config.json")


def test_the_script_finds_the_bundles_python_and_says_when_there_is_none(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = pack(tmp_path / "out", plan(model, requirements=[]))
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or "")
    environment = {"PATH": str(tools)}
    words = [str(out / "install"), str(tmp_path / "target")]
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert (done.returncode, f"there is no Python {HERE} here" in done.stderr) == (1, True)
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")  # one that is too old
    (tools / "python3").chmod(0o755)
    (tools / f"python{HERE}").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tools / f"python{HERE}").chmod(0o755)
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "target" / "model" / "model.safetensors").read_bytes() == WEIGHTS


def installed(tmp_path: Path, index: Path, model: Path) -> tuple[Path, Path]:
    """A bundle, and where it was installed; its venv has a mark of its own."""
    out, target = pack(tmp_path / "out", plan(model)), tmp_path / "target"
    done = run_install(out, target)
    assert done.returncode == 0, done.stdout + done.stderr
    (target / "venv" / "running").touch()
    return out, target


def test_what_was_damaged_since_is_put_right_and_nothing_else(tmp_path: Path, index: Path, model: Path) -> None:
    out, target = installed(tmp_path, index, model)
    weights = target / "model" / "model.safetensors"

    def overwritten() -> None:
        with weights.open("r+b") as file:
            file.seek(1000)
            file.write(b"evil")

    for damage in (
        overwritten,
        lambda: (target / "model" / "extra.py").write_text("import evil"),
        lambda: (target / "model" / "tokenizer" / "words.txt").unlink(),
    ):
        damage()
        done = run_install(out, target)
        assert done.returncode == 0, done.stderr
        assert "installed already" not in done.stdout
        assert weights.read_bytes() == WEIGHTS
        names = sorted(path.name for path in (target / "model").rglob("*") if path.is_file())
        assert names == ["config.json", "model.safetensors", "words.txt"]
        assert (target / "venv" / "running").exists()
        assert "All of it is installed already" in run_install(out, target).stdout


def test_packages_that_were_damaged_since_are_put_right(tmp_path: Path, index: Path, model: Path) -> None:
    out, target = installed(tmp_path, index, model)
    (site,) = (target / "venv" / "lib").glob("python*/site-packages")
    (site / "own.py").write_text("")  # what a person has added is no damage
    assert "All of it is installed already" in run_install(out, target).stdout
    for damage in (
        lambda: (site / "tinyserver.py").write_text("NAME = 'evil'\n"),
        lambda: (site / "tinyserver.py").unlink(),
        lambda: (shutil.rmtree(site / "tinyserver-1.0.dist-info"), (site / "tinyserver.py").unlink()),
        lambda: (site / "tinyserver-1.0.dist-info" / "RECORD").write_text(""),
    ):
        damage()
        done = run_install(out, target)
        assert done.returncode == 0, done.stderr
        assert "installed already" not in done.stdout
        assert python(target, "import tinyserver; print(tinyserver.NAME)") == "tinyserver\n"
    assert "All of it is installed already" in run_install(out, target).stdout


def test_an_install_asks_nobody_for_what_the_bundle_lacks(tmp_path: Path, model: Path, index: Path) -> None:
    """A proxy is all that pip would ask through; it is there, and nobody comes to it."""
    out = pack(tmp_path / "out", plan(model))
    change(requirements=["nowhere==3"])(out)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.0)
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        environment = {"PYTHON": sys.executable, "PATH": os.environ["PATH"]}
        environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), url)
        words = [str(out / "install"), str(tmp_path / "target")]
        done = subprocess.run(words, capture_output=True, text=True, timeout=180, env=environment)
        assert done.returncode == 1
        assert "nowhere" in done.stderr + done.stdout
        with pytest.raises(BlockingIOError):
            proxy.accept()


def test_weights_alone_start_with_a_python_of_the_persons_own(tmp_path: Path, model: Path) -> None:
    start = ["python3", "-m", "tinyserver", "--model-path", "{target}/model"]
    done = run_install(pack(tmp_path / "out", plan(model, requirements=[], start=start)), tmp_path / "target")
    assert "Start them with a Python that has SGLang:" in done.stdout
    assert done.stdout.splitlines()[-1] == f"  python3 -m tinyserver --model-path {tmp_path / 'target' / 'model'}"
    assert not (tmp_path / "target" / "venv").exists()


def link(out: Path) -> None:
    """The right bytes, but elsewhere."""
    path = out / "model" / "config.json"
    path.rename(out.parent / "elsewhere.json")
    path.symlink_to(out.parent / "elsewhere.json")


def flip(out: Path) -> None:
    path = out / "model" / "model.safetensors.part001"
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")


def swap(out: Path) -> None:
    """Parts that are right, in the wrong order."""
    manifest = json.loads((out / "MANIFEST.json").read_text())
    next(file for file in manifest["files"] if file["parts"])["parts"].reverse()
    (out / "MANIFEST.json").write_text(json.dumps(manifest))


def change(**values: Any) -> Callable[[Path], None]:
    def write(out: Path) -> None:
        path = out / "MANIFEST.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return write


def entry(path: Any, parts: list[Any] | None = None) -> dict[str, Any]:
    return {"path": path, "size": 1, "sha256": "", "parts": parts or []}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (flip, "model.safetensors.part001 is not what was packed"),
        (link, "config.json is missing"),
        (change(files=[entry("model/a") | {"size": 1 << 60}]), r"needs 1099511627776 MiB and more, and \d+ MiB are"),
        (swap, "The parts of model/model.safetensors do not make it"),
        (lambda out: (out / "model" / "model.safetensors.part002").unlink(), "part002 is missing"),
        (lambda out: (out / "model" / "config.json").unlink(), "config.json is missing"),
        (lambda out: (out / "wheels" / "evil-1.0-py3-none-any.whl").write_bytes(b""), "evil-1.0.* is not in MANIFEST"),
        (lambda out: (out / "MANIFEST.json").unlink(), "never finished"),
        (lambda out: (out / "MANIFEST.json").write_text("{"), "cannot be read"),
        (change(files=[entry("model/../../etc/passwd")]), "no file of a bundle"),
        (change(files=[entry("/etc/passwd")]), "no file of a bundle"),
        (change(files=[entry("model/a", [entry("model/../../a.part000")])]), "no file of a bundle"),
        (change(files=[entry("model")]), "no file of a bundle"),
        (change(files=[entry(7)]), "cannot be read"),
        (change(files=[entry("wheels/t-1.0-cp312-cp312-manylinux_2_99_x86_64.whl")]), "need glibc 2.99"),
        (change(format=9), "has format 9"),
        (change(python="2.7"), "is for Python 2.7"),
        (change(machine="pdp11"), "is for pdp11"),
    ],
)
def test_a_spoilt_bundle_is_refused_before_anything_is_written(
    tmp_path: Path, index: Path, model: Path, spoil: Callable[[Path], object], said: str
) -> None:
    out = pack(tmp_path / "out", plan(model, part_size=100_000))
    spoil(out)
    line = refusal(out, tmp_path / "target")
    assert line.startswith("Not installed: ")
    assert re.search(said, line), line


def test_the_glibc_of_a_wheel_is_the_least_that_its_name_takes() -> None:
    names = ["t-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "t-1-py3-none-any.whl"]
    names += ["t-1-cp312-cp312-manylinux_2_34_x86_64.whl", "t-1-cp312-cp312-manylinux2014_x86_64.whl"]
    assert [install._glibc(f"wheels/{name}") for name in names] == [17, 0, 34, 17]
