"""Auto: the merge where it is sure, a model where it is not, and never silently anything else."""

from __future__ import annotations

import pytest

from applyweb.core.merge import MergeRefused, merge
from applyweb.engines.auto import AutoEngine
from applyweb.engines.base import ApplyRequest, EngineError, Event, Finished, Restart
from applyweb.engines.settings import EngineSettings

from .events import collect, joined
from .test_openai_compatible import CHAT
from .test_openai_compatible import routes as openai_routes
from .test_sglang import WRITTEN, routes
from .wire import Reply, captured, closed_port, http, wire

ORIGINAL = "def price(n):\n    return n * 2\n\n\ndef name():\n    return 'x'\n"
CERTAIN = ApplyRequest("1", ORIGINAL, "```python\ndef price(n):\n    return n * 3\n```\n", "shop.py")
# One edit that fits and one whose place is nowhere: merged, but not for sure.
UNSURE = ApplyRequest(
    "2",
    ORIGINAL,
    CERTAIN.chat + "\n```\n<<<<<<< SEARCH\n    return nothing_like_this\n=======\n    return 1\n>>>>>>> REPLACE\n```\n",
    "shop.py",
)
NOWHERE = ApplyRequest(
    "3",
    ORIGINAL,
    "```\n<<<<<<< SEARCH\n    return nothing_like_this\n=======\n    return 1\n>>>>>>> REPLACE\n```\n",
    "shop.py",
)


def guess() -> str:
    found = merge(UNSURE.original, UNSURE.chat, path=UNSURE.path)
    assert found.confidence == "unsure"
    return found.text


async def ask(
    request: ApplyRequest, sglang: Reply | None = None, openai_url: str = ""
) -> tuple[list[Event], Finished, list[Restart]]:
    async with wire(routes(*([sglang] if sglang else []))) as talk:
        url = talk.url if sglang else ""
        engine = AutoEngine(EngineSettings(sglang_url=url, openai_url=openai_url, retry_delay=0.0, retries=0))
        events = await collect(engine, request)
    end = events[-1]
    assert isinstance(end, Finished)
    assert joined(events) == end.text
    return events, end, [event for event in events if isinstance(event, Restart)]


async def test_a_certain_merge_is_taken_and_no_model_is_asked() -> None:
    async with wire(routes(captured("plain_stop"))) as talk:
        events = await collect(AutoEngine(EngineSettings(sglang_url=talk.url)), CERTAIN)
    assert talk.requests == []
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.engine, end.confidence, end.notes) == (
        ORIGINAL.replace("* 2", "* 3"),
        "embedded",
        "certain",
        (),
    )


async def test_about_an_unsure_merge_the_model_is_asked_and_its_answer_is_checked() -> None:
    events, end, restarts = await ask(UNSURE, captured("plain_stop"))  # which is another file altogether
    assert (end.text, end.engine, end.confidence) == (guess(), "embedded", "unsure")
    assert [(restart.engine, restart.note.code) for restart in restarts] == [
        ("sglang", "model_asked"),
        ("embedded", "model_not_taken"),
    ]
    assert "nobody asked for" in restarts[1].note.message
    assert events[0] == restarts[0]  # nothing of the guess was shown before
    assert WRITTEN in joined(events[: events.index(restarts[1])])


async def test_an_edit_without_a_place_is_the_models_to_settle() -> None:
    with pytest.raises(MergeRefused, match="fits"):
        merge(NOWHERE.original, NOWHERE.chat, path=NOWHERE.path)
    _, end, restarts = await ask(NOWHERE, captured("plain_stop"))
    assert (end.text, end.engine) == (WRITTEN, "sglang")
    assert "fits this file" in restarts[0].note.message


async def test_without_a_model_the_guess_is_given_and_marked() -> None:
    _, end, restarts = await ask(UNSURE)
    assert (end.text, end.engine, end.confidence, restarts) == (guess(), "embedded", "unsure", [])
    assert end.notes[0].code == "no_model"
    assert len(end.notes) > 1  # the merge's own reasons stay


async def test_without_a_model_an_edit_without_a_place_is_refused() -> None:
    with pytest.raises(EngineError) as caught:
        await ask(NOWHERE)
    assert caught.value.code == "cannot_place"
    assert caught.value.notes[-1].code == "no_model"


@pytest.mark.parametrize("chat", ["I would not change anything here.", "```python shop.py\n```"])
async def test_a_chat_without_code_is_refused_and_no_model_is_asked(chat: str) -> None:
    async with wire(routes(captured("plain_stop"))) as talk:
        with pytest.raises(EngineError) as caught:
            await collect(AutoEngine(EngineSettings(sglang_url=talk.url)), ApplyRequest("4", ORIGINAL, chat, "shop.py"))
    assert (caught.value.code, talk.requests) == ("no_code", [])


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (http(500, {"error": {"message": "out of memory"}}), "out of memory"),
        (captured("ngram_stop", until=b'"text":"def greet(name', then="reset"), "broke in the middle"),
        (captured("length"), "length limit"),
        (captured("aborted"), "broke the answer off"),
    ],
)
async def test_a_model_that_fails_is_followed_by_the_guess_said_so(reply: Reply, why: str) -> None:
    _, end, restarts = await ask(UNSURE, reply)
    assert (end.text, end.engine, end.confidence) == (guess(), "embedded", "unsure")
    assert [restart.engine for restart in restarts] == ["sglang", "embedded"]
    assert (restarts[1].note.code, restarts[1].note.severity) == ("model_failed", "warning")
    assert why in restarts[1].note.message
    assert end.notes[0] == restarts[1].note


async def test_a_model_that_fails_where_there_is_no_guess_is_an_error_that_names_both() -> None:
    with pytest.raises(EngineError, match=r"fits this file.*out of memory") as caught:
        await ask(NOWHERE, http(500, {"error": {"message": "out of memory"}}))
    assert caught.value.code == "server_error"


async def test_a_length_stop_where_there_is_no_guess_stays_incomplete() -> None:
    _, end, _ = await ask(NOWHERE, captured("length"))
    assert (end.engine, end.reason) == ("sglang", "length")


async def test_the_other_model_server_is_asked_where_only_that_is_set() -> None:
    async with wire(openai_routes(captured("chat_stop"))) as talk:
        events = await collect(AutoEngine(EngineSettings(openai_url=f"{talk.url}/v1")), UNSURE)
    assert len(talk.asked(CHAT)) == 1
    end = events[-1]
    assert isinstance(end, Finished)
    assert "openai wrote" in end.notes[0].message


async def test_sglang_is_asked_where_both_are_set() -> None:
    _, _, restarts = await ask(UNSURE, captured("plain_stop"), openai_url=f"http://127.0.0.1:{closed_port()}/v1")
    assert restarts[0].engine == "sglang"


async def test_status_names_the_model_that_would_be_asked() -> None:
    assert ("Then", "sglang") in (await AutoEngine(EngineSettings(sglang_url="http://gpu")).status()).facts
    assert ("Then", "no model is configured") in (await AutoEngine(EngineSettings()).status()).facts
