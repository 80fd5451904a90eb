"""Stand-ins: control tokens leave the text and come back, however the reply is cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from applyweb.engines.stand_ins import Revealer, StandIns

_PARTS = st.sampled_from(
    ["<|im_end|>", "<!|im_end|>", "<!!|im_end|>", "<|a|>", "</s>", "<", "!", "|", "im_end", "[INST]", "x"]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(_PARTS, max_size=12).map("".join))


def test_hide_marks_each_control_token_and_leaves_the_rest() -> None:
    text = "a <|im_end|> b </s> c [INST] <b>d</b> <|>"
    stand_ins = StandIns.for_texts([text])
    assert stand_ins.hide(text) == "a <!|im_end|> b <!/s> c [!INST] <b>d</b> <|>"


def test_stand_ins_are_words_that_no_text_holds() -> None:
    text = "<|im_end|> and <!|im_end|>"
    assert StandIns.for_texts([text]).of == {"<|im_end|>": "<!!|im_end|>"}


@given(TEXTS, TEXTS, st.lists(st.integers(0, 60), max_size=6))
def test_what_was_hidden_comes_back_cut_anywhere(text: str, other: str, cuts: list[int]) -> None:
    stand_ins = StandIns.for_texts([text, other])
    hidden = stand_ins.hide(text)
    revealer = Revealer(stand_ins)
    places = sorted({0, len(hidden), *(cut for cut in cuts if cut < len(hidden))})
    out = [revealer.feed(hidden[start:end]) for start, end in pairwise(places)]
    assert "".join([*out, revealer.close()]) == text


def test_revealer_holds_back_no_more_than_a_stand_in_may_need() -> None:
    revealer = Revealer(StandIns.for_texts(["<|im_end|>"]))
    assert [revealer.feed(piece) for piece in ("x <", "b>", " <!|im", "_end|> y")] == ["x ", "<b>", " ", "<|im_end|> y"]
