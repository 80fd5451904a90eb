"""How a diff is read: links to lines, the prompt for a line, long lines, the View menu, print, screen readers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Account, Desk, desk_on
from tests.factories import CHAT, ORIGINAL

FILE = "".join(f"value_{n} = {n}\n" for n in range(1, 201))
LONG_LINE = "x = '" + "word " * 80 + "'\n"
CHANGED = FILE.replace("value_50 = 50\n", LONG_LINE).replace("value_150 = 150\n", "")
LONG_CHAT = f"```python\n{CHANGED}```\n"
LINKED = """() => [...document.querySelectorAll("#diff .l.is-linked")].map(
  cell => (cell.classList.contains("o") ? "o" : "n") + cell.dataset.n)"""


@pytest.fixture
def address(desk: Desk) -> str:
    return f"/applies/{desk.post(FILE, LONG_CHAT, 'values.py')}/"


@pytest.fixture
def review(desk: Desk, address: str) -> Page:
    return ready(desk.page(address))


def ready(page: Page) -> Page:
    expect(page.locator(".hunk.is-now")).to_have_count(1)
    return page


def press_number(page: Page, side: str, line: int, shift: bool = False) -> None:
    cell = page.locator(f'#diff .l.{side}[data-n="{line}"]')
    cell.click(position={"x": 20, "y": 8}, modifiers=["Shift"] if shift else [])


def test_pressed_line_numbers_are_marked_and_stand_in_the_address(review: Page) -> None:
    press_number(review, "n", 48)
    assert review.evaluate("location.hash") == "#L48"
    assert review.evaluate(LINKED) == ["n48"]
    expect(review.locator("#announcer")).to_have_text("Line 48 marked.")
    press_number(review, "n", 51, shift=True)
    assert review.evaluate("location.hash") == "#L48-L51"
    assert review.evaluate(LINKED) == ["n48", "n49", "n50", "n51"]
    assert review.evaluate("String(getSelection())") == ""
    press_number(review, "o", 50)
    assert review.evaluate("location.hash") == "#O50"
    press_number(review, "o", 50)
    assert review.evaluate("location.hash") == ""
    press_number(review, "n", 48)
    review.keyboard.press("Escape")  # the number of a changed line chose it for a decision too: that is left first
    expect(review.locator("#linebar")).to_be_hidden()
    assert review.evaluate(LINKED) == ["n48"]
    review.keyboard.press("Escape")
    assert review.evaluate(LINKED) == []
    assert review.evaluate("location.hash") == ""


def test_a_reload_shows_the_lines_that_the_address_names_out_of_their_fold(desk: Desk, address: str) -> None:
    page = ready(desk.page(f"{address}#L98-L112"))
    expect(page.locator('#diff .l.n[data-n="98"]')).to_be_in_viewport()
    expect(page.locator(".l.is-linked")).to_have_count(15)
    assert page.evaluate(LINKED) == [f"n{line}" for line in range(98, 113)]
    page.evaluate("location.hash = '#O180'")
    expect(page.locator('#diff .l.o[data-n="180"]')).to_be_in_viewport()
    expect(page.locator('#diff .l.o[data-n="180"] code')).to_have_text("value_180 = 180")


def test_a_link_is_copied_to_the_lines_or_else_to_the_hunk(review: Page) -> None:
    review.keyboard.press("j")
    review.keyboard.press("Shift+Y")
    expect(review.locator("#announcer")).to_have_text("Link to hunk 2 copied.")
    link = review.evaluate("navigator.clipboard.readText()")
    assert link == review.url + "#" + (review.locator(".hunk").nth(1).get_attribute("id") or "")
    press_number(review, "n", 48)
    press_number(review, "n", 49, shift=True)
    review.keyboard.press("Shift+Y")
    expect(review.locator("#announcer")).to_have_text("Link to lines 48 to 49 copied.")
    assert review.evaluate("navigator.clipboard.readText()").endswith("/#L48-L49")
    review.goto(link)
    review.reload()
    expect(review.locator(".hunk.is-now")).to_have_attribute("data-number", "2")


def test_the_keyboard_goes_to_a_line(review: Page) -> None:
    review.keyboard.press(":")
    field = review.get_by_label("Go to line").and_(review.locator("input"))
    expect(field).to_be_focused()
    review.keyboard.type("nine")
    review.keyboard.press("Enter")
    expect(review.locator("#goto-error")).to_contain_text("Type a line such as 12")
    field.fill("999")
    review.keyboard.press("Enter")
    expect(review.locator("#goto-error")).to_have_text("There is no line 999.")
    field.fill("o120-122")
    review.keyboard.press("Enter")
    expect(review.locator("#goto")).to_be_hidden()
    expect(review.locator('#diff .l.o[data-n="120"]')).to_be_in_viewport()
    assert review.evaluate("location.hash") == "#O120-O122"
    expect(review.locator("#announcer")).to_have_text("Lines 120 to 122 of the original marked.")


def test_long_lines_scroll_together_and_the_choice_is_remembered(review: Page) -> None:
    line = review.locator(".l.add code")
    height = line.bounding_box()
    expect(review.locator("#sideways")).to_be_hidden()
    review.keyboard.press("Shift+L")
    expect(review.locator("#announcer")).to_have_text("Long lines scroll")
    expect(review.locator("#sideways")).to_be_visible()
    one = line.bounding_box()
    assert height
    assert one
    assert one["height"] == 20 < height["height"]
    review.keyboard.press(">")
    indents = "() => [...document.querySelectorAll('#diff .l > code')].map(code => getComputedStyle(code).textIndent)"
    expect(review.locator("#diff")).to_have_css("--x", "120px")
    assert set(review.evaluate(indents)) == {"-120px"}
    review.keyboard.press("<")
    expect(review.locator("#diff")).to_have_css("--x", "0px")
    # Sideways to the very end: the end of the longest line can be read.
    review.locator("#sideways").evaluate("bar => { bar.scrollLeft = bar.scrollWidth; }")
    ends = "code => { const all = document.createRange(); all.selectNodeContents(code); \
        return all.getBoundingClientRect().right - code.getBoundingClientRect().right; }"
    expect(review.locator("#diff")).not_to_have_css("--x", "0px")
    assert -8 <= line.evaluate(ends) <= 0
    review.reload()
    expect(review.locator("#sideways")).to_be_visible()
    review.keyboard.press("Shift+L")
    expect(review.locator("#sideways")).to_be_hidden()
    wrapped = line.bounding_box()
    assert wrapped
    assert wrapped["height"] == height["height"]


def test_a_match_far_to_the_right_is_brought_into_its_column(review: Page) -> None:
    review.keyboard.press("Shift+L")
    review.keyboard.press("/")
    review.keyboard.type("word '")
    review.keyboard.press("Enter")
    expect(review.locator("[data-find-count]")).to_have_text("1 of 1")
    expect(review.locator("#diff")).to_have_css("--x", re.compile(r"\d{4}(\.\d+)?px"))


def test_the_view_menu_gathers_the_choices(review: Page) -> None:
    button = review.get_by_role("button", name="View menu")
    button.click()
    menu = review.locator("#view-menu")
    expect(menu.get_by_label("Side by side")).to_be_checked()
    expect(menu.get_by_label("Wrap")).to_be_checked()
    menu.get_by_text("Unified").click()
    assert review.evaluate("document.documentElement.dataset.view") == "unified"
    menu.get_by_text("Dark").click()
    assert review.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 18, 21)"
    menu.get_by_text("System").click()
    assert review.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(247, 247, 248)"
    menu.get_by_label("Chat").uncheck()
    expect(review.locator("#chat")).to_be_hidden()
    review.keyboard.press("a")  # keys rest while it is open
    review.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    expect(review.locator("#decided")).to_have_text("0 of 2")
    review.keyboard.press("]")
    button.press("Enter")
    expect(menu.get_by_label("Chat")).to_be_checked()
    menu.get_by_role("button", name="Find in the diff").click()
    expect(review.locator("#find input")).to_be_focused()
    expect(menu).to_be_hidden()


def test_print_shows_one_column_decisions_in_words_and_no_bars(review: Page) -> None:
    review.keyboard.press("a")
    review.emulate_media(media="print")
    expect(review.locator("html")).to_have_attribute("data-view", "unified")
    for hidden in ("#rail", "#chat", ".tools", ".fin", ".hbar .btn", ".fold .btn", "#find", ".notices"):
        assert not review.locator(hidden).first.is_visible(), hidden
    expect(review.locator(".path")).to_be_visible()
    expect(review.locator(".hunk").first.locator(".said.accepted")).to_be_visible()
    pending = "getComputedStyle(document.querySelectorAll('.hunk .acts')[1], '::after').content"
    assert review.evaluate(pending) == '"Pending: the original stays"'
    expect(review.locator("#counts")).to_contain_text("1 accepted")
    assert review.evaluate("getComputedStyle(document.querySelector('.top')).position") == "static"
    assert review.pdf().startswith(b"%PDF")
    review.emulate_media(media="screen")
    expect(review.locator("html")).to_have_attribute("data-view", "split")


def test_a_hunk_says_what_it_is_when_the_focus_comes_to_it(desk: Desk) -> None:
    page = ready(desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/"))
    second = page.get_by_role("region", name="Hunk 2 of 2, label: 1 added, 1 removed, pending.", exact=True)
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("r")
    name = "Hunk 2 of 2, label: 1 added, 1 removed, rejected."
    expect(page.get_by_role("region", name=name, exact=True)).to_be_focused()

    careless = ready(desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py', 'careless')}/"))
    name = careless.locator(".hunk.is-now").get_attribute("aria-label") or ""
    assert "pending. No line of the chat asks for it." in name


def test_moving_is_not_announced_twice(review: Page) -> None:
    review.keyboard.press("j")
    review.keyboard.press("k")
    expect(review.locator("#announcer")).to_be_empty()


def test_high_contrast_keeps_signs_of_what_is_marked(browser: Browser, account: Account) -> None:
    for desk in desk_on(browser, account, forced_colors="active"):
        page = ready(desk.page(f"/applies/{desk.post(FILE, LONG_CHAT, 'values.py')}/#L48"))
        expect(page.locator(".l.is-linked")).to_have_count(1)
        style = "element => getComputedStyle(element).outlineStyle"
        for marked in (".hunk.is-now", ".l.is-linked", ".l.add", ".l.del"):
            assert page.locator(marked).first.evaluate(style) == "solid", marked
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


DEEP = "".join(f"{'    ' * depth}if level_{depth}:\n" for depth in range(14))
DEEP += f"{'    ' * 14}result = some_function(first_argument, second_argument, third_argument, fourth_argument)\n"
LINES_OF = """cell => {
  const code = cell.querySelector("code");
  const text = document.createRange();
  text.setStartAfter(code.firstElementChild);
  text.setEndAfter(code.lastChild);
  const boxes = [...text.getClientRects()];
  const { top, right } = cell.getBoundingClientRect();
  return { above: boxes[0].top - top, first: boxes[0].left, last: boxes.at(-1).left,
           over: Math.max(...boxes.map(box => box.right)) - right };
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_a_line_with_a_deep_indent_wraps_beside_its_beginning(desk: Desk, width: int) -> None:
    chat = f"```python\n{DEEP.replace('some_function', 'another_function')}```\n"
    page = ready(desk.page(f"/applies/{desk.post(DEEP, chat, 'deep.py')}/"))
    page.set_viewport_size({"width": width, "height": 900})
    for side in ("o", "n"):
        lines = page.locator(f'.l.{side}[data-n="15"]').evaluate(LINES_OF)
        assert lines["above"] < 10, "no blank line before the text"
        assert lines["last"] - lines["first"] > 8, "what is wrapped stands further right"
        assert lines["over"] <= 0
    page.keyboard.press("Shift+L")  # scrolled lines have their whole indent
    assert page.locator('.l.n[data-n="15"] code').evaluate(
        "code => getComputedStyle(code.firstElementChild).position"
    ) == ("static")
    page.keyboard.press("Shift+L")


def test_line_numbers_of_six_digits_have_room(desk: Desk) -> None:
    numbered = "".join(f"{n}\n" for n in range(1, 100_051))
    hunk = "@@ -100010,3 +100010,3 @@\n 100010\n-100011\n+new\n 100012\n"
    page = ready(desk.page(f"/applies/{desk.post(numbered, f'```diff{chr(10)}{hunk}```', 'values.txt')}/"))
    room, needed = page.locator('.l.n[data-n="100011"]').evaluate(
        """cell => {
          const style = getComputedStyle(cell, "::before");
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
          return [parseFloat(style.inlineSize) - parseFloat(style.paddingInlineEnd), pen.measureText("100011").width];
        }"""
    )
    assert room >= needed
