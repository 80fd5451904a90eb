"""The deterministic merge as a draft: what the model will probably write, sent along so that it need only be verified.

SGLang servers with applyweb's plugin (`--speculative-algorithm APPLY`) copy from it; others ignore it. It can change
the speed only, so whatever keeps it from being had is no failure: it goes out as text then, or not at all, and the
figures of the apply say which. Must not know: how an answer is streamed.
"""

from __future__ import annotations

import asyncio
import logging
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
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """`parameters` go into the request's `custom_params`; `figures` say what was sent, for an apply whose server told
    that it speculates."""

    parameters: Mapping[str, list[int] | str] = field(default_factory=dict)
    figures: Mapping[str, int | str] = field(default_factory=dict)


async def draft(
    client: httpx.AsyncClient, who: str, prompt: Prompt, request: ApplyRequest, settings: EngineSettings
) -> Draft:
    """The answer that is expected, from behind the prompt's prefill to its closing tag: as token ids, or as text where
    the server does not tell those within `draft_timeout` of the beginning. Empty where there is no merge by then."""
    until = asyncio.get_running_loop().time() + settings.draft_timeout
    expected = await _merged(request, settings, until) if request.draft is None else request.draft
    if not expected:
        return Draft(figures={"spec_merge": "none"})
    answer = f"{prompt.stand_ins.hide(plain(expected))}\n{prompt.close_tag}"
    ids = await _ids(client, who, answer, until)
    if ids is None:
        return Draft({TEXT: answer}, {"spec_merge": "as text"})
    return Draft({PARAMETER: ids}, {"spec_merge": "as tokens", "spec_merge_tokens": len(ids)})


async def _ids(client: httpx.AsyncClient, who: str, answer: str, until: float) -> list[int] | None:
    """None where they cannot be had: no such route (a proxy may stand before the server), a failure, or too late."""
    try:
        async with asyncio.timeout_at(until):
            return await text_ids(client, who, answer)
    except (EngineError, httpx.HTTPError, TimeoutError) as error:
        _log.warning("The draft goes out as text: %s", str(error) or type(error).__name__)
        return None


async def _merged(request: ApplyRequest, settings: EngineSettings, until: float) -> str:
    try:
        async with asyncio.timeout_at(until):
            merge, _ = await embedded.merged(request, settings)
    except (EngineError, TimeoutError):
        return ""
    except Exception:  # noqa: BLE001  # logged whole; the model needs no merge
        _log.exception("The merge for a draft failed inside.")
        return ""
    return merge.text
