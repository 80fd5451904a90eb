"""What the Engines page is told of an SGLang server."""

from __future__ import annotations

import asyncio

import pytest

from applyweb.engines.base import EngineStatus
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang import SGLangEngine

from .wire import Reply, closed_port, dripping, http, wire

METRICS = b"""\
# HELP sglang:num_running_reqs The number of running requests.
# TYPE sglang:num_running_reqs gauge
sglang:num_running_reqs{model_name="m",tp_rank="0"} 2.0
sglang:num_running_reqs{model_name="m",tp_rank="1"} 1.0
sglang:num_running_reqs_offline_batch{model_name="m"} 9.0
sglang:num_queue_reqs{model_name="m"} 4.0
sglang:gen_throughput{model_name="m"} 812.25
sglang:spec_accept_length{model_name="m"} 5.5
sglang:generation_tokens_total{model_name="m"} 4096.0
"""
SERVER = {
    "version": "0.5.23",
    "context_length": 32768,
    "speculative_algorithm": "EAGLE3",
    "speculative_num_steps": 3,
    "speculative_eagle_topk": 1,
    "speculative_num_draft_tokens": 4,
    "speculative_draft_model_path": None,
    "internal_states": [
        {"avg_spec_accept_length": 3.216, "last_gen_throughput": 0.0},
        {"avg_spec_accept_length": 0.0, "last_gen_throughput": 1204.44},
    ],
}


async def status(routes: dict[str, Reply | list[Reply]], model: str = "") -> EngineStatus:
    async with wire(routes) as talk:
        return await SGLangEngine(EngineSettings(sglang_url=talk.url, sglang_model=model)).status()


async def test_status_of_a_ready_server_shows_model_speculation_and_load() -> None:
    found = await status(
        {
            "/ready": http(200),
            "/model_info": http(200, {"served_model_name": "coder-7b", "model_path": "/models/coder"}),
            "/server_info": http(200, SERVER),
            "/metrics": http(200, METRICS, "text/plain"),
        }
    )
    assert found.state == "ready"
    assert found.facts == (
        ("Model", "coder-7b"),
        ("Context length", "32768"),
        ("SGLang", "0.5.23"),
        ("Speculation", "EAGLE3"),
        ("Draft steps", "3"),
        ("Draft width", "1"),
        ("Draft tokens a step", "4"),
        ("Acceptance length (average)", "3.22"),
        ("Tokens a second (last steps)", "1,204.4"),
    )
    assert found.figures == {
        "running": 3,
        "queued": 4,
        "tokens_per_second": 812.25,
        "spec_accept_length": 5.5,
        "tokens_written": 4096,
    }


async def test_the_acceptance_length_is_that_of_the_copies_that_work() -> None:
    metrics = b"".join(
        b'sglang:spec_accept_length{dp_rank="%d"} %s\n' % each for each in enumerate((b"20.0", b"0.0", b"10.0"))
    )
    found = await status(
        {
            "/ready": http(200),
            "/server_info": http(200, SERVER),
            "/metrics": http(200, metrics, "text/plain"),
        }
    )
    assert found.figures == {"spec_accept_length": 15.0}


async def test_status_says_so_where_a_server_speculates_not_and_measures_nothing() -> None:
    found = await status({"/ready": http(200), "/server_info": http(200, {"version": "0.5.23"})})
    assert (found.state, found.facts) == ("ready", (("SGLang", "0.5.23"), ("Speculation", "off")))


@pytest.mark.parametrize(
    ("ready", "state"),
    [(http(503), "starting"), (http(500), "down"), (http(401), "down"), (Reply(b"", then="reset"), "down")],
)
async def test_status_tells_a_starting_server_from_one_that_is_down(ready: Reply, state: str) -> None:
    found = await status({"/ready": ready})
    assert (found.state, found.facts) == (state, ())


async def test_status_costs_the_server_no_token() -> None:
    """SGLang generates one for each `/health`; one without `/ready` has nothing else to be asked."""
    async with wire({"/ready": http(200), "/health": http(200)}) as talk:
        assert (await SGLangEngine(EngineSettings(sglang_url=talk.url)).status()).state == "ready"
        assert talk.asked("/health") == []
    for health, state in ((http(200), "ready"), (http(503), "starting")):
        assert (await status({"/health": health})).state == state


async def test_status_of_a_server_whose_scheduler_hangs_is_down() -> None:
    """It still says that it is ready: SGLang's HTTP part is a process of its own."""
    async with asyncio.timeout(20), wire({"/ready": http(200), "/server_info": Reply(b"", then="stall")}) as talk:
        engine = SGLangEngine(EngineSettings(sglang_url=talk.url, status_timeout=0.3, connect_timeout=0.3))
        found = await engine.status()
    assert (found.state, found.facts) == ("down", ())
    assert "did not begin to answer in time" in found.message


async def test_status_of_a_server_that_is_not_there_or_not_set() -> None:
    absent = SGLangEngine(EngineSettings(sglang_url=f"http://127.0.0.1:{closed_port()}"))
    assert (await absent.status()).state == "down"
    assert (await SGLangEngine(EngineSettings()).status()).state == "off"


async def test_status_of_a_server_that_drips_is_that_of_a_silent_one() -> None:
    async with asyncio.timeout(20), wire({"/ready": dripping(http(200, {}))}) as talk:
        engine = SGLangEngine(EngineSettings(sglang_url=talk.url, status_timeout=0.3, connect_timeout=0.3))
        found = await engine.status()
    assert (found.state, found.figures) == ("down", {})
    assert "did not begin to answer in time" in found.message


async def test_status_of_something_that_is_no_sglang_server_is_down() -> None:
    page = http(200, b"<html></html>", "text/html")
    assert (await status({"/ready": http(200), "/model_info": page})).state == "down"


async def test_status_of_a_server_with_another_model_says_which() -> None:
    told: dict[str, Reply | list[Reply]] = {
        "/ready": http(200),
        "/model_info": http(200, {"served_model_name": "coder-7b"}),
    }
    found = await status(told, "coder-1.5b")
    assert (found.state, found.figures, found.facts) == ("down", {}, (("Model", "coder-7b"),))
    assert "'coder-7b', and 'coder-1.5b' is expected" in found.message
    assert (await status(told, "coder-7b")).state == "ready"
    assert (await status({"/ready": http(200)}, "coder-7b")).state == "ready"  # it does not tell
