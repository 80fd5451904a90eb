"""The drafts of a batch: one row a request, none mixed up, none kept for longer than its request."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Sequence

import pytest

from applyweb.engines import sglang_draft
from applyweb.serving.apply_draft.requests import PARAMETER, TEXT, Requests, Row, TooLong, merge_of

MERGE = list(range(10, 40))
CONTEXT = 1000  # tokens of the model


def row(name: str, output: list[int], late: list[int] | None = None, merge: list[int] | None = None) -> Row:
    return Row(name, array("q", [1, 2]), array("q", output), late or [], {PARAMETER: MERGE if merge is None else merge})


def test_the_site_sends_what_the_plugin_reads() -> None:
    assert (sglang_draft.PARAMETER, sglang_draft.TEXT) == (PARAMETER, TEXT)


def test_each_row_begins_with_its_last_token_and_goes_on_with_its_own_merge() -> None:
    found = Requests(100, CONTEXT).drafts([row("a", [10]), row("b", [70], merge=[70, 71, 72, 73])], 4)
    assert found.tokens.tolist() == [[10, 11, 12, 13], [70, 71, 72, 73]]


def test_rows_keep_their_place_when_the_batch_changes_its_order() -> None:
    requests = Requests(100, CONTEXT)
    requests.drafts([row("a", [10]), row("b", [10])], 4)
    found = requests.drafts([row("b", [10, 11]), row("a", [10, 11, 12, 13, 14])], 3)
    assert found.tokens.tolist() == [[11, 12, 13], [14, 15, 16]]


def test_late_tokens_count_as_written() -> None:
    found = Requests(100, CONTEXT).drafts([row("a", [10, 11], late=[12, 13])], 3)
    assert found.tokens.tolist() == [[13, 14, 15]]


def test_a_row_with_nothing_to_copy_repeats_its_last_token() -> None:
    found = Requests(100, CONTEXT).drafts([row("a", [77], merge=[])], 3)
    assert found.tokens.tolist() == [[77, 77, 77]]


def test_a_request_that_left_is_forgotten_and_begins_anew_when_it_comes_back() -> None:
    requests = Requests(100, CONTEXT)
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
    ],
)
def test_what_is_no_draft_is_not_used(sent: object) -> None:
    assert list(merge_of(sent, 100, CONTEXT)) == []


def test_a_draft_of_known_tokens_is_used() -> None:
    assert list(merge_of({PARAMETER: [0, 99], "other": 1}, 100, CONTEXT)) == [0, 99]


def test_a_copy_is_sure_where_the_text_reads_like_its_source() -> None:
    requests = Requests(100, CONTEXT)
    assert requests.drafts([row("a", [10]), row("b", [], merge=[])], 4).sure.tolist() == [True, False]
    assert requests.drafts([row("a", [10, 11, 90])], 4).sure.tolist() == [False]  # a guess: behind the replaced token
    assert requests.drafts([row("a", [10, 11, 90, 13, 14])], 4).sure.tolist() == [False]
    assert requests.drafts([row("a", [10, 11, 90, 13, 14, 15])], 4).sure.tolist() == [True]


def test_a_text_is_a_draft_where_the_server_has_a_tokenizer_and_ids_go_before_it() -> None:
    def encode(text: str) -> list[int]:
        return [ord(character) - 90 for character in text]

    assert list(merge_of({TEXT: "abc"}, 100, CONTEXT, encode)) == [7, 8, 9]
    assert list(merge_of({TEXT: "abc", PARAMETER: [1]}, 100, CONTEXT, encode)) == [1]
    assert list(merge_of({TEXT: "abc"}, 100, CONTEXT)) == []
    assert list(merge_of({TEXT: "a\uffff"}, 100, CONTEXT, encode)) == []


def test_a_draft_longer_than_any_answer_takes_no_time_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    read: list[str] = []

    def encode(text: str) -> Sequence[int]:
        read.append(text)
        return [1] * len(text)

    with pytest.raises(TooLong, match=r"1,001 tokens"):
        merge_of({PARAMETER: [1] * (CONTEXT + 1)}, 100, CONTEXT, encode)
    with pytest.raises(TooLong, match=r"4,001 characters"):
        merge_of({TEXT: "a" * (4 * CONTEXT + 1)}, 100, CONTEXT, encode)
    assert read == []  # this is what would hold up every other request
    assert len(merge_of({PARAMETER: [1] * CONTEXT}, 100, CONTEXT)) == CONTEXT
    with pytest.raises(TooLong):
        merge_of({TEXT: "a" * (4 * CONTEXT)}, 100, CONTEXT, encode)  # as many tokens as characters

    requests = Requests(100, CONTEXT)
    with caplog.at_level(logging.WARNING):
        for name in ("a", "b"):
            found = requests.drafts([row(name, [77], merge=[77] * (CONTEXT + 1))], 3)
            assert found.tokens.tolist() == [[77, 77, 77]]
    assert len(caplog.records) == 1


def test_a_new_request_with_the_id_of_an_earlier_one_gets_its_own_draft() -> None:
    class Request:
        """As a server's own: two are never equal."""

    requests = Requests(100, CONTEXT)
    first, second = (Row(Request(), [1, 2], [merge[0]], [], {PARAMETER: merge}) for merge in (MERGE, [10, 60, 61, 62]))
    assert requests.drafts([first], 4).tokens.tolist() == [[10, 11, 12, 13]]
    assert requests.drafts([second], 4).tokens.tolist() == [[10, 60, 61, 62]]
    assert len(requests) == 1


def test_where_results_come_one_step_late_the_drafts_are_those_of_a_server_without_overlap() -> None:
    """Each step accepts what is right of its draft and one token more, and these are `late` in the next."""
    answer = [*MERGE[:12], 90, 91, *MERGE[12:20], *MERGE[24:], 95]

    def taken(overlap: bool) -> list[list[int]]:
        requests, written, late, drafted = Requests(100, CONTEXT), [answer[0]], [], []
        while len(written) + len(late) < len(answer):
            (tokens,) = requests.drafts([row("a", written, late)], 6).tokens.tolist()
            drafted.append(tokens)
            written, done = written + late, len(written) + len(late)
            right = 0
            while right < 5 and done + right < len(answer) and tokens[1 + right] == answer[done + right]:
                right += 1
            late = answer[done : done + right + 1]
            if not overlap:
                written, late = written + late, []
        return drafted

    assert taken(overlap=True) == taken(overlap=False)
    assert len(taken(overlap=True)) < len(answer) // 2
