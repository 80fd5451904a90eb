"""The cursor of the apply draft: where it goes on, and how it finds its way back."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.serving.apply_draft.copier import LOOK_BACK, Copier

TOKENS = st.lists(st.integers(0, 6), max_size=60)


def drafted(copier: Copier, tail: list[int], new: int, width: int = 8) -> list[int]:
    return [int(token) for token in copier.draft(tail, new, width)]


def steps(copier: Copier, prompt: list[int], answer: list[int], width: int) -> int:
    """Verify steps to write `answer` greedily. A step is one draft, of which the right beginning is accepted, and one
    token more; the first token comes with the prompt's own pass."""
    done, new, count = 1, 1, 0
    while done < len(answer):
        tail = [*prompt, *answer[:done]][-max(LOOK_BACK, new) :]
        draft = drafted(copier, tail, new, width - 1)
        right = 0
        while right < len(draft) and done + right < len(answer) and draft[right] == answer[done + right]:
            right += 1
        new = right + 1
        done += new
        count += 1
    return count


def test_draft_begins_at_the_merge_without_a_look_at_the_prompt() -> None:
    copier = Copier([1, 2, 3], [10, 11, 12, 13])
    assert drafted(copier, [1, 2, 3], 0) == [10, 11, 12, 13]
    assert drafted(copier, [1, 2, 3, 10], 1) == [11, 12, 13]
    assert drafted(copier, [3, 10, 11, 12], 2, width=1) == [13]


def test_draft_ends_at_the_end_of_the_merge() -> None:
    copier = Copier([1, 2], [10, 11])
    assert drafted(copier, [1, 2, 10, 11], 2) == []


def test_draft_goes_on_behind_a_replaced_token() -> None:
    copier = Copier([1], list(range(10, 30)))
    assert drafted(copier, [1, 10, 11, 99], 3) == list(range(13, 21))


def test_draft_finds_back_behind_inserted_and_behind_left_out_tokens() -> None:
    copier = Copier([1], list(range(10, 40)))
    assert drafted(copier, [1, 10, 11], 2)[0] == 12
    assert drafted(copier, [1, 10, 11, 97, 98, 99, 12, 13], 5)[0] == 14
    assert drafted(copier, [13, 30, 31], 2)[0] == 32


def test_draft_takes_the_nearest_place_ahead_where_several_read_alike() -> None:
    block = [5, 6, 7, 8]
    merge = [*block, 20, *block, 21, *block, 22]
    copier = Copier([1], merge)
    assert drafted(copier, [1, *block, 20, 99, 6, 7, 8], 9)[0] == 21


def test_draft_takes_a_near_place_where_a_far_one_reads_a_little_more_alike() -> None:
    near, far = [5, 6, 7, 21], [4, 5, 6, 7, 22]
    merge = [10, *near, *range(1000, 3000), *far]
    assert drafted(Copier([1], merge), [1, 10, 4, 5, 6, 7], 5)[0] == 21


def test_draft_takes_the_merge_where_the_prompt_reads_as_much_alike() -> None:
    original = [5, 6, 7, 60, 61]
    merge = [*range(10, 30), 5, 6, 7, 50, 51]
    assert drafted(Copier(original, merge), [10, 11, 99, 5, 6, 7], 6)[:2] == [50, 51]


def test_a_text_of_one_token_costs_no_more_than_the_places_nearby() -> None:
    copier = Copier([7] * 100_000, [7] * 50_000)
    assert drafted(copier, [7] * LOOK_BACK, 50_000, width=3) == [7, 7, 7]
    copier._at = 20_000
    looked = copier._nearest(np.arange(1, 150_000))
    assert len(looked) <= 4 * 1024
    assert list(looked) == sorted(looked)


def test_a_token_that_is_everywhere_is_followed_from_where_the_copy_was() -> None:
    merge = [token for line in range(9000) for token in (0, 10 + line)]  # 0 as an indentation
    copier = Copier([1], merge)
    tail = merge[8000 * 2 - LOOK_BACK : 8000 * 2]
    assert drafted(copier, tail, len(tail))[:2] == [0, 8010]
    assert drafted(copier, [*tail[2:], 5, 0], 2, width=2) == [8010, 0]


def test_draft_copies_from_the_prompt_what_the_merge_does_not_have() -> None:
    prompt = [*range(50, 80), 1]
    copier = Copier(prompt, list(range(10, 20)))
    assert drafted(copier, [10, 11, 60, 61, 62, 63, 64, 65, 66, 67, 68], 11)[:3] == [69, 70, 71]


def test_draft_without_merge_copies_from_the_prompt() -> None:
    prompt = [1, 2, 3, 4, 5, 6, 7, 1, 2]
    assert drafted(Copier(prompt), prompt, 0, width=3) == [3, 4, 5]


def test_draft_is_empty_where_nothing_reads_alike() -> None:
    assert drafted(Copier([1, 2, 3]), [1, 2, 3, 9], 1) == []
    assert drafted(Copier([]), [], 0) == []


def test_a_request_that_was_away_finds_its_place() -> None:
    merge = list(range(100, 400))
    tail = merge[200 - LOOK_BACK : 200]
    assert drafted(Copier([1], merge), tail, 200)[:2] == [300, 301]


@pytest.mark.parametrize("width", [16, 64])
def test_a_right_merge_is_written_at_full_width(width: int) -> None:
    rng = random.Random(4)
    merge = [rng.randrange(40) for _ in range(1000)]
    prompt = [rng.randrange(40) for _ in range(500)]
    assert steps(Copier(prompt, merge), prompt, merge, width) == -(-(len(merge) - 1) // width)


def test_each_divergence_costs_few_steps() -> None:
    rng = random.Random(5)
    merge = [rng.randrange(300) for _ in range(2000)]
    answer = [*merge[:500], *range(900, 905), *merge[500:900], *merge[940:1500], 1000, *merge[1501:]]
    assert steps(Copier([1], merge), [1], answer, 64) <= 2000 // 64 + 3 * 2 + 6


@given(prompt=TOKENS, merge=TOKENS, answer=TOKENS, width=st.integers(1, 9))
def test_any_answer_gets_drafts_of_tokens_that_are_there(
    prompt: list[int], merge: list[int], answer: list[int], width: int
) -> None:
    copier = Copier(prompt, merge)
    for done in range(len(answer) + 1):
        tail = [*prompt, *answer[:done]][-LOOK_BACK:]
        draft = drafted(copier, tail, int(done > 0), width)
        assert len(draft) <= width
        assert set(draft) <= {*prompt, *merge}
