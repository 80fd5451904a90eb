"""Launch profiles and what is looked up of a host before one is started."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from applyweb.serving.model_server import gpus as gpus_of
from applyweb.serving.model_server import host, launch, profiles
from applyweb.serving.model_server.gpus import Gpu, read_gpus, visible
from applyweb.serving.model_server.host import Finding
from applyweb.serving.model_server.profiles import Choice
from tests.serving.weights import write_weights

H100 = "0, GPU-aaaa-1, NVIDIA H100 80GB HBM3, 81559, 80994, 580.95.05, 9.0\n"
T4 = "1, GPU-bbbb-2, Tesla T4, 15360, 15000, 580.95.05, 7.5\n"
ROOMY_T4 = T4.replace("15360, 15000", "999999, 999999")  # with more memory than any other


@pytest.fixture(autouse=True)
def _all_gpus_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def looked(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    csv: str,
    profile: str = "7b-plain",
    gpus: int = 1,
    code: int = 0,
    model: str = "",
    draft: str = "",
) -> dict[str, Finding]:
    """The findings about the GPU, by a driver's tool that says `csv`."""
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!{sys.executable}\nprint({csv!r}, end='')\nraise SystemExit({code})\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    chosen = profiles.load()[profile]
    found = host.look(chosen, Choice(model, draft, port=free_port(), gpus=gpus), sys.executable, download=True)
    return {finding.what: finding for finding in found}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def model_folder(folder: Path, context: int = 32768) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": context}))
    write_weights(folder / "model.safetensors")
    return folder


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


def test_a_good_gpu_is_good(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = looked(monkeypatch, tmp_path, H100)
    assert [found[what].good for what in ("GPU", "driver", "GPU memory")] == [True, True, True]
    assert "compute capability" not in found
    assert read_gpus(H100) == [
        Gpu(0, "GPU-aaaa-1", "NVIDIA H100 80GB HBM3", 81559 / 1024, 80994 / 1024, "580.95.05", 9.0)
    ]


@pytest.mark.parametrize(
    ("csv", "profile", "gpus", "what", "said"),
    [
        (H100.replace("580.95.05", "535.1"), "7b-plain", 1, "driver", "535.1 is too old"),
        (H100.replace("80994", "9000"), "7b-plain", 1, "GPU memory", "has 8.8 GiB free"),
        (H100.replace("9.0", "8.0"), "7b-apply-fp8", 1, "compute capability", "cannot calculate in FP8"),
        (H100.replace("9.0", "7.5"), "7b-plain", 1, "compute capability", "cannot run"),
        (H100, "7b-plain", 2, "GPU", "2 GPUs are asked for, and there are 1"),
        (H100 + ROOMY_T4, "7b-plain", 2, "compute capability", "Tesla T4 (7.5) cannot run"),
        (H100 + ROOMY_T4.replace("580.95.05", "470.1"), "7b-plain", 2, "driver", "470.1 is too old"),
        (T4.replace("7.5", "9.0") + H100, "7b-plain", 2, "GPU memory", "Tesla T4 has 14.6 GiB free"),
        (H100 + T4.replace("7.5", "9.0"), "7b-plain", 2, "GPU memory", "Tesla T4 has 14.6 GiB free"),
        ("", "7b-plain", 1, "GPU", "no GPU"),
        ("strange", "7b-plain", 1, "GPU", "unknown: 'strange'"),
    ],
)
def test_what_a_gpu_lacks_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, csv: str, profile: str, gpus: int, what: str, said: str
) -> None:
    finding = looked(monkeypatch, tmp_path, csv, profile, gpus)[what]
    assert not finding.good
    assert said in finding.says


def test_only_the_gpus_that_are_used_are_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert all(each.good for what, each in looked(monkeypatch, tmp_path, H100 + T4).items() if what.startswith("GPU"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    found = looked(monkeypatch, tmp_path, H100 + T4)
    assert not found["compute capability"].good
    assert "H100" not in found["GPU"].says
    assert "CUDA_VISIBLE_DEVICES='1' leaves 1 of 2" in looked(monkeypatch, tmp_path, H100 + T4, gpus=2)["GPU"].says
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert "leaves 0 of 2: none" in looked(monkeypatch, tmp_path, H100 + T4)["GPU"].says


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (None, [0, 1]),
        ("0,1", [0, 1]),
        ("1, 0", [1, 0]),
        ("GPU-bbbb", [1]),
        ("GPU-bbbb-2,GPU-aaaa-1", [1, 0]),
        ("1,7,0", [1]),
        ("-1,0", []),
        ("GPU-", []),
        ("", []),
    ],
)
def test_visible_gpus_are_read_as_cuda_reads_them(words: str | None, names: list[int]) -> None:
    found = read_gpus(H100 + T4)
    assert not isinstance(found, str)
    assert [gpu.index for gpu in visible(found, words)] == names


def test_memory_is_that_of_the_weights_that_will_be_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    large, head = model_folder(tmp_path / "large"), model_folder(tmp_path / "head")
    write_weights(large / "model.safetensors", numbers=70 << 30)

    def said(profile: str, draft: str = "") -> str:
        return looked(monkeypatch, tmp_path, H100, profile, model=str(large), draft=draft)["GPU memory"].says

    assert "needs about 159 GiB" in said("7b-plain")  # 70 Gi numbers of two bytes and a tenth, the cache, and 3
    assert "needs about 82 GiB" in said("7b-apply-fp8")
    write_weights(large / "model.safetensors", numbers=8 << 30)
    assert "about 22 GiB are needed" in said("7b-eagle3")
    write_weights(head / "model.safetensors", numbers=2 << 30, dtype="F32")
    assert "about 27 GiB are needed" in said("7b-eagle3", str(head))
    write_weights(large / "model.safetensors", numbers=8 << 30, dtype="I32")  # packed: as many bytes as are stored
    assert "about 40 GiB are needed" in said("7b-plain")
    shape = {"num_hidden_layers": 100, "num_attention_heads": 8, "hidden_size": 1024, "max_position_embeddings": 32768}
    (large / "config.json").write_text(json.dumps(shape))
    assert "about 51 GiB are needed" in said("7b-plain")  # 400 KiB a token, 32,768 times


def test_a_driver_that_fails_and_one_that_is_not_there_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "nvidia-smi failed: broken" in looked(monkeypatch, tmp_path, "broken", code=9)["GPU"].says
    (tmp_path / "nvidia-smi").unlink()
    assert "There is no NVIDIA driver" in str(gpus_of.gpus_here())


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
