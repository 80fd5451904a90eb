"""Auto asks a model about the lines in question alone, and takes its answer only where nothing speaks against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from applyweb.core.merge import MergeRefused, merge
from applyweb.engines import parts
from applyweb.engines.auto import AutoEngine
from applyweb.engines.base import ApplyRequest, Event, Finished, Restart
from applyweb.engines.parts import Parts
from applyweb.engines.settings import EngineSettings
from tests.core.test_merge_cases import CASES, read_case
from tests.core.test_merge_regions import CERTAIN, FUNCTION, GUESSED, NOWHERE, ORIGINAL

from .events import collect, joined
from .test_openai_compatible import CHAT, chunk, routes
from .test_sglang import META
from .test_sglang import routes as sglang_routes
from .wire import Reply, Wire, http, sse, wire

STOPPED = {"finish_reason": {"type": "stop"}}
DELTA = FUNCTION.format(name="delta", limit=4).rstrip("\n")
AUDITED = DELTA.replace("    return", "    audit(order, rate)\n    return")
ZETA = FUNCTION.format(name="zeta", limit=6).rstrip("\n")
RAISED = ZETA.replace("total > 6", "total > 60").replace("total, 6)", "total, 60)")
SURE = ORIGINAL.replace("round(total, 1)", "math.floor(total, 1)")
GUESS = merge(ORIGINAL, CERTAIN + GUESSED, path="shop.py").text


def says(code: str, *, finish: str = "stop") -> Reply:
    """A model's answer in the form of the captured ones."""
    pieces = ["<updated-code>\n", *code.splitlines(keepends=True), "\n</updated-code>"]
    return sse([*(chunk(piece) for piece in pieces), chunk(None, finish)])


async def ask(
    chat: str, *replies: Reply, original: str = ORIGINAL, path: str = "shop.py"
) -> tuple[Finished, list[Event], Wire]:
    async with wire(routes(*replies)) as talk:
        settings = EngineSettings(openai_url=f"{talk.url}/v1", retry_delay=0.0, retries=0)
        events = await collect(AutoEngine(settings), ApplyRequest("1", original, chat, path))
    end = events[-1]
    assert isinstance(end, Finished)
    assert joined(events) == end.text
    return end, events, talk


def codes(end: Finished) -> list[str]:
    return [note.code for note in end.notes]


def restarts(events: list[Event]) -> list[Restart]:
    return [event for event in events if isinstance(event, Restart)]


async def test_only_the_lines_in_question_are_sent_and_the_rest_of_the_merge_is_kept() -> None:
    end, events, talk = await ask(CERTAIN + GUESSED, says(AUDITED))
    (asked,) = talk.asked(CHAT)
    prompt = asked.body["messages"][1]["content"]
    assert DELTA in prompt
    assert "audit(order, rate)" in prompt
    assert "part of the file" in prompt
    assert not any(name in prompt for name in ("alpha", "gamma", "epsilon", "math.floor"))
    assert end.text == SURE.replace(DELTA, AUDITED)
    assert (end.engine, end.confidence) == ("openai", "unsure")  # a model alone is never certain
    assert codes(end) == ["model_wrote", "place_guessed"]
    assert end.notes[0].message.startswith("Look at lines 25–29: ")
    assert [restart.note.message for restart in restarts(events)] == [
        "The merge is not sure of lines 25–29. So openai is asked about them."
    ]
    assert end.stats["lines_asked"] == 5


