import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.checks import suspicious, visible


def kinds(text: str) -> list[tuple[str, int, int]]:
    return [(found.kind, found.line, found.column) for found in suspicious(text)]


@given(st.text(max_size=60))
def test_findings_point_at_their_character(text: str) -> None:
    for found in suspicious(text):
        character = text[found.offset]
        assert found.codepoint == f"U+{ord(character):04X}"
        assert found.name == unicodedata.name(character, "control character")
    for mark in visible(text):
        assert mark.codepoint == f"U+{ord(text[mark.offset]):04X}"


@given(st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=60))
def test_plain_ascii_has_none(text: str) -> None:
    assert suspicious(text) == visible(text) == ()


def test_direction_controls_are_found_with_line_and_column() -> None:
    assert kinds('a\r\nif x: # \u2066" and\u2069\n') == [("bidi", 2, 9), ("bidi", 2, 15)]


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u3164", "\x08", "\x1b", "\x7f", "\U000e0041", "\ufeff"])
def test_unseen_characters_are_found(character: str) -> None:
    assert kinds(f"ab{character}cd") == [("invisible", 1, 3)]


def test_a_joiner_that_joins_nothing_is_found() -> None:
    assert kinds("👩\u200d") == [("invisible", 1, 2)]
    assert kinds("\u200d👩") == [("invisible", 1, 1)]
    assert kinds("ab\u200dcd") == [("invisible", 1, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffint main()",  # a byte-order mark where it belongs
        "👩\u200d💻 = 1",  # a joined emoji
        "می\u200cخواهم",  # a Persian word that needs its joiner
        "# Привет, а это мы",  # Cyrillic words, some of look-alike letters only
        "naïve = 'Straße' # ñandú",
        "λ = α + μ",
        "名前 = 1",
        "a\tb\x0cc",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert suspicious(text) == ()


@pytest.mark.parametrize(
    ("text", "column", "looks"),
    [
        ("pаypal = 1", 2, "a"),  # one Cyrillic letter in a Latin word
        ("х = 1", 1, "x"),  # a whole word of look-alike letters in code
        ("a = 1\u037e", 6, ";"),
        ("ｐrint", 1, "p"),
        ("Οpen()", 1, "O"),
        ("a\u2215b", 2, "/"),
    ],
)
def test_look_alikes_are_found_with_what_they_pass_for(text: str, column: int, looks: str) -> None:
    (found,) = suspicious(text)
    assert (found.kind, found.column, found.looks) == ("look_alike", column, looks)


def test_what_must_be_drawn_as_a_sign_holds_odd_spaces_too() -> None:
    assert [mark.name for mark in visible("a\u00a0b\u202ec\x00")] == [
        "NO-BREAK SPACE",
        "RIGHT-TO-LEFT OVERRIDE",
        "control character",
    ]
    assert visible("plain\ttext\r\n") == ()
