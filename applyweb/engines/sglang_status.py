"""What the Engines page shows of an SGLang server, read live from its ready, info and metrics routes.

Must not know: applies.
"""

from __future__ import annotations

import re
from typing import Any

import httpx

from applyweb.engines.base import EngineStatus
from applyweb.engines.failures import bad_reply, from_status, from_transport, wrong_model

TITLE = "SGLang"
_SPECULATION = (
    ("Draft steps", "speculative_num_steps"),
    ("Draft width", "speculative_eagle_topk"),
    ("Draft tokens a step", "speculative_num_draft_tokens"),
    ("Draft model", "speculative_draft_model_path"),
)
_METRICS = (
    ("running", "sglang:num_running_reqs"),
    ("queued", "sglang:num_queue_reqs"),
    ("tokens_per_second", "sglang:gen_throughput"),
    ("spec_accept_length", "sglang:spec_accept_length"),
    ("tokens_written", "sglang:generation_tokens_total"),  # since it was started, of answers that have ended
)
_AVERAGES = ("spec_accept_length",)  # over the workers; the others add up


async def read(client: httpx.AsyncClient, who: str, wanted: str = "") -> EngineStatus:
    """Never raises for a server that is down or starting: that is what it tells. One with another model than `wanted`
    is as good as down."""
    try:
        ready = await _ready(client)
        if ready.status_code == 503:
            return EngineStatus("sglang", TITLE, "starting", f"{who} is still loading its model, or is paused.")
        if ready.status_code != 200:
            return EngineStatus("sglang", TITLE, "down", str(from_status(who, ready.status_code, ready.text)))
        model = await _object(client, "/model_info")
        server = await _object(client, "/server_info")
        metrics = await client.get("/metrics")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return EngineStatus("sglang", TITLE, "down", str(from_transport(who, error, streamed=False)))
    except ValueError as error:
        return EngineStatus("sglang", TITLE, "down", str(bad_reply(who, str(error))))
    facts = [*_model_facts(model, server), *_speculation_facts(server), *_speed_facts(server)]
    figures = _figures(metrics.text) if metrics.status_code == 200 else {}
    if not server.get("speculative_algorithm"):
        figures.pop("spec_accept_length", None)
    served = str(model.get("served_model_name") or model.get("model_path") or "")
    if wanted and served not in ("", wanted):
        return EngineStatus("sglang", TITLE, "down", str(wrong_model(who, served, wanted)), tuple(facts))
    return EngineStatus("sglang", TITLE, "ready", f"{who} answers.", tuple(facts), figures)


async def _ready(client: httpx.AsyncClient) -> httpx.Response:
    """A flag that the server reads. `/health` would have an idle one generate a token, and takes a second; it is asked
    only where there is no `/ready`. That the server works at all is seen by `/server_info`: its scheduler answers that.
    """
    ready = await client.get("/ready")
    return await client.get("/health") if ready.status_code == 404 else ready


async def _object(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """The route's object, empty where the server has no such route. Errors: ValueError where it is no object."""
    response = await client.get(path)
    if response.status_code != 200:
        return {}
    body = response.json()
    if not isinstance(body, dict):
        raise ValueError(f"{path} gives no object.")
    return body


def _model_facts(model: dict[str, Any], server: dict[str, Any]) -> list[tuple[str, str]]:
    known = (
        ("Model", model.get("served_model_name") or model.get("model_path")),
        ("Context length", server.get("context_length")),
        ("SGLang", server.get("version")),
    )
    return [(label, str(value)) for label, value in known if value]


def _speculation_facts(server: dict[str, Any]) -> list[tuple[str, str]]:
    algorithm = server.get("speculative_algorithm")
    if not algorithm:
        return [("Speculation", "off")] if server else []
    facts = [("Speculation", str(algorithm))]
    facts += [(label, str(server[key])) for label, key in _SPECULATION if server.get(key) is not None]
    average = next((state.get("avg_spec_accept_length") for state in _states(server)), None)
    if isinstance(average, int | float):
        facts.append(("Acceptance length (average)", f"{average:.2f}"))
    return facts


def _speed_facts(server: dict[str, Any]) -> list[tuple[str, str]]:
    """Of the last answer's steps, by the copy that was faster: the live figure is 0 as soon as nothing runs, and a
    drafted file is written between two looks."""
    told = [state.get("last_gen_throughput") for state in _states(server)]
    fastest = max((each for each in told if isinstance(each, int | float)), default=0.0)
    return [("Tokens a second (last steps)", f"{fastest:,.1f}")] if fastest > 0 else []


def _states(server: dict[str, Any]) -> list[dict[str, Any]]:
    """One for each copy of the model."""
    states = server.get("internal_states")
    return [state for state in states if isinstance(state, dict)] if isinstance(states, list) else []


def _figures(text: str) -> dict[str, float]:
    """From Prometheus lines, one a worker for each figure."""
    found = {}
    for name, metric in _METRICS:
        values = re.findall(rf"^{re.escape(metric)}(?:\{{[^}}\n]*\}})? (\S+)", text, re.MULTILINE)
        if values:
            numbers = [float(value) for value in values]
            if name in _AVERAGES:  # a worker that has done nothing yet tells 0, which is no length
                numbers = [number for number in numbers if number > 0] or [0.0]
            found[name] = sum(numbers) / (len(numbers) if name in _AVERAGES else 1)
    return found
