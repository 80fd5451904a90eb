"""How long an answer may get, from what the server tells of itself."""

from __future__ import annotations

import pytest

from applyweb.engines.base import EngineError
from applyweb.engines.sglang_request import answer_limit


def test_limit_is_file_and_chat_with_the_margin_and_some_spare() -> None:
    assert answer_limit(prompt=700, file=400, chat=200, context=None, margin=1.5) == 900 + 64


def test_limit_never_exceeds_the_room_that_the_prompt_leaves() -> None:
    assert answer_limit(prompt=700, file=200, chat=400, context=1000, margin=1.5) == 1000 - 700 - 8


def test_limit_refuses_a_file_that_has_no_room_and_names_the_numbers() -> None:
    with pytest.raises(EngineError, match=r"700 tokens.*about 400 more.*holds 1000") as caught:
        answer_limit(prompt=700, file=400, chat=200, context=1000, margin=1.5)
    assert caught.value.code == "too_long"


def test_limit_refuses_a_prompt_that_fills_the_context_even_for_a_new_file() -> None:
    with pytest.raises(EngineError):
        answer_limit(prompt=1000, file=0, chat=900, context=1000, margin=1.5)
