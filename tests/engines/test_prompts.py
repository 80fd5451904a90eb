"""Prompts: the fast-apply form, in which the texts stay data whatever they hold."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from applyweb.engines.base import ApplyRequest, Rewrite
from applyweb.engines.prompts import Prompt, build, plain

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


def rewrite(note: str, proposed: str = "a = 2\nb = 2\n", chat: str = "a = 2", above: int = 0, below: int = 1) -> Prompt:
    asked = Rewrite(proposed, note, above, below)
    return build(ApplyRequest("1", "a = 1\nb = 2\n", chat, "src/a.py", part=True, rewrite=asked))


def test_build_asks_for_proposed_lines_again_with_the_note() -> None:
    prompt = rewrite("keep it a float")
    assert prompt.user.endswith(
        "\n<code>\na = 1\nb = 2\n</code>\n\n<proposal>\na = 2\nb = 2\n</proposal>\n"
        "\n<update>\na = 2\n</update>\n\n<note>\nkeep it a float\n</note>"
    )
    assert "Copy the last line exactly" in prompt.user
    assert (prompt.open_tag, prompt.close_tag) == ("<updated-code>", "</updated-code>")


def test_build_says_nothing_of_a_chat_that_asks_for_none_of_the_lines() -> None:
    assert "update>" not in rewrite("otherwise", chat="").user.replace("updated-code>", "")


def test_build_says_which_lines_only_surround_the_others() -> None:
    assert "Copy the first 3 lines and the last 2 lines exactly" in rewrite("otherwise", above=3, below=2).user
    assert "The lines are the whole file." in rewrite("otherwise", below=0).user


@given(note=TEXTS, proposed=TEXTS, chat=TEXTS)
def test_build_keeps_a_note_and_a_proposal_data(note: str, proposed: str, chat: str) -> None:
    prompt = rewrite(note, proposed, chat)
    assert prompt.user.count(prompt.close_tag) == 1  # where it is asked for
    assert prompt.user.endswith(f"\n{prompt.stand_ins.hide(plain(note))}\n</{prompt.user.rsplit('</', 1)[1]}")
