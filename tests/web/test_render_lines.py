"""One line as safe HTML: nothing lost, nothing hidden, nothing executable."""

from __future__ import annotations

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import intraline
from applyweb.core.text import split_end, split_lines
from applyweb.jobs.highlight import decode, encode, highlight_lines
from applyweb.web.render.lines import indent_class, line_html

TAG = re.compile(r"<[^>]*>")
PIECES = [*"ab()\"'#/*<>&{}=\\`", " ", "    ", "\t", "\n", "\r\n", "\r", "def f", "\u202e", "\ufeff", "é", "😀"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.sampled_from(PIECES)).map("".join)


def plain(html: str) -> str:
    return unescape(TAG.sub("", html))


def contents(text: str) -> list[str]:
    return [split_end(line)[0] for line in split_lines(text)]


@given(TEXTS, st.sampled_from(["python", "javascript", "html", "php", "markdown", "bash", "no such lexer"]))
def test_highlight_gives_back_every_line_exactly(text: str, lexer: str) -> None:
    lines = highlight_lines(text, lexer)

    assert [plain(line) for line in lines] == contents(text)
    assert decode(encode(lines)) == lines


def test_highlight_colours_a_line_inside_a_longer_token() -> None:
    first, second = highlight_lines('x = """one\ntwo"""\n', "python")

    assert first.endswith('<span class="s">&quot;&quot;&quot;one</span>')
    assert second == '<span class="s">two&quot;&quot;&quot;</span>'


def test_highlight_of_absurd_input_is_plain_and_exact() -> None:
    long_line = "x = '" + "<" * 10_001

    assert highlight_lines(f"def f(): pass\n{long_line}\n", "python") == [
        "def f(): pass",
        "x = &#x27;" + "&lt;" * 10_001,
    ]


def test_highlight_keeps_a_byte_order_mark_and_still_colours() -> None:
    assert highlight_lines("\ufeffimport os\n", "python") == ['\ufeff<span class="k">import </span>os']


@given(TEXTS, TEXTS)
def test_line_html_stripped_of_tags_is_the_line(before: str, after: str) -> None:
    old = contents(before)[0] if contents(before) else ""
    new = contents(after)[0] if contents(after) else ""
    old_spans, new_spans = intraline(old, new)

    for content, spans in ((old, old_spans), (new, new_spans)):
        coloured = (highlight_lines(content, "python") or [""])[0]
        assert plain(line_html(content, coloured, spans, "ins")) == content


def test_line_html_marks_changed_words_across_colours() -> None:
    coloured = highlight_lines("return price\n", "python")[0]

    html = line_html("return price", coloured, ((3, 9),), "del")

    assert html == '<span class="k">ret</span><del><span class="k">urn </span>pr</del>ice'


def test_line_html_shows_what_cannot_be_seen() -> None:
    html = line_html("a\u202eb\u200bc", "a\u202eb\u200bc")

    assert re.search(
        'class="inv control" data-c="RLO" title="U\\+202E RIGHT-TO-LEFT OVERRIDE"[^>]*>\u202e</span>', html
    )
    assert re.search('class="inv" data-c="ZWSP" title="U\\+200B ZERO WIDTH SPACE"[^>]*>\u200b</span>', html)


def test_marks_can_be_asked_what_they_are() -> None:
    html = line_html("a\u202eb", "a\u202eb")

    assert 'data-why="order" tabindex="0" role="img" aria-label="U+202E RIGHT-TO-LEFT OVERRIDE"' in html
    assert 'data-why="unseen"' in line_html("a\u200bb", "a\u200bb")
    assert 'data-why="space"' in line_html("a\u00a0b", "a\u00a0b")


def test_line_html_shows_letters_that_pass_for_others() -> None:
    line = "p\u0430ypal = 1  # \u043f\u0440\u0438\u0432\u0435\u0442"

    html = line_html(line, line)

    assert re.findall(r'class="look" data-c="([^"]*)" title="([^"]*)" data-why="alike"', html) == [
        ("not a", "U+0430 CYRILLIC SMALL LETTER A")
    ]
    assert plain(html) == line


def test_line_html_marks_look_alikes_inside_of_colours_and_changes() -> None:
    line = "x = sc\u043epe"
    html = line_html(line, 'x = <span class="f">sc\u043epe</span>', ((4, 9),))

    assert html.startswith('x = <ins><span class="f">sc</span><span class="look"')
    assert html.endswith('<span class="f">pe</span></ins>')
    assert plain(html) == line


def test_line_html_leaves_joined_pictures_alone() -> None:
    family = "👩\u200d👧"

    assert line_html(family, family) == family


def test_line_html_marks_tabs_leading_and_trailing_white_space() -> None:
    assert line_html("\tx \t", "\tx \t") == (
        '<span class="w tab">\t</span>x<span class="ws"> </span><span class="ws tab">\t</span>'
    )
    assert line_html("  x", "  x") == '<span class="w">  </span>x'
    assert line_html("   ", "   ") == '<span class="w">   </span>'


def test_line_html_never_lets_markup_through() -> None:
    content = "<script>alert('{{ x }}')</script>&amp;"

    html = line_html(content, highlight_lines(content, "html")[0], ((0, 8),))

    assert set(TAG.findall(html)) <= {"<ins>", "</ins>", "</span>", *(f'<span class="{x}">' for x in "cdfks")}
    assert plain(html) == content


def test_indent_class_counts_columns_up_to_a_bound() -> None:
    assert indent_class("x") == ""
    assert indent_class("    x") == "i4"
    assert indent_class("\t  x") == "i6"
    assert indent_class(" " * 28 + "x") == "i28"
    assert indent_class(" " * 29 + "x") == "i29 deep"
    assert indent_class(" " * 100 + "x") == "i40 deep"
    assert indent_class("\t" * 8 + "x") == "i32"


def test_an_arrow_is_kept_on_one_row_and_stays_in_the_text() -> None:
    content = "    def a(b) -> c:  # --> d"
    html = line_html(content, escape(content))
    assert html.count('<span class="nb">-&gt;</span>') == 2
    assert unescape(TAG.sub("", html)) == content
    changed = line_html(content, escape(content), [(13, 15)])
    assert '<ins><span class="nb">-&gt;</span></ins>' in changed
