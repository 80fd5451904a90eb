"""A reply on its way to a file, and what speaks against it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.engines.base import ApplyRequest
from applyweb.engines.prompts import build, plain
from applyweb.engines.reply import Reply

from .test_prompts import TEXTS


def read(original: str, raw: str, *, chat: str = "chat", step: int = 1000) -> Reply:
    request = ApplyRequest("1", original, chat)
    reply = Reply(request, build(request))
    given = "".join(reply.feed(raw[start : start + step]) for start in range(0, len(raw), step))
    assert given + reply.close(whole=True) == reply.text
    return reply


@given(
    TEXTS.filter(lambda text: "\ufeff" not in text and "`" not in text and "~" not in text), TEXTS, st.integers(1, 9)
)
def test_a_model_that_copies_what_it_was_shown_gives_the_file_back(original: str, chat: str, step: int) -> None:
    request = ApplyRequest("1", original, chat)
    prompt = build(request)
    raw = f"{prompt.open_tag}\n{prompt.stand_ins.hide(plain(original))}\n{prompt.close_tag}"
    reply = read(original, raw, chat=chat, step=step)
    assert reply.text == original


def test_a_well_formed_reply_is_certain() -> None:
    assert read("a = 1\n", "<updated-code>\na = 2\n</updated-code>\n").verdict() == ("certain", ())


@pytest.mark.parametrize(
    ("original", "raw", "code"),
    [
        ("a\n", "<updated-code>\nb", "answer_not_closed"),
        ("a\n", "<updated-code>\nb\n</updated-code>\nI hope this helps!", "text_after_answer"),
        ("a\n", "<updated-code>\n```python\nb\n</updated-code>", "fence_not_closed"),
        ("a\r\nb\n", "<updated-code>\na\nb\n</updated-code>", "mixed_line_ends"),
        ("a\n", "<updated-code>\n</updated-code>", "empty_answer"),
        ("a\n", "<updated-code>\n<updated-code>\nb\n</updated-code>", "tag_in_answer"),
    ],
)
def test_what_speaks_against_a_reply_makes_it_unsure_and_is_named(original: str, raw: str, code: str) -> None:
    confidence, notes = read(original, raw).verdict()
    assert (confidence, [note.code for note in notes]) == ("unsure", [code])


def test_a_fence_around_the_answer_goes_unless_the_file_is_fenced_itself() -> None:
    raw = "<updated-code>\n```\nb\n```\n</updated-code>"
    assert read("a\n", raw).text == "b\n"
    assert read("```\na\n```\n", raw).text == "```\nb\n```\n"


def test_a_reply_tells_when_it_rambles() -> None:
    request = ApplyRequest("1", "a\n", "c")
    reply = Reply(request, build(request))
    reply.feed("<updated-code>\nb\n</updated-code>\n")
    assert not reply.rambles
    reply.feed("And")
    assert reply.rambles
