"""`manage.py serve_model` with the real server: checked, started, used by the site, ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang import SGLangEngine
from applyweb.serving.model_server import profiles
from applyweb.serving.model_server.profiles import Choice
from tests.conftest import end_with_us

from . import place
from .server import environment, free_port, write_package_metadata

pytestmark = pytest.mark.sglang

_PROFILES = """
[models.small]
path = {model}
parameters = 0.135
kv_bytes = 46080
context = 2048

[profiles.cpu]
model = "small"
speculation = "apply"
precision = "float32"
device = "cpu"
context = 1024
running = 4
launch = [{launch}]
arguments = [
  "--attention-backend", "intel_amx", "--disable-cuda-graph", "--grammar-backend", "none", "--sampling-backend",
  "pytorch", "--max-total-tokens", "4096", "--mem-fraction-static", "0.5",
]
"""
_PARSE = """
import argparse, json, sys
from sglang.srt.server_args import ServerArgs
parser = argparse.ArgumentParser()
ServerArgs.add_cli_args(parser)
for words in json.load(sys.stdin):
    parser.parse_args(words)
"""


@pytest.fixture
def host(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """The environment of a host with SGLang, and a file of profiles for it."""
    metadata = tmp_path / "packages"
    metadata.mkdir()
    write_package_metadata(metadata)
    own = tmp_path / "own.toml"
    folder = place.install_folder()
    own.write_text(
        _PROFILES.format(model=json.dumps(str(place.model(folder))), launch=json.dumps(str(place.HERE / "launch.py")))
    )
    return {**environment(metadata), "APPLYWEB_DATA": str(tmp_path / "data")}, own


def command(own: Path, port: int, *more: str) -> list[str]:
    python = str(place.python(place.install_folder()))
    words = [sys.executable, "manage.py", "serve_model", "cpu", "--profiles", str(own), "--python", python]
    return [*words, "--port", str(port), *more]


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout


def test_sglang_takes_every_argument_of_every_profile(host: tuple[dict[str, str], Path]) -> None:
    words = [profiles.command(each, Choice(draft="/models/head"), "python")[3:] for each in profiles.load().values()]
    python = str(place.python(place.install_folder()))
    done = subprocess.run(
        [python, "-c", _PARSE], input=json.dumps(words), env=host[0], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("copies", [1, 2])
def test_serve_model_starts_the_server_tells_the_site_and_ends_it(
    host: tuple[dict[str, str], Path], tmp_path: Path, copies: int
) -> None:
    environment, own = host
    if copies == 1:
        del environment["APPLYWEB_TEST_FORK"]  # each process loads the plugin by itself, as on a GPU
    else:
        environment["SGLANG_CPU_OMP_THREADS_BIND"] = "0|1"  # which SGLang wants to be told for copies on a CPU
    (tmp_path / "data").mkdir()
    port = free_port()
    registered = tmp_path / "data" / f"model_server-{port}.json"
    process = subprocess.Popen(
        command(own, port, "--gpus", str(copies)),
        cwd=place.ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=end_with_us,
    )
    try:
        said = []
        for line in lines(process):
            said.append(line)
            if line.startswith("Ready at"):
                break
        assert said[-1].startswith(f"Ready at http://127.0.0.1:{port}."), "".join(said)
        assert "ok       the apply draft's plugin: found\n" in said
        assert (tmp_path / "data" / f"model_server-{port}.log").stat().st_size > 0
        assert json.loads(registered.read_text())["url"] == f"http://127.0.0.1:{port}"
        info = httpx.get(f"http://127.0.0.1:{port}/server_info", timeout=60, trust_env=False).json()
        assert (info["speculative_algorithm"], info["dp_size"]) == ("APPLY", copies)
        asyncio.run(_figures_of_few_steps(f"http://127.0.0.1:{port}"))
        (tmp_path / "a.py").write_text("a = 1\n")
        (tmp_path / "chat.md").write_text("```python\na = 2\n```\n")
        applied = subprocess.run(
            [sys.executable, "manage.py", "apply", str(tmp_path / "a.py"), "--chat", str(tmp_path / "chat.md"),
             "--engine", "sglang"],
            cwd=place.ROOT, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert "not_configured" not in applied.stderr
        assert "No SGLang server is set" not in applied.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert not registered.exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/health", timeout=10, trust_env=False)


async def _figures_of_few_steps(url: str) -> None:
    """What the Engines page shows after an answer of fewer steps than SGLang reports by itself."""
    engine = SGLangEngine(EngineSettings(sglang_url=url, status_timeout=60.0))
    async with httpx.AsyncClient(base_url=url, timeout=300, trust_env=False) as client:
        sampling = {"temperature": 0, "max_new_tokens": 8, "ignore_eos": True}
        body = {"text": "a = 1\nb = 2\n", "sampling_params": sampling}
        for _ in range(4):  # for one of two copies at least
            (await client.post("/generate", json=body)).raise_for_status()
    status = await engine.status()
    assert float(dict(status.facts)["Tokens a second (last steps)"].replace(",", "")) > 0
    assert status.figures["tokens_per_second"] >= 0  # nothing runs any more
    assert status.figures["spec_accept_length"] >= 1


def test_a_dry_run_checks_and_starts_nothing(host: tuple[dict[str, str], Path], tmp_path: Path) -> None:
    environment, own = host
    done = subprocess.run(
        command(own, free_port(), "--dry-run"),
        cwd=place.ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "MISSING" not in done.stdout
    assert "--speculative-algorithm APPLY" in done.stdout
    without = {**environment, "PYTHONPATH": os.pathsep.join([str(place.SHIM)])}
    done = subprocess.run(
        command(own, free_port()), cwd=place.ROOT, env=without, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, "MISSING  the apply draft's plugin" in done.stdout) == (1, True), done.stdout
    assert "nothing was started" in done.stderr
