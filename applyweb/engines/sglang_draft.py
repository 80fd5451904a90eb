"""The deterministic merge as a draft: what the model will probably write, sent along so that it need only be verified.

SGLang servers with applyweb's plugin (`--speculative-algorithm APPLY`) copy from it; others ignore it. It can change
the speed only, so whatever keeps it from being had is no failure. Must not know: how an answer is streamed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from applyweb.engines import embedded
from applyweb.engines.base import ApplyRequest, EngineError
from applyweb.engines.prompts import Prompt, plain
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang_request import text_ids

PARAMETER = "applyweb_draft"  # the names that the plugin reads: token ids,
TEXT = "applyweb_draft_text"  # or text, for the plugin to count


@dataclass(frozen=True, slots=True)
class Draft:
    """`parameters` go into the request's `custom_params`; `tokens` is how many they are, None where nobody counted."""

    parameters: Mapping[str, list[int] | str] = field(default_factory=dict)
    tokens: int | None = 0


async def draft(
    client: httpx.AsyncClient, who: str, prompt: Prompt, request: ApplyRequest, settings: EngineSettings
) -> Draft:
    """The answer that is expected, from behind the prompt's prefill to its closing tag: as token ids, or as text where
    the server cannot tell those (it may stand behind a proxy that knows few routes). Empty where there is no merge.
    Errors: httpx's own."""
    expected = await _merged(request, settings) if request.draft is None else request.draft
    if not expected:
        return Draft()
    answer = f"{prompt.stand_ins.hide(plain(expected))}\n{prompt.close_tag}"
    ids = await text_ids(client, who, answer)
    return Draft({TEXT: answer}, None) if ids is None else Draft({PARAMETER: ids}, len(ids))


async def _merged(request: ApplyRequest, settings: EngineSettings) -> str:
    try:
        async with asyncio.timeout(settings.draft_timeout):
            merge, _ = await embedded.merged(request, settings)
    except (EngineError, TimeoutError):
        return ""
    return merge.text
