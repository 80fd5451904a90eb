import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.text import TextError, decode, describe, require_text, split_end, split_lines
from tests.core.texts import texts

encodable = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))


@given(texts())
def test_lines_joined_are_the_text_and_each_is_one_line(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(lines)
    for line in lines[:-1]:
        content, end = split_end(line)
        assert end in ("\n", "\r\n", "\r")
        assert "\n" not in content
        assert "\r" not in content


@given(texts())
def test_line_count_agrees_with_pythons_universal_newlines(text: str) -> None:
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = unified.count("\n") + (0 if unified.endswith("\n") or not unified else 1)
    assert describe(text).lines == expected


def test_only_three_line_ends_end_a_line() -> None:
    assert split_lines("a\x0cb\u2028c\x85d\x0be\n") == ["a\x0cb\u2028c\x85d\x0be\n"]
    assert split_lines("a\r\r\nb\n\rc") == ["a\r", "\r\n", "b\n", "\r", "c"]


def test_split_end_parts_content_and_end() -> None:
    assert [split_end(line) for line in ("a\r\n", "a\n", "a\r", "a", "")] == [
        ("a", "\r\n"),
        ("a", "\n"),
        ("a", "\r"),
        ("a", ""),
        ("", ""),
    ]
    with pytest.raises(ValueError, match="one line"):
        split_end("a\n\n\n")


def test_describe_tells_ends_mark_and_final_newline() -> None:
    facts = describe("\ufeffa\r\nb\r\nc\nd")
    assert (facts.lines, facts.line_end, facts.mixed_ends) == (4, "\r\n", True)
    assert (facts.bom, facts.final_newline) == (True, False)
    assert describe("a\rb\r").line_end == "\r"
    empty = describe("")
    assert (empty.lines, empty.line_end, empty.mixed_ends, empty.final_newline) == (0, "\n", False, False)


@given(encodable)
def test_decoding_gives_the_exact_bytes_back(text: str) -> None:
    data = text.encode()
    assert decode(data).encode() == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x7fELF\x00\x01", "binary"),
        (b"\xff\xfea\x00", "binary"),
        (b"caf\xe9\n", "undecodable"),
        (b"\xed\xa0\x80", "undecodable"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(TextError) as caught:
        decode(data)
    assert caught.value.code == code


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(TextError) as caught:
        require_text("a\ud800b")
    assert caught.value.code == "undecodable"
    assert require_text("🙂") == "🙂"
