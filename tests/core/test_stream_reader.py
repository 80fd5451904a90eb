import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.stream import UpdateReader

OPEN, CLOSE = "<updated-code>", "</updated-code>"


def read(reply: str, cuts: list[int] | None = None, **options: bool) -> tuple[str, UpdateReader]:
    reader = UpdateReader(OPEN, CLOSE, **options)
    edges = sorted({cut % (len(reply) + 1) for cut in cuts or []} | {0, len(reply)})
    text = "".join(reader.feed(reply[a:b]) for a, b in itertools.pairwise(edges))
    return text + reader.close(), reader


PIECES = [
    "\n",
    "\r\n",
    "\r",
    "```",
    "```py\n",
    "~~~",
    " ",
    "a",
    "<",
    "</",
    OPEN,
    CLOSE,
    "</updated",
    "x\n",
    "`",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.integers(0, 400), max_size=12),
    st.booleans(),
)
def test_any_chunking_reads_the_same(reply: str, cuts: list[int], unwrap: bool) -> None:
    whole, plain = read(reply, unwrap_fence=unwrap)
    for chosen in (cuts, list(range(len(reply)))):
        text, reader = read(reply, chosen, unwrap_fence=unwrap)
        assert text == whole
        assert (reader.opened, reader.closed, reader.trailing) == (plain.opened, plain.closed, plain.trailing)
        assert reader.fence_unclosed == plain.fence_unclosed


# Models read and write LF alone; a CR before the close tag is the server's, and goes.
FILES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=40)


@given(FILES, st.lists(st.integers(0, 90), max_size=8))
def test_a_file_between_the_tags_comes_back_exactly(file: str, cuts: list[int]) -> None:
    assert read(f"{OPEN}\n{file}\n{CLOSE}", cuts, unwrap_fence=False)[0] == file


def test_prose_before_the_tag_is_ignored_and_after_it_is_kept() -> None:
    text, reader = read(f"Sure!\n{OPEN}\na\n{CLOSE}\nDone.")
    assert text == "a"
    assert reader.opened
    assert reader.closed
    assert reader.trailing == "\nDone."


def test_blank_text_after_the_tag_is_no_trailing() -> None:
    assert read(f"{OPEN}a{CLOSE}\n \n")[1].trailing == ""


def test_a_reply_without_tags_opens_nothing() -> None:
    text, reader = read("I cannot do that.")
    assert (text, reader.opened, reader.closed) == ("", False, False)


def test_a_reply_cut_short_gives_what_came_and_is_not_closed() -> None:
    text, reader = read(f"{OPEN}\na\nb\n</upd")
    assert (text, reader.opened, reader.closed) == ("a\nb\n</upd", True, False)


def test_text_is_given_as_soon_as_it_is_sure() -> None:
    reader = UpdateReader(OPEN, CLOSE)
    assert reader.feed(f"{OPEN}\nfirst line\nsec") == "first line\nsec"
    assert reader.feed("ond\n") == "ond"
    assert reader.feed("</up") == ""
    assert reader.feed("per>") == "\n</upper>"
    assert reader.feed(f"\n{CLOSE}") == ""
    assert reader.closed


@pytest.mark.parametrize("fence", ["```", "```python", "~~~", "````js title"])
def test_a_fence_around_the_whole_file_is_removed(fence: str) -> None:
    close = fence[:4] if fence.startswith("````") else fence[:3]
    text, reader = read(f"{OPEN}\n{fence}\na\nb\n\n{close}\n{CLOSE}", list(range(60)))
    assert text == "a\nb\n"
    assert not reader.fence_unclosed


def test_fences_inside_the_file_stay() -> None:
    file = "# Title\n```\ncode\n```"
    assert read(f"{OPEN}\n{file}\n{CLOSE}")[0] == file


def test_a_longer_fence_keeps_the_shorter_one_inside() -> None:
    assert read(f"{OPEN}\n````md\n```\ncode\n```\n````\n{CLOSE}")[0] == "```\ncode\n```"


def test_a_fence_that_nothing_closes_is_told() -> None:
    text, reader = read(f"{OPEN}\n```py\na\n{CLOSE}")
    assert text == "a"
    assert reader.fence_unclosed


def test_a_markdown_file_keeps_its_first_fence_when_told_so() -> None:
    text, reader = read(f"{OPEN}\n```\ncode\n```\n{CLOSE}", unwrap_fence=False)
    assert text == "```\ncode\n```"
    assert not reader.fence_unclosed


def test_backticks_in_the_last_line_of_a_fenced_file_stay() -> None:
    assert read(f"{OPEN}\n```\nsay```\n```\n{CLOSE}", list(range(60)))[0] == "say```"
    assert read(f"{OPEN}\n```\nsay```\n{CLOSE}", list(range(60)))[0] == "say```"


def test_tags_must_not_be_empty() -> None:
    with pytest.raises(ValueError, match="both tags"):
        UpdateReader("", CLOSE)


@given(st.lists(st.integers(0, 60), max_size=6))
def test_one_fence_without_any_tag_is_the_file(cuts: list[int]) -> None:
    text, reader = read("Here it is:\n```python\na = 1\n\nb = 2\n```\nDone.", cuts)
    assert (text, reader.fence_only, reader.opened) == ("a = 1\n\nb = 2", True, False)


@pytest.mark.parametrize("reply", ["```\na = 1\n", "```\na\n```\nor\n```\nb\n```", "a = 1"])
def test_without_any_tag_nothing_else_is_the_file(reply: str) -> None:
    text, reader = read(reply)
    assert (text, reader.fence_only) == ("", False)