@pytest.mark.parametrize(("least", "confidence"), [(0.0, "certain"), (0.5, "unsure")])
async def test_a_model_that_writes_the_same_makes_a_likely_merge_certain(
    monkeypatch: pytest.MonkeyPatch, least: float, confidence: str
) -> None:
    monkeypatch.setattr(parts, "_LIKELY", least)  # this one is a bold guess
    made = DELTA.replace("    total = ", "    audit(order, rate)\n    total = ")
    assert made in GUESS
    end, _, _ = await ask(CERTAIN + GUESSED, says(made))
    assert (end.text, end.confidence, codes(end)[0]) == (GUESS, confidence, "model_agrees")
    assert ("place_guessed" in codes(end)) == (confidence == "unsure")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda code: code.replace("total = order", "total = 1 + order"), "nobody asked for"),
        (lambda code: code.replace("log(", "print("), "of neither the chat nor the file"),
        (lambda code: code.replace("    audit(order, rate)\n", ""), "did not land"),
        (lambda code: code.replace("total, 4)", "total, 4"), "syntax"),
        (lambda code: code.replace("    audit", "    # ... existing code ...\n    audit"), "existing code"),
        (lambda code: "", "nobody asked for"),
    ],
)
async def test_an_answer_that_something_speaks_against_is_not_taken(spoil: Callable[[str], str], why: str) -> None:
    end, events, _ = await ask(CERTAIN + GUESSED, says(spoil(AUDITED)))
    assert (end.text, end.engine, end.confidence) == (GUESS, "embedded", "unsure")
    note = end.notes[0]
    assert (note.code, note.severity) == ("model_not_taken", "warning")
    assert "lines 25–29" in note.message
    assert why in note.message
    assert [restart.engine for restart in restarts(events)] == ["openai", "embedded"]
    assert "place_guessed" in codes(end)  # the merge's own reasons stay


async def test_what_found_no_place_is_put_in_by_the_model() -> None:
    end, _, _ = await ask(CERTAIN + NOWHERE, says(RAISED))
    assert end.text == SURE.replace(ZETA, RAISED)
    assert (end.confidence, codes(end)) == ("unsure", ["model_wrote", "not_placed"])


async def test_a_likely_guess_stands_against_another_answer_that_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_LIKELY", 0.0)
    end, _, _ = await ask(CERTAIN + GUESSED, says(AUDITED))
    assert (end.text, end.engine, end.confidence) == (GUESS, "embedded", "unsure")
    assert end.notes[0].message.endswith("openai reads it differently.")


async def test_of_two_answers_the_good_one_is_taken() -> None:
    spoiled = RAISED.replace("def zeta(order, rate)", "def zeta(order, rates)")
    end, events, talk = await ask(NOWHERE + GUESSED, says(AUDITED), says(spoiled))
    assert len(talk.asked(CHAT)) == 2
    assert end.confidence == "unsure"
    assert AUDITED not in end.text or "order, rates" not in end.text
    assert "model_not_taken" in codes(end)
    end, events, _ = await ask(NOWHERE + GUESSED, says(DELTA), says(RAISED))
    assert end.confidence == "unsure"
    assert RAISED in end.text
    assert [restart.engine for restart in restarts(events)] == ["openai", "openai"]
    assert {"model_wrote", "model_not_taken"} <= set(codes(end))


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (http(500, {"error": {"message": "out of memory"}}), "out of memory"),
        (http(400, {"error": {"message": "longer than the context length"}}), "too long for its model"),
        (says(AUDITED, finish="length"), "length limit"),
    ],
)
async def test_a_part_on_which_the_model_fails_keeps_the_merge_and_the_others_are_taken(first: Reply, why: str) -> None:
    end, _, _ = await ask(NOWHERE + GUESSED, first, says(RAISED))
    assert end.text == merge(ORIGINAL, NOWHERE + GUESSED, path="shop.py").text.replace(ZETA, RAISED)
    assert (end.engine, end.confidence, end.stats["parts"]) == ("openai", "unsure", 1)
    (failed,) = (note for note in end.notes if note.code == "model_failed")
    assert failed.message.startswith("Look at lines 25–29: ")
    assert why in failed.message


async def test_a_last_part_that_fails_does_not_undo_the_others() -> None:
    end, _, _ = await ask(NOWHERE + GUESSED, says(AUDITED), http(503))
    assert end.text == merge(ORIGINAL, NOWHERE + GUESSED, path="shop.py").text  # AUDITED is no better
    assert {"model_not_taken", "model_failed"} <= set(codes(end))


