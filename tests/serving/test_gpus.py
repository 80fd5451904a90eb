"""What is looked up of a host's GPUs before a profile is started on them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from applyweb.serving.model_server import gpus as gpus_of
from applyweb.serving.model_server import host, profiles
from applyweb.serving.model_server.gpus import Gpu, read_gpus, visible
from applyweb.serving.model_server.host import Finding
from applyweb.serving.model_server.profiles import Choice
from tests.serving.weights import free_port, model_folder, write_weights

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
    assert "needs about 157 GiB" in said("7b-apply-fp8")  # SGLang loads two bytes of each before it makes one of them
    write_weights(large / "model.safetensors", numbers=70 << 30, dtype="F8_E4M3")  # … unless they are stored as FP8
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


def test_a_long_cache_can_need_more_than_loading_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FP8 halves what stays, and the output head and the embeddings stay as they are."""
    folder = model_folder(tmp_path / "model")
    shape = {"num_hidden_layers": 100, "num_attention_heads": 8, "hidden_size": 1024, "max_position_embeddings": 32768}
    (folder / "config.json").write_text(json.dumps(shape))  # 12.5 GiB of cache

    def said() -> str:
        return looked(monkeypatch, tmp_path, H100, "7b-apply-fp8", model=str(folder))["GPU memory"].says

    write_weights(folder / "model.safetensors", numbers=8 << 30)
    assert "about 24 GiB are needed" in said()
    write_weights(folder / "model.safetensors", numbers=8 << 30, name="model.embed_tokens.weight")
    assert "about 33 GiB are needed" in said()
