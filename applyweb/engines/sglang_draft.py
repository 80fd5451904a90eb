"""The deterministic merge as a draft: what the model will probably write, sent along so that it need only be verified.

SGLang servers with applyweb's plugin (`--speculative-algorithm APPLY`) copy from it; others ignore it. It can change
the speed only, so whatever keeps it from being had is no failure: it goes out as text then, or not at all, and the
figures of the apply say which. It is made while the request is planned. Must not know: how an answer is streamed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field

import httpx

from applyweb.engines import embedded
from applyweb.engines.base import ApplyRequest, EngineError
from applyweb.engines.prompts import Prompt, plain
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang_request import Plan, text_ids

PARAMETER = "applyweb_draft"  # the names that the plugin reads: token ids,
TEXT = "applyweb_draft_text"  # or text, for the plugin to count
# Seconds that a merge saves for each character of the file: a replayed answer takes 1/41 of a verify step a token where
# the server copies from the prompt alone, and 1/54 with the merge (README, K=64); a step of a 7B model takes 3.3 ms on
# an H200, by its computed floor, which no GPU was measured for; and a token has about three characters.
_SAVES = 7e-6
_log = logging.getLogger(__name__)


_making: set[asyncio.Task[None]] = set()  # the loop itself keeps no strong reference to a task


@dataclass(frozen=True, slots=True)
class Draft:
    """`parameters` go into the request's `custom_params`; `figures` say what was sent, for an apply whose server told
    that it speculates."""

    parameters: Mapping[str, list[int] | str] = field(default_factory=dict)
    figures: Mapping[str, int | str] = field(default_factory=dict)


async def beside(
    planning: Awaitable[Plan],
    client: httpx.AsyncClient,
    who: str,
    prompt: Prompt,
    request: ApplyRequest,
    settings: EngineSettings,
) -> tuple[Plan, Draft]:
    """The plan, and what there is of the draft by then or as long after it as waiting pays: token ids, the text where
    the server has not told those, or nothing. Errors: those of the planning."""
    making = _Making(prompt, request, settings)
    task = asyncio.create_task(making.run(client, who))
    _making.add(task)
    task.add_done_callback(_making.discard)
    try:
        planned = await planning
        await asyncio.wait([task], timeout=patience(request, settings))
        if task.done():
            task.result()  # a defect of ours is no late draft
        return planned, making.draft(late=not task.done())
    finally:
        making.over = True
        if making.answer:
            task.cancel()  # it only waits for tokens, from a client that is closed soon


def patience(request: ApplyRequest, settings: EngineSettings) -> float:
    """How many seconds a draft may keep the request waiting: what it saves grows with the file."""
    return min(settings.draft_timeout, settings.draft_wait + _SAVES * len(request.original))


@dataclass(slots=True)
class _Making:
    """A draft while it is made: the answer that is expected, from behind the prompt's prefill to its closing tag, and
    then its token ids. `over`: the request has gone out, or failed."""

    prompt: Prompt
    request: ApplyRequest
    settings: EngineSettings
    answer: str = ""
    ids: list[int] | None = None
    over: bool = False

    async def run(self, client: httpx.AsyncClient, who: str) -> None:
        """Ends by itself within `draft_timeout`. A merge under way is let finish, also where it is not waited for any
        more: its process would be ended with it, and the next merge would wait for another."""
        until = asyncio.get_running_loop().time() + self.settings.draft_timeout
        expected = (
            await _merged(self.request, self.settings, until) if self.request.draft is None else self.request.draft
        )
        if expected and not self.over:
            self.answer = f"{self.prompt.stand_ins.hide(plain(expected))}\n{self.prompt.close_tag}"
            self.ids = await _ids(client, who, self.answer, until)

    def draft(self, *, late: bool) -> Draft:
        """As it stands."""
        if self.ids is not None:
            return Draft({PARAMETER: self.ids}, {"spec_merge": "as tokens", "spec_merge_tokens": len(self.ids)})
        if self.answer:
            return Draft({TEXT: self.answer}, {"spec_merge": "as text"})
        return Draft(figures={"spec_merge": "late" if late else "none"})


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