async def test_after_a_server_that_is_lost_the_next_part_is_not_waited_for() -> None:
    end, events, talk = await ask(NOWHERE + GUESSED, http(503), says(RAISED))
    assert len(talk.asked(CHAT)) == 1
    assert end.text == merge(ORIGINAL, NOWHERE + GUESSED, path="shop.py").text
    assert (end.engine, codes(end)[0]) == ("embedded", "model_failed")
    assert [restart.engine for restart in restarts(events)] == ["openai", "embedded"]


async def test_where_nothing_fits_the_models_context_the_guess_stands_and_says_why() -> None:
    long = {"tokens": list(range(1000))}
    async with wire(sglang_routes() | {"/tokenize": http(200, long)}) as talk:
        settings = EngineSettings(sglang_url=talk.url, retry_delay=0.0, retries=0)
        events = await collect(AutoEngine(settings), ApplyRequest("1", ORIGINAL, CERTAIN + GUESSED, "shop.py"))
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.engine, end.confidence) == (GUESS, "embedded", "unsure")
    assert "the model's context holds 1024" in end.notes[0].message
    assert talk.asked("/generate") == []


async def test_line_ends_stay_those_of_the_file() -> None:
    original = "\ufeff" + ORIGINAL.replace("\n", "\r\n")
    end, _, _ = await ask(CERTAIN + GUESSED, says(AUDITED), original=original)
    assert end.text == "\ufeff" + SURE.replace(DELTA, AUDITED).replace("\n", "\r\n")


async def test_a_merge_that_takes_too_long_leaves_the_file_to_the_model() -> None:
    async with wire(routes(says(AUDITED))) as talk:
        settings = EngineSettings(
            openai_url=f"{talk.url}/v1", merge_in_process=True, merge_timeout=0.0, retries=0, retry_delay=0.0
        )
        events = await collect(AutoEngine(settings), ApplyRequest("1", ORIGINAL, GUESSED, "shop.py"))
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.engine) == (AUDITED + "\n", "openai")
    assert "took more than" in restarts(events)[0].note.message


MANGLED: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: "",
    "first line gone": lambda text: text.partition("\n")[2],
    "last line twice": lambda text: text + "\n" + text.rpartition("\n")[2],
    "one line more": lambda text: text + "\nx = 1",
}


@pytest.mark.parametrize("how", MANGLED)
@pytest.mark.parametrize("path", CASES[::3], ids=lambda path: path.stem)
async def test_whatever_a_model_writes_the_stream_is_one_file_and_never_certain_by_it(path: Path, how: str) -> None:
    facts, texts = read_case(path)
    original = texts["original"] + "\n" * 3 + ORIGINAL
    try:
        guess = merge(original, texts["chat"], path=facts["path"])
    except MergeRefused:
        return
    asked = Parts(ApplyRequest("1", original, texts["chat"], facts["path"]), guess).regions
    lines = original.splitlines()
    replies = [says(MANGLED[how]("\n".join(lines[region.old_start : region.old_end]))) for region in asked]
    end, events, _ = await ask(texts["chat"], *replies, original=original, path=facts["path"])
    assert end.confidence == guess.confidence or end.text == guess.text
    assert bool(restarts(events)) == (guess.confidence == "unsure")


async def test_each_part_is_sent_to_sglang_with_its_own_lines_of_the_merge_as_the_draft() -> None:
    written = ({"text": f"{code}\n</updated-code>", "meta_info": META | STOPPED} for code in (AUDITED, RAISED))
    asked = [sse([each]) for each in written]
    async with wire(sglang_routes(*asked) | {"/tokenize prompt": http(404)}) as talk:
        settings = EngineSettings(sglang_url=talk.url, retry_delay=0.0, retries=0)
        request = ApplyRequest("1", ORIGINAL, NOWHERE + GUESSED, "shop.py")
        await collect(AutoEngine(settings), request)
    found = merge(ORIGINAL, NOWHERE + GUESSED, path="shop.py")
    lines = found.text.splitlines(keepends=True)
    parts_sent = [each.body["sampling_params"]["custom_params"] for each in talk.asked("/generate")]
    assert parts_sent == [
        {"applyweb_draft_text": "".join(lines[region.new_start : region.new_end]) + "</updated-code>"}
        for region in found.regions
    ]
    assert len(parts_sent) == 2
