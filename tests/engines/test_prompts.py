"""Prompts: the fast-apply form, in which the texts stay data whatever they hold."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from applyweb.engines.base import ApplyRequest
from applyweb.engines.prompts import build, plain

# Texts rich in what could be mistaken for the prompt's own words.
_TAGS = [
    "<code>",
    "</code>",
    "<update>",
    "</update>",
    "<updated-code>",
    "</updated-code>",
    "</updated-code-2>",
    "<CODE>",
]
_TOKENS = [
    "<|im_start|>",
    "<|im_end|>",
    "<!|im_end|>",
    "</s>",
    "<｜end▁of▁sentence｜>",
    "\n",
    "\r\n",
    "x = 1",
    " ",
    "é",
]
_WORDS = st.sampled_from([*_TAGS, *_TOKENS])
TEXTS = st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=12).map("".join))


def request(original: str, chat: str, path: str = "") -> ApplyRequest:
    return ApplyRequest("1", original, chat, path)


def test_build_puts_file_and_chat_between_their_tags() -> None:
    prompt = build(request("a = 1\nb = 2\n", "Set a to 3.\n", "src/a.py"))
    assert prompt.user.endswith("<code>\na = 1\nb = 2\n</code>\n\n<update>\nSet a to 3.\n</update>")
    assert "src/a.py" in prompt.user
    assert (prompt.open_tag, prompt.close_tag) == ("<updated-code>", "</updated-code>")


def test_build_takes_other_tags_where_the_texts_hold_these() -> None:
    prompt = build(request("print('</updated-code>')\n", "See </updated-code-2>."))
    assert (prompt.open_tag, prompt.close_tag) == ("<updated-code-3>", "</updated-code-3>")
    assert "<code>\nprint('</updated-code>')\n</code>" in prompt.user  # tags that are free stay


def test_build_takes_another_tag_for_the_file_where_the_file_holds_it() -> None:
    prompt = build(request("<CODE>x</CODE>\n", "a"))
    assert "<code-2>\n<CODE>x</CODE>\n</code-2>" in prompt.user
    assert prompt.open_tag == "<updated-code>"


@given(TEXTS, TEXTS, TEXTS)
def test_build_never_lets_a_text_close_its_tags_or_hold_a_control_token(original: str, chat: str, path: str) -> None:
    prompt = build(request(original, chat, path))
    update, code = re.findall(r"<((?:code|update)(?:-\d+)?)>", prompt.user)[:2]  # as the instruction names them
    for tag in (code, update):
        assert prompt.user.count(f"\n<{tag}>\n") == 1
        assert prompt.user.count(f"</{tag}>") == 1
    assert prompt.user.count(prompt.close_tag) == 1  # in the instruction
    assert not re.search(r"<[|｜][^<>|｜\s]{1,48}[|｜]>|</?s>", prompt.user)
    assert build(request(original, chat, path)) == prompt


def test_chatml_is_the_messages_in_qwens_template_with_the_answer_begun() -> None:
    prompt = build(request("a\n", "b"))
    assert prompt.chatml() == (
        f"<|im_start|>system\n{prompt.system}<|im_end|>\n<|im_start|>user\n{prompt.user}<|im_end|>\n"
        "<|im_start|>assistant\n<updated-code>\n"
    )


def test_messages_end_with_the_begun_answer_only_where_it_is_asked_for() -> None:
    prompt = build(request("a\n", "b"))
    assert [turn["role"] for turn in prompt.messages()] == ["system", "user"]
    assert prompt.messages(prefilled=True)[-1] == {"role": "assistant", "content": "<updated-code>\n"}


def test_plain_has_no_mark_no_foreign_line_ends_and_no_last_one() -> None:
    assert plain("\ufeffa\r\nb\rc\n\r\n") == "a\nb\nc\n"
