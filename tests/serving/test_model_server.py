"""Launch profiles and what is looked up of a host before one is started."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from applyweb.serving.model_server import host, launch, profiles
from applyweb.serving.model_server.host import Finding
from applyweb.serving.model_server.profiles import Choice
from tests.serving.weights import free_port, model_folder


def test_every_size_has_a_profile_for_each_way_of_speculating() -> None:
    known = profiles.load()
    wanted = {f"{size}-{way}" for size in ("7b", "1.5b") for way in ("plain", "eagle3", "ngram", "apply")}
    assert wanted <= set(known)
    ours = {name for name, profile in known.items() if profile.drafts_from_merge}
    assert ours == {"7b-apply", "7b-apply-fp8", "7b-apply-eagle3", "1.5b-apply", "1.5b-apply-eagle3"}


def test_the_command_holds_what_the_profile_and_the_person_chose() -> None:
    known = profiles.load()
    words = profiles.command(known["7b-apply-fp8"], Choice("/models/tuned", "", 128, "0.0.0.0", 31000), "python")
    assert words[:5] == ["python", "-m", "sglang.launch_server", "--model-path", "/models/tuned"]
    pairs = dict(zip(words[3::2], words[4::2], strict=False))
    assert (pairs["--host"], pairs["--port"], pairs["--quantization"]) == ("0.0.0.0", "31000", "fp8")
    assert "--speculative-algorithm APPLY --speculative-num-draft-tokens 128" in " ".join(words)


def test_a_key_is_asked_for_where_there_is_one() -> None:
    known = profiles.load()["7b-apply"]
    assert "--api-key k-1" in " ".join(profiles.command(known, Choice(api_key="k-1"), "python"))
    assert "--api-key" not in profiles.command(known, Choice(), "python")
    assert "k-1" not in repr(Choice(api_key="k-1"))


def test_every_step_is_reported_as_a_drafted_file_takes_few() -> None:
    for profile in profiles.load().values():
        said = " ".join(profiles.command(profile, Choice(draft="/models/head"), "python"))
        assert "--enable-metrics --decode-log-interval 1 --load-snapshot-publish-interval 1" in said


def test_eagle_keeps_steps_one_below_draft_tokens_and_takes_the_head() -> None:
    words = profiles.command(profiles.load()["7b-eagle3"], Choice(draft="/models/head", draft_tokens=8), "python")
    said = " ".join(words)
    assert "--speculative-num-steps 7" in said
    assert "--speculative-num-draft-tokens 8" in said
    assert said.endswith("--speculative-draft-model-path /models/head")


def test_a_file_adds_profiles_and_replaces_those_of_the_same_name(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    more = "context = 8192\nrunning = 4\n"
    own.write_text(
        '[models.tuned]\npath = "/m"\nparameters = 7.62\nkv_bytes = 57344\ncontext = 8192\n'
        f'[profiles.ours]\nmodel = "tuned"\nspeculation = "apply"\nprecision = "fp8"\n{more}'
        f'[profiles."7b-plain"]\nmodel = "tuned"\nspeculation = "plain"\nprecision = "bf16"\n{more}'
    )
    known = profiles.load([own])
    assert (known["ours"].model, known["7b-plain"].model, known["7b-ngram"].context) == ("/m", "/m", 32768)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profiles", "cannot be read"),
        ("[profile.x]\n", r"\[profile\]"),
        ('[profiles.x]\nmodel = "none"\n', "lacks 'none'"),
        ('[profiles.x]\nmodel = "7b"\nspeculation = "plain"\nprecision = "int3"\ncontext = 1\nrunning = 1\n', "int3"),
        (
            '[profiles.x]\nmodel = "7b"\nspeculation = "plain"\nprecision = "bf16"\ncontext = "a"\nrunning = 1\n',
            "wrong kind",
        ),
        (
            '[profiles.x]\nmodel = "7b"\nspeculation = "plain"\nprecision = "bf16"\ncontext = -1\nrunning = 1\n',
            "above 0",
        ),
    ],
)
def test_a_file_that_is_wrong_is_named_with_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(profiles.ProfileError, match=said):
        profiles.load([own])


def findings(choice: Choice, profile: str = "7b-plain", python: str = sys.executable) -> dict[str, Finding]:
    found = host.look(profiles.load()[profile], choice, python, download=False)
    return {finding.what: finding for finding in found}


def test_the_models_folder_is_looked_into(tmp_path: Path) -> None:
    port = free_port()
    good = model_folder(tmp_path / "good")
    assert findings(Choice(str(good), port=port))["the model"].good
    (good / "model.safetensors").write_bytes(b"")
    assert "is no file of weights" in findings(Choice(str(good), port=port))["the model"].says
    (good / "model.safetensors").unlink()
    assert "no weights" in findings(Choice(str(good), port=port))["the model"].says
    (good / "config.json").unlink()
    assert "no config.json" in findings(Choice(str(good), port=port))["the model"].says
    assert "--download" in findings(Choice(port=port))["the model"].says


def test_a_model_that_lacks_a_shard_is_not_there(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "model")
    index = folder / "model.safetensors.index.json"
    index.write_text('{"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}')
    finding = findings(Choice(str(folder), port=free_port()))["the model"]
    assert (finding.good, "has no model-2.safetensors" in finding.says) == (False, True)
    index.write_text("{")
    assert "cannot be read" in findings(Choice(str(folder), port=free_port()))["the model"].says


def test_a_model_in_the_hubs_cache_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    snapshots = tmp_path / "models--Qwen--Qwen2.5-Coder-7B-Instruct" / "snapshots"
    snapshots.mkdir(parents=True)
    model_folder(snapshots / "abc")
    assert findings(Choice(port=free_port()))["the model"].good


def test_a_context_that_the_model_does_not_have_is_refused(tmp_path: Path) -> None:
    found = findings(Choice(str(model_folder(tmp_path / "short", 4096)), port=free_port()))
    assert (found["context"].good, "the model has 4096" in found["context"].says) == (False, True)


def test_eagle_without_a_head_says_what_to_do(tmp_path: Path) -> None:
    port = free_port()
    assert "--draft" in findings(Choice(port=port), "7b-eagle3")["the draft head"].says
    head = model_folder(tmp_path / "head")
    assert findings(Choice(draft=str(head), port=port), "7b-eagle3")["the draft head"].good


def test_a_taken_port_and_a_python_without_sglang_are_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = findings(Choice(port=taken.getsockname()[1]))
    assert "Choose another --port" in found["port"].says
    assert "pip install -e '.[serve]'" in found["SGLang"].says  # an index has no applyweb, or another one
    assert "cannot be run" in findings(Choice(port=free_port()), python="/nowhere/python")["Python"].says


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("0.5.22", False),
        ("0.5.23", True),
        ("0.5.23.post1", True),
        ("0.5.23+cpu", True),
        ("0.5.24", False),
        ("0.6", False),
    ],
)
def test_only_the_release_that_the_plugin_was_made_for_is_taken(tmp_path: Path, version: str, good: bool) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!{sys.executable}\nprint({json.dumps({'sglang': version, 'plugins': []})!r})\n")
    python.chmod(0o755)
    assert findings(Choice(port=free_port()), python=str(python))["SGLang"].good is good


def job(tmp_path: Path, code: str) -> launch.Job:
    return launch.Job("model server", [sys.executable, "-c", code], {"SAID": "1"}, tmp_path / "server.log")


def test_a_server_that_ends_while_starting_shows_its_last_words(tmp_path: Path) -> None:
    with launch.running([job(tmp_path, "print('torch.OutOfMemoryError: x'); raise SystemExit(7)")]) as started:
        started[0].process.wait(30)
        with pytest.raises(launch.ServerFailed, match=r"ended with 7.*ran out of GPU memory(?s:.*)OutOfMemoryError: x"):
            list(launch.wait_until_ready(f"http://127.0.0.1:{free_port()}", started, 60))


def test_a_server_that_is_never_ready_is_given_up_and_ended(tmp_path: Path) -> None:
    with (
        launch.running([job(tmp_path, "import time; time.sleep(600)")]) as started,
        pytest.raises(launch.ServerFailed, match="not ready within 0 seconds"),
    ):
        list(launch.wait_until_ready(f"http://127.0.0.1:{free_port()}", started, 0.0))
    assert started[0].process.returncode is not None


def test_where_a_second_process_cannot_start_the_first_is_ended(tmp_path: Path) -> None:
    pids = tmp_path / "pid"
    code = f"import os, pathlib, time; pathlib.Path({str(pids)!r}).write_text(str(os.getpid())); time.sleep(600)"
    jobs = [job(tmp_path, code), launch.Job("second", ["/nowhere/python"], {}, tmp_path / "second.log")]
    with pytest.raises(launch.ServerFailed, match="/nowhere/python cannot be run"), launch.running(jobs):
        pytest.fail("it started")
    if pids.exists():
        assert not Path(f"/proc/{pids.read_text()}/cmdline").exists()


def test_several_gpus_are_copies_behind_one_address() -> None:
    known = profiles.load()["7b-apply"]
    assert "--dp-size 4" in " ".join(profiles.command(known, Choice(gpus=4), "python"))
    assert "--dp-size" not in profiles.command(known, Choice(), "python")
