"""Find in the whole diff: both sides, under folds, with and without the Custom Highlight API."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

FILE = "".join(f"value_{n} = {n}\n" for n in range(1, 201)).replace("value_100 = ", "Needle = '😀' # needle ")
CHANGED = FILE.replace("value_50 = 50\n", "value_50 = 'needle'\n").replace("value_150 = 150\n", "")
CHAT = f"```python\n{CHANGED}```\n"
NO_HIGHLIGHTS = (
    "delete CSS.constructor.prototype.highlights; Object.defineProperty(CSS, 'highlights', {value: undefined})"
)
MARKED = """name => [...(CSS.highlights.get(name) ?? [])].map(range => {
  const cell = range.startContainer.parentElement.closest(".l");
  return (cell.classList.contains("o") ? "o" : "n") + cell.dataset.n + ":" + range.toString();
})"""


@pytest.fixture
def review(desk: Desk) -> Page:
    page = desk.page(f"/applies/{desk.post(FILE, CHAT, 'values.py')}/")
    expect(page.locator(".hunk.is-now")).to_have_count(1)
    return page


def found(page: Page, words: str) -> None:
    page.keyboard.press("/")
    expect(page.locator("#find input")).to_be_focused()
    page.keyboard.type(words)


def test_enter_goes_from_match_to_match_and_opens_the_fold_over_one(review: Page) -> None:
    found(review, "needle")
    count = review.locator("[data-find-count]")
    expect(count).to_have_text("3 found")
    assert review.evaluate(MARKED, "found") == ["n50:needle"]
    review.keyboard.press("Enter")
    expect(count).to_have_text("1 of 3")
    assert review.evaluate(MARKED, "found-now") == ["n50:needle"]
    expect(review.locator('.l.n[data-n="100"]')).to_have_count(0)

    review.keyboard.press("Enter")
    expect(count).to_have_text("2 of 3")
    expect(review.locator('.l.n[data-n="100"]')).to_be_in_viewport()
    assert review.evaluate(MARKED, "found-now") == ["n100:Needle"]
    review.keyboard.press("Enter")
    expect(count).to_have_text("3 of 3")
    assert review.evaluate(MARKED, "found-now") == ["n100:needle"]
    assert sorted(review.evaluate(MARKED, "found")) == ["n100:Needle", "n50:needle"]
    review.keyboard.press("Shift+Enter")
    expect(count).to_have_text("2 of 3")
    review.keyboard.press("Shift+Enter")
    review.keyboard.press("Shift+Enter")
    expect(count).to_have_text("3 of 3")


def test_ctrl_f_finds_in_the_whole_diff_and_again_is_the_browsers_own(review: Page) -> None:
    review.evaluate(
        """() => window.addEventListener("keydown", (event) => {
          if (event.key === "f") document.documentElement.dataset.taken = event.defaultPrevented;
        })"""
    )

    def taken() -> str | None:
        review.keyboard.press("Control+f")
        return review.locator("html").get_attribute("data-taken")

    assert taken() == "true"
    expect(review.locator("#find input")).to_be_focused()
    review.keyboard.type("needle")
    expect(review.locator("[data-find-count]")).to_have_text("3 found")  # one of them under a fold
    assert taken() == "false"
    review.keyboard.press("Escape")
    review.get_by_role("button", name="View menu").click()
    review.get_by_label("Find in place of the browser’s").uncheck()
    review.keyboard.press("Escape")
    assert taken() == "false"
    review.reload()
    review.keyboard.press("Control+f")
    expect(review.locator("#find")).to_be_hidden()


def test_a_fold_is_opened_around_a_match_only(review: Page) -> None:
    found(review, "value_120 ")
    review.keyboard.press("Enter")
    expect(review.locator('.l.n[data-n="120"]')).to_be_in_viewport()
    folds = review.locator(".fold")
    expect(folds).to_have_count(4)
    expect(folds.nth(1)).to_contain_text("60 lines the same")
    expect(folds.nth(2)).to_contain_text("20 lines the same")
    shown = review.eval_on_selector_all("#diff .l.o[data-n]", "lines => lines.map(l => Number(l.dataset.n))")
    assert shown == [*range(47, 54), *range(114, 127), *range(147, 154)]
    review.keyboard.press("Escape")
    folds.nth(2).get_by_role("button", name="all").click()
    folds.nth(1).get_by_role("button", name="20 lines above").click()
    expect(folds.nth(1)).to_contain_text("40 lines the same")
    shown = review.eval_on_selector_all("#diff .l.o[data-n]", "lines => lines.map(l => Number(l.dataset.n))")
    assert shown == [*range(47, 54), *range(94, 154)]


def test_the_last_fold_opens_both_ways_after_a_match_in_it(review: Page) -> None:
    found(review, "value_180 ")
    review.keyboard.press("Enter")
    expect(review.locator('.l.o[data-n="180"]')).to_be_attached()
    expect(review.locator('.l.n[data-n="179"] code')).to_have_text("value_180 = 180")
    before, after = review.locator(".fold").nth(2), review.locator(".fold").nth(3)
    expect(before.get_by_role("button")).to_have_count(1)  # it has no more than twenty lines
    expect(after.get_by_role("button")).to_have_count(1)
    before.get_by_role("button", name="all").click()
    expect(review.locator('.l.o[data-n="160"]')).to_be_attached()


def test_matches_in_rows_that_have_not_come_yet_are_brought(desk: Desk) -> None:
    file = "".join(f"def part_{n}(value):\n    return value + {n}\n\n\n" for n in range(1500))
    lines = file.splitlines(keepends=True)
    changed = "".join(line.replace("+", "*") if n % 40 == 1 else line for n, line in enumerate(lines))
    page = desk.page(f"/applies/{desk.post(file, f'```python{chr(10)}{changed}```', 'parts.py')}/")
    expect(page.locator(".piece.waits").last).to_be_attached()
    for words, mark in (("value + 1400", "o5602"), ("value * 1400", "n5602"), ("value + 1203", "n4814")):
        expect(page.locator(f'#diff .l.{mark[0]}[data-n="{mark[1:]}"]')).to_have_count(0)
        found(page, words)
        expect(page.locator("[data-find-count]")).to_have_text("1 found")
        page.keyboard.press("Enter")
        expect(page.locator(f'#diff .l.{mark[0]}[data-n="{mark[1:]}"]')).to_be_in_viewport()
        assert page.evaluate(MARKED, "found-now") == [f"{mark}:{words}"]
        page.keyboard.press("Escape")
        if mark == "o5602":
            page.reload()


def test_escape_closes_and_gives_the_focus_back(review: Page) -> None:
    review.keyboard.press("j")
    expect(review.locator(".hunk").nth(1)).to_be_focused()
    found(review, "value_199")
    expect(review.locator("[data-find-count]")).to_have_text("1 found")
    review.keyboard.press("Escape")
    expect(review.locator("#find")).to_be_hidden()
    expect(review.locator(".hunk").nth(1)).to_be_focused()
    assert review.evaluate(MARKED, "found") == []
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("1 of 2")


def test_case_can_matter_and_what_is_nowhere_is_said(review: Page) -> None:
    found(review, "Needle")
    count = review.locator("[data-find-count]")
    expect(count).to_have_text("3 found")
    review.get_by_role("button", name="Match case").click()
    expect(count).to_have_text("1 found")
    review.locator("#find input").fill("nowhere")
    expect(count).to_have_text("none")
    review.keyboard.press("Enter")
    expect(count).to_have_text("none")
    review.locator("#find input").fill("")
    expect(count).to_have_text("")


def test_the_old_side_of_a_hunk_is_searched_and_its_hunk_gets_the_frame(review: Page) -> None:
    found(review, "value_150")
    review.keyboard.press("Enter")
    expect(review.locator("[data-find-count]")).to_have_text("1 of 1")
    assert review.evaluate(MARKED, "found-now") == ["o150:value_150"]
    expect(review.locator(".hunk.is-now")).to_have_attribute("data-number", "2")


def test_a_browser_without_highlights_gets_marks_that_leave_no_trace(desk: Desk) -> None:
    apply = desk.post(FILE, CHAT, "values.py")
    page = desk.page("/sign-in/")
    page.add_init_script(NO_HIGHLIGHTS)
    page.goto(f"{desk.site.base}/applies/{apply}/")
    expect(page.locator(".hunk.is-now")).to_have_count(1)
    before = page.locator("#diff").inner_html()
    found(page, "alue_5")
    expect(page.locator("#diff mark").first).to_be_attached()
    assert set(page.locator("#diff mark").all_inner_texts()) == {"alue_5"}
    page.keyboard.press("Enter")
    expect(page.locator("#diff mark.found-now")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#diff mark.found-now")).to_have_count(1)
    page.locator("#find input").fill("'needle'")  # the quotes have a colour, and stand in a changed piece
    page.keyboard.press("Enter")
    expect(page.locator("[data-find-count]")).to_have_text("1 of 1")
    assert "".join(page.locator("#diff mark.found-now").all_inner_texts()) == "'needle'"
    page.keyboard.press("Escape")
    expect(page.locator("#diff mark")).to_have_count(0)
    assert page.locator('.hunk [data-n="50"]').first.inner_html() in before
