"""Line ends, byte-order mark and last newline come back from the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.engines.copied_ends import CopiedEnds
from applyweb.engines.prompts import plain

TEXTS = st.one_of(
    st.text(max_size=60).filter(lambda text: "\ufeff" not in text[1:]),
    st.lists(st.sampled_from(["a", "b", "", "\t"]), max_size=20).flatmap(
        lambda lines: st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=len(lines), max_size=len(lines)).map(
            lambda ends: "".join(line + end for line, end in zip(lines, ends, strict=True))
        )
    ),
)


def written(original: str, answer: str, *, step: int = 1000, whole: bool = True) -> str:
    ends = CopiedEnds(original)
    pieces = [ends.feed(answer[start : start + step]) for start in range(0, len(answer), step)]
    return "".join([*pieces, ends.close(whole=whole)])


@given(TEXTS, st.integers(1, 7))
def test_an_unchanged_file_comes_back_exactly(original: str, step: int) -> None:
    assert written(original, plain(original), step=step) == original


@given(TEXTS, st.integers(1, 7))
def test_a_model_that_writes_crlf_changes_nothing(original: str, step: int) -> None:
    assert written(original, plain(original).replace("\n", "\r\n"), step=step) == original


@pytest.mark.parametrize(
    ("original", "answer", "expected"),
    [
        ("a\r\nb\r\n", "a\nnew\nb", "a\r\nnew\r\nb\r\n"),
        ("a\nb", "a\nb\nc", "a\nb\nc"),
        ("\ufeffa\n", "b", "\ufeffb\n"),
        ("", "created", "created\n"),
        ("a\r\nb\nc\r\nd\r\n", "a\nnew\nb\nc", "a\r\nnew\r\nb\nc\r\n"),  # mixed: known lines keep theirs
        ("a\n", "", ""),
    ],
)
def test_a_changed_file_has_the_ends_of_its_original(original: str, answer: str, expected: str) -> None:
    assert written(original, answer) == expected


def test_a_file_that_is_not_whole_gets_no_last_line_end() -> None:
    assert written("a\nb\n", "a\nb", whole=False) == "a\nb"
