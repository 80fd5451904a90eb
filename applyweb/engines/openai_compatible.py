"""Any server with OpenAI's chat completions as an engine, through the official client.

Must not know: what a server can do beyond that API, but for SGLang's figures; how a reply becomes a file (`reply`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

from applyweb.engines.answer import Answer
from applyweb.engines.base import ApplyRequest, EngineError, EngineStatus, Event, FinishReason, Note
from applyweb.engines.failures import bad_reply, brief, broken_off, from_status, stalled, unreachable
from applyweb.engines.prompts import Prompt, build
from applyweb.engines.retries import with_retries
from applyweb.engines.settings import EngineSettings
from applyweb.engines.tls import tls

_TITLE = "OpenAI-compatible"
_NOT_SET = "No OpenAI-compatible server is set. Set APPLYWEB_OPENAI_URL to its base address."
_NO_KEY = "none"  # the client insists on one, and would else take a key of the environment meant for another server
_ENDS: dict[str, FinishReason] = {"stop": "stop", "length": "length"}
_SPARE = 1024  # characters an answer may be longer than the margin allows, for very small files
_SGLANG = "sglang"  # whom its models are said to be owned by
_SPECULATIVE = (
    *("spec_accept_length", "spec_accept_rate", "spec_verify_ct"),
    *("spec_num_correct_drafts", "spec_num_proposed_drafts"),
)
_TOO_MUCH = Note("incomplete", "The model wrote far more than the file can hold, and was stopped.", "error")


class OpenAIEngine:
    name = "openai"

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._who = f"The model server at {settings.openai_url}"

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        if not self._settings.openai_url:
            raise EngineError("not_configured", _NOT_SET)
        prompt = build(request)
        tries = with_retries(lambda: self._try(request, prompt), self._settings)
        async with aclosing(tries) as events:
            async for event in events:
                yield event

    async def status(self) -> EngineStatus:
        if not self._settings.openai_url:
            return EngineStatus(self.name, _TITLE, "off", _NOT_SET)
        # As a whole: the client bounds each read only, and a server that drips bytes would be read for ever.
        within = self._settings.connect_timeout + self._settings.status_timeout
        try:
            async with (
                self._client(self._settings.status_timeout) as client,
                self._translated(_Run()),
                asyncio.timeout(within),
            ):
                listed = [each.id for each in (await client.models.list()).data or []]
        except EngineError as error:
            return EngineStatus(self.name, _TITLE, "starting" if error.code == "not_ready" else "down", str(error))
        model = self._settings.openai_model or (listed[0] if listed else "")
        facts = (("Model", model or "none is listed"), ("Models listed", str(len(listed))))
        return EngineStatus(self.name, _TITLE, "ready", f"{self._who} answers.", facts)

    def _client(self, read_timeout: float) -> AsyncOpenAI:
        return AsyncOpenAI(
            base_url=self._settings.openai_url,
            api_key=self._settings.openai_api_key or _NO_KEY,
            timeout=openai.Timeout(read_timeout, connect=self._settings.connect_timeout),
            max_retries=0,  # `with_retries` knows what is safe
            http_client=openai.DefaultAsyncHttpxClient(verify=tls()),
        )

    async def _try(self, request: ApplyRequest, prompt: Prompt) -> AsyncGenerator[Event, None]:
        run = _Run()
        wait = max(self._settings.first_token_timeout, self._settings.stall_timeout)
        async with self._client(wait) as client, self._translated(run):
            async with asyncio.timeout(wait):
                asked = await self._asked(client)
            answer = run.answer = Answer(self.name, request, prompt, prefilled=False)
            async with aclosing(self._pieces(client, asked, prompt, run)) as pieces:
                left = _most(request, self._settings.max_tokens_margin)
                async for piece in pieces:
                    delta = answer.take(piece)
                    if delta is not None:
                        yield delta
                    left -= len(piece)
                    if answer.reply.rambles or left < 0:
                        break  # closing the stream makes the server stop
            for event in self._end(answer, run, asked.model, too_much=left < 0):
                yield event

    def _end(self, answer: Answer, run: _Run, model: str, *, too_much: bool) -> list[Event]:
        if answer.reply.rambles:  # the file was over before the answer was
            return answer.finish("stop", run.figures, model)
        if too_much:
            return answer.finish("length", run.figures, model, _TOO_MUCH)
        if run.reason is None:
            raise broken_off(self._who, "it stopped without a finish reason", streamed=run.streamed)
        reason = _ENDS.get(run.reason, "abort")
        events = answer.finish(reason, run.figures, model)
        if reason == "stop" and not answer.reply.found:
            raise bad_reply(self._who, f"an answer without {answer.reply.open_tag}, so no file can be read from it")
        return events

    async def _pieces(self, client: AsyncOpenAI, asked: _Asked, prompt: Prompt, run: _Run) -> AsyncGenerator[str, None]:
        """The answer's text as it comes; `run` takes note of how it ends."""
        async with asyncio.timeout(self._settings.first_token_timeout):
            stream: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(
                model=asked.model,
                messages=cast(list[ChatCompletionMessageParam], prompt.messages()),
                temperature=0,
                stream=True,
                stream_options={"include_usage": True},
                extra_body=dict(asked.more),
            )
        async with stream:
            chunks = aiter(stream)
            while True:
                chunk = await self._next(chunks, run)
                if chunk is None:
                    return
                yield run.take(chunk)

    async def _next(self, chunks: AsyncIterator[ChatCompletionChunk], run: _Run) -> ChatCompletionChunk | None:
        limit = self._settings.stall_timeout if run.streamed else self._settings.first_token_timeout
        try:
            async with asyncio.timeout(limit):
                chunk = await anext(chunks, None)
        except TimeoutError as error:
            raise stalled(self._who, streamed=run.streamed) from error
        if chunk is not None and not isinstance(chunk, ChatCompletionChunk):
            raise bad_reply(self._who, f"an event that is no chunk: {brief(repr(chunk))}")
        return chunk

    async def _asked(self, client: AsyncOpenAI) -> _Asked:
        """The model that is set, and nothing more, as some servers refuse what they do not know; else the first that is
        listed."""
        if self._settings.openai_model:
            return _Asked(self._settings.openai_model)
        listed = (await client.models.list()).data
        if not listed:
            raise EngineError("not_configured", f"{self._who} lists no model. Set APPLYWEB_OPENAI_MODEL.")
        owner = getattr(listed[0], "owned_by", "")  # the client takes an answer that lacks it
        return _Asked(listed[0].id, {"return_spec_tokens_details": True} if owner == _SGLANG else {})

    @asynccontextmanager
    async def _translated(self, run: _Run) -> AsyncIterator[None]:
        """What the client raises, as EngineError."""
        try:
            yield
        except (openai.APITimeoutError, TimeoutError) as error:
            raise stalled(self._who, streamed=run.streamed) from error
        except openai.APIConnectionError as error:
            cause = error.__cause__ or error
            if type(cause).__name__ == "ConnectError":  # by name: which HTTP library raises it depends on the client
                raise unreachable(self._who, brief(str(cause))) from error
            raise broken_off(self._who, brief(str(cause)), streamed=run.streamed) from error
        except openai.APIStatusError as error:
            raise from_status(self._who, error.status_code, error.message) from error
        except openai.APIError as error:  # an error event inside the stream
            code = str(error.code)  # older clients leave it a number
            status = int(code) if code.isdecimal() else 500
            raise from_status(self._who, status, error.message, streamed=run.streamed) from error
        except httpx.HTTPError as error:  # clients before 3.0 let these through in mid-stream
            raise broken_off(self._who, brief(str(error)), streamed=run.streamed) from error
        except json.JSONDecodeError as error:
            raise bad_reply(self._who, f"an event that is not JSON: {brief(error.doc)}") from error


