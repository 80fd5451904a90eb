"""The drafts of a batch: one row a request, none mixed up, none kept for longer than its request."""

from __future__ import annotations

from array import array

import pytest

from applyweb.engines import sglang_draft
from applyweb.serving.apply_draft.requests import PARAMETER, TEXT, Requests, Row, merge_of

MERGE = list(range(10, 40))


def row(name: str, output: list[int], late: list[int] | None = None, merge: list[int] | None = None) -> Row:
    return Row(name, array("q", [1, 2]), array("q", output), late or [], {PARAMETER: MERGE if merge is None else merge})


def test_the_site_sends_what_the_plugin_reads() -> None:
    assert (sglang_draft.PARAMETER, sglang_draft.TEXT) == (PARAMETER, TEXT)


def test_each_row_begins_with_its_last_token_and_goes_on_with_its_own_merge() -> None:
    found = Requests(100).drafts([row("a", [10]), row("b", [70], merge=[70, 71, 72, 73])], 4)
    assert found.tokens.tolist() == [[10, 11, 12, 13], [70, 71, 72, 73]]


def test_rows_keep_their_place_when_the_batch_changes_its_order() -> None:
    requests = Requests(100)
    requests.drafts([row("a", [10]), row("b", [10])], 4)
    found = requests.drafts([row("b", [10, 11]), row("a", [10, 11, 12, 13, 14])], 3)
    assert found.tokens.tolist() == [[11, 12, 13], [14, 15, 16]]


def test_late_tokens_count_as_written() -> None:
    found = Requests(100).drafts([row("a", [10, 11], late=[12, 13])], 3)
    assert found.tokens.tolist() == [[13, 14, 15]]


def test_a_row_with_nothing_to_copy_repeats_its_last_token() -> None:
    found = Requests(100).drafts([row("a", [77], merge=[])], 3)
    assert found.tokens.tolist() == [[77, 77, 77]]


def test_a_request_that_left_is_forgotten_and_begins_anew_when_it_comes_back() -> None:
    requests = Requests(100)
    requests.drafts([row("a", [10]), row("b", [10])], 4)
    requests.drafts([row("b", [10, 11])], 4)
    assert len(requests) == 1
    again = requests.drafts([row("a", MERGE[:25])], 4)
    assert again.tokens.tolist() == [[34, 35, 36, 37]]
    requests.clear()
    assert len(requests) == 0


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        "10",
        {},
        {PARAMETER: "10 11"},
        {PARAMETER: 12},
        {PARAMETER: [10, 100]},
        {PARAMETER: [10, -1]},
        {PARAMETER: [10, 11.0]},
        {PARAMETER: [10, True]},
        {PARAMETER: [10, None]},
        {PARAMETER: [1] * 1_000_001},
    ],
)
def test_what_is_no_draft_is_not_used(sent: object) -> None:
    assert list(merge_of(sent, 100)) == []


def test_a_draft_of_known_tokens_is_used() -> None:
    assert list(merge_of({PARAMETER: [0, 99], "other": 1}, 100)) == [0, 99]


def test_a_copy_is_sure_where_the_text_reads_like_its_source() -> None:
    requests = Requests(100)
    assert requests.drafts([row("a", [10]), row("b", [], merge=[])], 4).sure.tolist() == [True, False]
    assert requests.drafts([row("a", [10, 11, 90])], 4).sure.tolist() == [False]  # a guess: behind the replaced token
    assert requests.drafts([row("a", [10, 11, 90, 13, 14])], 4).sure.tolist() == [False]
    assert requests.drafts([row("a", [10, 11, 90, 13, 14, 15])], 4).sure.tolist() == [True]


def test_a_text_is_a_draft_where_the_server_has_a_tokenizer_and_ids_go_before_it() -> None:
    def encode(text: str) -> list[int]:
        return [ord(character) - 90 for character in text]

    assert list(merge_of({TEXT: "abc"}, 100, encode)) == [7, 8, 9]
    assert list(merge_of({TEXT: "abc", PARAMETER: [1]}, 100, encode)) == [1]
    assert list(merge_of({TEXT: "abc"}, 100)) == []
    assert list(merge_of({TEXT: "a\uffff"}, 100, encode)) == []
    assert list(merge_of({TEXT: "a" * 4_000_001}, 100, encode)) == []
