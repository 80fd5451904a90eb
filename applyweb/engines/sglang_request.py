"""What is sent to SGLang: the prompt in the served model's own form, and how long its answer may get.

Must not know: streaming, replies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from applyweb.engines.base import ApplyRequest, EngineError
from applyweb.engines.failures import from_status
from applyweb.engines.prompts import Prompt, plain

_RESERVED = 8  # positions that a server keeps to itself
_SPARE = 64  # room beyond the margin, for very small files
_BYTES_PER_TOKEN = 3  # of source code, on the careful side; only where the server does not count for us
# Answers that mean "this server has no such route, or no template": then the prompt goes out as text.
_CANNOT = (400, 404, 405, 422, 501)


@dataclass(frozen=True, slots=True)
class Plan:
    """`prompt` is {"input_ids": …} or {"text": …}; `model` is "" where the server does not tell."""

    prompt: dict[str, Any]
    max_new_tokens: int
    model: str


async def plan(client: httpx.AsyncClient, who: str, prompt: Prompt, request: ApplyRequest, margin: float) -> Plan:
    """Asks the server for its limits and for the prompt's tokens. Errors: EngineError("too_long") where the file
    cannot fit, HTTP failures as EngineError, httpx's own exceptions."""
    model, context = await served_model(client, who)
    ids = await token_ids(client, who, prompt)
    text = prompt.chatml()
    tokens = len(text.encode()) // _BYTES_PER_TOKEN if ids is None else len(ids)
    per_character = tokens / len(text)
    file, chat = (round(len(plain(each)) * per_character) for each in (request.original, request.update))
    limit = answer_limit(tokens, file, chat, context, margin)
    return Plan({"text": text} if ids is None else {"input_ids": ids}, limit, model)


def answer_limit(prompt: int, file: int, chat: int, context: int | None, margin: float) -> int:
    """How many tokens the answer may have, from the tokens of the prompt and of the texts in it: all of the file and
    all of the chat, with the margin. Errors: EngineError("too_long") with the numbers, where not even the file itself
    would fit."""
    wanted = int((file + chat) * margin) + _SPARE
    if context is None:
        return wanted
    room = context - prompt - _RESERVED
    if room < max(file, 1):
        raise EngineError(
            "too_long",
            f"The prompt takes {prompt} tokens and the merged file about {file} more; the model's "
            f"context holds {context}. Choose a smaller file or chat, or serve the model with a longer context.",
        )
    return min(wanted, room)


async def served_model(client: httpx.AsyncClient, who: str) -> tuple[str, int | None]:
    """The first model's name and context length, as far as the server tells."""
    response = await client.get("/v1/models")
    _raise_unless(response, who)
    listed = _json(response).get("data")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    name, length = first.get("id"), first.get("max_model_len")
    return name if isinstance(name, str) else "", length if isinstance(length, int) and length > 0 else None


async def token_ids(client: httpx.AsyncClient, who: str, prompt: Prompt) -> list[int] | None:
    """The prompt rendered with the served model's own chat template, the answer begun; None where the server cannot
    do that."""
    return await _tokenized(client, who, {"messages": prompt.messages(prefilled=True), "continue_final_message": True})


async def text_ids(client: httpx.AsyncClient, who: str, text: str) -> list[int] | None:
    """The tokens of a piece of text, none added; None where the server cannot tell."""
    return await _tokenized(client, who, {"prompt": text, "add_special_tokens": False})


async def _tokenized(client: httpx.AsyncClient, who: str, body: dict[str, Any]) -> list[int] | None:
    response = await client.post("/tokenize", json=body)
    _raise_unless(response, who)
    ids = _json(response).get("tokens")
    if isinstance(ids, list) and ids and all(isinstance(each, int) for each in ids):
        return ids
    return None


def _raise_unless(response: httpx.Response, who: str) -> None:
    if response.status_code != 200 and response.status_code not in _CANNOT:
        raise from_status(who, response.status_code, response.text)


def _json(response: httpx.Response) -> dict[str, Any]:
    """The reply's object; empty for any other reply, as what it would have told is optional."""
    if response.status_code != 200:
        return {}
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
