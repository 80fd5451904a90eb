"""The words of a comment as HTML: nothing of them is markup."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from applyweb.web.render.comment import comment_html, excerpt


def test_code_stands_between_backticks_and_breaks_stay() -> None:
    assert comment_html("Why `round(x)`?\nSo `a < b`.") == "Why <code>round(x)</code>?\nSo <code>a &lt; b</code>."
    assert comment_html("a ` b\nc `` d") == "a ` b\nc `` d"


def test_markup_is_text_inside_and_outside_of_code() -> None:
    html = comment_html("<script>x</script> `<img src=x onerror=1>` & \"'")
    assert html == ("&lt;script&gt;x&lt;/script&gt; <code>&lt;img src=x onerror=1&gt;</code> &amp; &quot;&#x27;")


def test_what_deceives_in_code_is_marked_there_only() -> None:
    assert 'data-c="RLO"' in comment_html("`a\u202eb`")
    assert comment_html("une espace\xa0: oui") == "une espace\xa0: oui"


@given(st.text(st.sampled_from("ab`<>&\"'\n\u202e \xa0")))
def test_any_words_come_back_when_tags_are_taken_away(text: str) -> None:
    html = comment_html(text)
    assert set(re.findall(r"</?(\w+)", html)) <= {"code", "span"}
    plain = unescape(re.sub(r"<[^>]*>", "", html))
    assert plain == re.sub(r"`([^`\n]+)`", r"\1", text)


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("\n  Why `x`?\nmore") == "Why x?"
    assert excerpt("word " * 40, 20) == "word word word word…"
