"""The deterministic merge as a draft: what the model will probably write, sent along so that it need only be verified.

SGLang servers with applyweb's plugin (`--speculative-algorithm APPLY`) copy from it; others ignore it. It can change
the speed only, so whatever keeps it from being had is no failure. Must not know: how an answer is streamed.
"""

from __future__ import annotations

import asyncio

import httpx

from applyweb.engines import embedded
from applyweb.engines.base import ApplyRequest, EngineError
from applyweb.engines.prompts import Prompt, plain
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang_request import text_ids

PARAMETER = "applyweb_draft"  # the name that the plugin reads


async def tokens(
    client: httpx.AsyncClient, who: str, prompt: Prompt, request: ApplyRequest, settings: EngineSettings
) -> list[int]:
    """The answer that is expected, from behind the prompt's prefill to its closing tag, as the server's own token ids;
    empty where there is no merge, or the server cannot count tokens. Errors: httpx's own."""
    draft = await _merged(request, settings) if request.draft is None else request.draft
    if not draft:
        return []
    answer = f"{prompt.stand_ins.hide(plain(draft))}\n{prompt.close_tag}"
    return await text_ids(client, who, answer) or []


async def _merged(request: ApplyRequest, settings: EngineSettings) -> str:
    try:
        async with asyncio.timeout(settings.draft_timeout):
            merge, _ = await embedded.merged(request, settings)
    except (EngineError, TimeoutError):
        return ""
    return merge.text
