"""SGLang's native API as an engine: streams a merge from `/generate`, and aborts it there when nobody reads on.

Must not know: how a prompt is worded (`prompts`), how a reply becomes a file (`reply`), the Engines page's facts
(`sglang_status`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from secrets import token_hex

import httpx
from httpx_sse import EventSource, ServerSentEvent, SSEError, aconnect_sse

from applyweb.engines import sglang_draft, sglang_status
from applyweb.engines.answer import Answer
from applyweb.engines.base import ApplyRequest, EngineError, EngineStatus, Event
from applyweb.engines.failures import bad_reply, broken_off, from_status, from_transport, stalled, wrong_model
from applyweb.engines.prompts import Prompt, build
from applyweb.engines.retries import with_retries
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang_draft import Draft
from applyweb.engines.sglang_protocol import END, GenerateStream
from applyweb.engines.sglang_request import Plan, plan
from applyweb.engines.tls import tls

_NOT_SET = "No SGLang server is set. Set APPLYWEB_SGLANG_URL to its address."
_ABORT_WITHIN = 5.0
_aborting: set[asyncio.Task[None]] = set()  # the loop itself keeps no strong reference to a task
_log = logging.getLogger(__name__)


class SGLangEngine:
    name = "sglang"

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._who = f"The SGLang server at {settings.sglang_url}"
        self._longest_wait = max(settings.first_token_timeout, settings.stall_timeout)

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        if not self._settings.sglang_url:
            raise EngineError("not_configured", _NOT_SET)
        prompt = build(request)
        tries = with_retries(lambda: self._try(request, prompt), self._settings)
        async with aclosing(tries) as events:
            async for event in events:
                yield event

    async def status(self) -> EngineStatus:
        if not self._settings.sglang_url:
            return EngineStatus(self.name, sglang_status.TITLE, "off", _NOT_SET)
        # As a whole: httpx bounds each read only, and a server that drips bytes would be read for ever.
        within = self._settings.connect_timeout + self._settings.status_timeout
        try:
            async with asyncio.timeout(within), self._client(self._settings.status_timeout) as client:
                return await sglang_status.read(client, self._who, self._settings.sglang_model)
        except TimeoutError:
            silent = str(stalled(self._who, streamed=False))
            return EngineStatus(self.name, sglang_status.TITLE, "down", silent)

    def _client(self, read_timeout: float) -> httpx.AsyncClient:
        key = self._settings.sglang_api_key
        return httpx.AsyncClient(
            base_url=self._settings.sglang_url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(read_timeout, connect=self._settings.connect_timeout),
            verify=tls(),
            trust_env=False,  # a proxy of the environment is for the internet, not for a server of one's own
        )

    async def _try(self, request: ApplyRequest, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """One attempt, under an id of its own: SGLang refuses an id that it still works on, and two seconds after a
        stream has ended it aborts that id once more, whoever uses it then."""
        rid = f"{request.request_id}-{token_hex(4)}"
        run = _Run(GenerateStream(self._who))
        try:
            async with self._client(self._longest_wait) as client:
                planned, draft = await sglang_draft.beside(
                    self._plan(client, prompt, request), client, self._who, prompt, request, self._settings
                )
                if self._settings.sglang_model and planned.model not in ("", self._settings.sglang_model):
                    raise wrong_model(self._who, planned.model, self._settings.sglang_model)
                run.sent = True
                answer = run.answer = Answer(self.name, request, prompt, prefilled=True)
                async with aclosing(self._generate(client, _body(rid, planned, prompt, draft), run)) as pieces:
                    async for piece, tokens in pieces:
                        delta = answer.take(piece, tokens)
                        if delta is not None:
                            yield delta
            drafted = draft.figures if "spec_verify_ct" in run.heard.figures else {}
            for event in answer.finish(run.heard.ended_by(), {**run.heard.figures, **drafted}, planned.model):
                yield event
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise from_transport(self._who, error, streamed=run.streamed) from error
        finally:
            if run.sent and not run.heard.over:
                await self._abort(rid)

    async def _plan(self, client: httpx.AsyncClient, prompt: Prompt, request: ApplyRequest) -> Plan:
        """Bounded as a whole, as a silent server is. Errors: as `plan`."""
        try:
            async with asyncio.timeout(self._longest_wait):
                return await plan(client, self._who, prompt, request, self._settings.max_tokens_margin)
        except TimeoutError as error:
            raise stalled(self._who, streamed=False) from error

    async def _generate(
        self, client: httpx.AsyncClient, body: dict[str, object], run: _Run
    ) -> AsyncGenerator[tuple[str, int], None]:
        """What each event adds: text, and how many tokens."""
        until = asyncio.get_running_loop().time() + self._settings.first_token_timeout
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout_at(until):
                    source = await stack.enter_async_context(aconnect_sse(client, "POST", "/generate", json=body))
                    if source.response.status_code != 200:
                        run.heard.over = True
                        detail = (await source.response.aread()).decode(errors="replace")
                        raise from_status(self._who, source.response.status_code, detail)
            except TimeoutError as error:
                raise stalled(self._who, streamed=False) from error
            async with aclosing(self._events(source, run, until)) as events:
                async for data in events:
                    yield run.heard.take(data, streamed=run.streamed)

    async def _events(self, source: EventSource, run: _Run, until: float) -> AsyncGenerator[str, None]:
        """The data of each event before the end mark. The first token must be there at `until` (of the loop's clock),
        each further one within the stall's limit, whatever else is sent. Errors: EngineError where one does not come in
        time or the stream just stops."""
        now = asyncio.get_running_loop().time
        tokens = 0
        async with aclosing(source.aiter_sse()) as events:
            while True:
                if run.heard.tokens > tokens:
                    tokens, until = run.heard.tokens, now() + self._settings.stall_timeout
                try:
                    async with asyncio.timeout_at(until):
                        event: ServerSentEvent | None = await anext(events, None)
                except TimeoutError as error:
                    raise stalled(self._who, streamed=run.streamed) from error
                except SSEError as error:
                    raise bad_reply(self._who, str(error)) from error
                if event is None:
                    raise broken_off(self._who, "it stopped without its end mark", streamed=run.streamed)
                if event.data == END:
                    return
                yield event.data

    async def _abort(self, rid: str) -> None:
        """Tell the server to stop working, and wait for its word. Where this wait is itself cancelled, the telling
        goes on."""
        task = asyncio.create_task(self._post_abort(rid))
        _aborting.add(task)
        task.add_done_callback(_aborting.discard)
        await asyncio.shield(task)

    async def _post_abort(self, rid: str) -> None:
        try:
            async with asyncio.timeout(_ABORT_WITHIN), self._client(_ABORT_WITHIN) as client:
                (await client.post("/abort_request", json={"rid": rid})).raise_for_status()
        except (httpx.HTTPError, TimeoutError) as error:
            # Nothing is lost by it: the server also drops a request whose reader has gone.
            _log.warning("%s did not take the abort of %s: %s", self._who, rid, str(error) or type(error).__name__)


@dataclass(slots=True)
class _Run:
    """One attempt under way. `sent`: the server may have begun to work on it."""

    heard: GenerateStream
    answer: Answer | None = None
    sent: bool = False

    @property
    def streamed(self) -> bool:
        return self.answer is not None and self.answer.streamed


def _body(rid: str, planned: Plan, prompt: Prompt, draft: Draft) -> dict[str, object]:
    sampling: dict[str, object] = {
        "temperature": 0,
        "max_new_tokens": planned.max_new_tokens,
        "stop": [prompt.close_tag],
        "no_stop_trim": True,  # the closing tag is the evidence that the file is whole
    }
    if draft.parameters:
        sampling["custom_params"] = dict(draft.parameters)
    return {"rid": rid, "stream": True, "sampling_params": sampling, **planned.prompt}