@dataclass(frozen=True, slots=True)
class _Asked:
    """`more` is what the server takes beyond the API."""

    model: str
    more: Mapping[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    """One attempt under way. `reason` and `figures` are what the server said last of each."""

    answer: Answer | None = None
    reason: str | None = None
    figures: dict[str, float | int] = field(default_factory=dict)

    @property
    def streamed(self) -> bool:
        return self.answer is not None and self.answer.streamed

    def take(self, chunk: ChatCompletionChunk) -> str:
        """A chunk's text. Those with figures have no choices."""
        if chunk.usage is not None:
            for name in ("prompt_tokens", "completion_tokens"):
                count: Any = getattr(chunk.usage, name, None)
                if isinstance(count, int):
                    self.figures[name] = count
        self.figures |= _speculation(chunk)
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self.reason = choice.finish_reason or self.reason
        return (choice.delta.content or "") if choice.delta is not None else ""


def _speculation(chunk: ChatCompletionChunk) -> dict[str, float | int]:
    """SGLang's figures of the whole answer, which come in a chunk of their own; none where it did not speculate."""
    extension = (chunk.model_extra or {}).get("sglext")
    details = extension.get("spec_tokens_details") if isinstance(extension, dict) else None
    if not isinstance(details, dict) or not details.get("spec_verify_ct"):
        return {}
    return {name: details[name] for name in _SPECULATIVE if isinstance(details.get(name), int | float)}


def _most(request: ApplyRequest, margin: float) -> int:
    """How many characters an answer may have: the server bounds it by its context only, and a model that turns in
    circles would fill that."""
    return int((len(request.original) + len(request.update)) * margin) + _SPARE
