"""Large diffs in a real browser: a small page at rest, rows that come as they scroll, and every hunk within reach of
the keyboard, of links and of decisions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from applyweb.serving.bench.texts import changed_lines, python_source, whole_file_chat
from tests.browser.conftest import Desk, until

LINES = 10_000
HUNKS = 200
SOON = 20_000  # milliseconds; a busy machine takes its time over 10,000 lines
NODES = """() => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let count = 1;
  while (walker.nextNode()) count += 1;
  return { elements: document.getElementsByTagName("*").length, all: count };
}"""
IN_VIEW = """() => [...document.querySelectorAll("#diff .row")].some(row => {
  const { top } = row.getBoundingClientRect();
  return top > 100 && top < innerHeight - 100;
})"""
WAITING = "document.querySelectorAll('#diff .waits[data-src]').length"


def post(desk: Desk, original: str, merged: str) -> str:
    return desk.post(original, whole_file_chat(merged), "harbour.py")


@pytest.fixture(scope="module")
def texts() -> tuple[str, str]:
    source = python_source(LINES)
    return source, changed_lines(source, HUNKS)


@pytest.fixture
def large(desk: Desk, texts: tuple[str, str]) -> Page:
    page = desk.page(f"/applies/{post(desk, *texts)}/")
    expect(page.locator("#decided")).to_have_text(f"0 of {HUNKS}")
    return page


def test_a_large_page_is_small_at_rest(large: Page) -> None:
    large.wait_for_load_state("networkidle")
    nodes = large.evaluate(NODES)

    assert nodes["all"] <= 6_000
    assert large.locator(".hunk").count() == HUNKS
    assert large.evaluate(WAITING) > 15


def test_rows_come_as_they_scroll_and_the_page_keeps_its_height(large: Page) -> None:
    before = large.evaluate("document.documentElement.scrollHeight")
    middle = large.locator(".hunk").nth(HUNKS // 2)
    assert middle.locator(".row").count() == 0
    large.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)")
    until(large, IN_VIEW)

    after = large.evaluate("document.documentElement.scrollHeight")
    assert abs(after - before) < 0.1 * before
    assert large.evaluate(WAITING) > 10


def test_keys_reach_every_hunk_and_decide_it(large: Page) -> None:
    large.keyboard.press("Shift+G")
    last = large.locator(".hunk").last
    expect(last).to_have_class("hunk is-now")
    expect(last.locator(".hbar h3")).to_be_in_viewport(timeout=SOON)
    expect(last.locator(".row").first).to_be_in_viewport()
    large.keyboard.press("a")
    expect(last).to_have_attribute("data-decision", "accepted")
    expect(last.locator(".said.accepted")).to_be_visible()
    assert large.evaluate("document.activeElement.dataset.number") == str(HUNKS)
    large.keyboard.press("k")
    before = large.locator(".hunk").nth(HUNKS - 2)
    expect(before.locator(".hbar h3")).to_be_in_viewport()


def test_a_hunk_that_waits_has_a_name_and_takes_decisions(large: Page) -> None:
    waiting = large.locator(".hunk.waits").first
    label = waiting.get_attribute("aria-label") or ""
    number = waiting.get_attribute("data-number") or ""
    assert label.startswith(f"Hunk {number}, ")
    assert label.endswith("not loaded yet")
    large.keyboard.press("Shift+A")
    expect(waiting).to_have_attribute("data-decision", "accepted")
    large.evaluate("number => document.querySelector(`.hunk[data-number='${number}']`).scrollIntoView()", number)
    there = large.locator(f'.hunk[data-number="{number}"]')
    expect(there.locator(".said.accepted")).to_be_visible(timeout=SOON)
    expect(there).not_to_have_accessible_name(re.compile("not loaded"))
    expect(there).to_have_accessible_name(re.compile(f"^Hunk {number}"))


def test_keys_faster_than_the_rows_decide_nothing_unseen_and_lose_nothing(large: Page) -> None:
    large.wait_for_load_state("networkidle")  # what comes ahead is here
    held: list[Route] = []
    released = False
    large.route("**/pieces/*", lambda route: route.continue_() if released else held.append(route))
    first = int(large.locator(".piece:not(.waits) .hunk").last.get_attribute("data-number") or 0) + 1
    for _ in range(first + 5):
        large.keyboard.press("a")
    now = large.locator(".hunk.is-now")
    expect(now).to_have_attribute("data-number", str(first))
    expect(large.locator("#decided")).to_have_text(f"{first - 1} of {HUNKS}")
    expect(large.locator("#notices")).to_contain_text(f"Hunk {first} is still on its way.")
    released = True
    for route in held:
        route.continue_()
    expect(now.locator(".row").first).to_be_visible(timeout=SOON)
    large.keyboard.press("a")
    expect(large.locator("#decided")).to_have_text(f"{first} of {HUNKS}")


def test_a_link_to_a_hunk_far_down_brings_it(desk: Desk, texts: tuple[str, str]) -> None:
    apply = post(desk, *texts)
    key = desk.tool.get(f"/api/applies/{apply}/hunks").json()[150]["id"]
    page = desk.page(f"/applies/{apply}/#h-{key}")

    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "151")
    expect(page.locator(".hunk.is-now .row").first).to_be_in_viewport(timeout=SOON)
    # its page of the outline opens, and the lines that ask for it come and are lit, where the chat shows them
    expect(page.locator(".outline a[aria-current]")).to_have_count(1)
    expect(page.locator(".outline a[aria-current]")).to_be_visible()


def test_lines_of_the_chat_come_when_their_hunk_is_in_focus(large: Page) -> None:
    assert large.locator(".cl").count() < 500
    hunk = large.locator(".hunk").nth(30)
    asked = (hunk.get_attribute("data-asked") or "").split(" ")
    large.evaluate("hunk => document.querySelector(`a[href='#${hunk}']`).click()", hunk.get_attribute("id"))

    expect(large.locator(f"#c{asked[0]}.lit")).to_be_in_viewport(timeout=SOON)


def test_parts_that_another_window_made_come_with_the_rows(desk: Desk, texts: tuple[str, str]) -> None:
    apply = post(desk, *texts)
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator("#decided")).to_have_text(f"0 of {HUNKS}")
    key = desk.tool.get(f"/api/applies/{apply}/hunks").json()[120]["id"]
    body = {"removed": [0, 1], "added": [0, 0], "decision": "rejected"}
    assert desk.tool.put(f"/api/applies/{apply}/hunks/{key}/lines", json=body).status_code == 200

    expect(page.locator("#decided")).to_have_text(f"1 of {HUNKS + 1}")
    page.keyboard.press("Shift+G")
    part = page.locator('.hunk[data-number="121.2"]')
    expect(part).to_have_count(1, timeout=SOON)  # the count comes with the message, the parts when they are fetched
    part.evaluate("part => part.scrollIntoView()")
    expect(page.locator('.hunk[data-number="121.1"] .row')).to_have_count(1, timeout=SOON)
    expect(page.locator('.hunk[data-number="121.1"]')).to_have_attribute("data-decision", "rejected")


def test_a_piece_that_cannot_come_says_so_and_can_be_asked_for_again(large: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503, body="busy")

    large.route("**/pieces/*", refuse)
    large.keyboard.press("Shift+G")
    again = large.locator(".piece").last.get_by_role("button", name="Load this part")
    expect(again).to_be_visible(timeout=SOON)
    large.unroute("**/pieces/*")
    again.click()
    expect(large.locator(".hunk").last.locator(".row")).not_to_have_count(0)


def test_a_hunk_of_ten_thousand_rewritten_lines_is_read_at_once(desk: Desk) -> None:
    source = python_source(LINES)
    rewritten = "".join(f"x{n} = {n}  # {line}\n" for n, line in enumerate(source.splitlines()))
    page = desk.page(f"/applies/{post(desk, source, rewritten)}/")
    hunk = page.locator(".hunk")

    expect(hunk.locator(".row").first).to_be_in_viewport()
    assert page.evaluate(NODES)["elements"] < 6_000
    assert page.evaluate("document.documentElement.scrollHeight") > 20 * LINES
    page.evaluate("document.querySelector('.part[data-from=\"6901\"]').scrollIntoView()")
    expect(page.locator('.l.n[data-n="6910"]')).to_be_in_viewport(timeout=SOON)
    assert page.locator(".row").count() < 1_500

    # the rows that came are lines like all others: numbered for decisions on single lines
    page.locator('.l.n[data-n="6910"]').click(position={"x": 10, "y": 8})
    expect(page.locator("#linebar")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#decided")).to_have_text("1 of 3")


def test_what_is_not_on_the_page_is_told_and_can_be_loaded(desk: Desk) -> None:
    source = python_source(1_500)
    page = desk.page(f"/applies/{post(desk, source, changed_lines(source, 60))}/")
    told = page.locator("#partly")
    expect(told).to_contain_text(re.compile(r"\d+ rows come as you scroll"))
    told.get_by_role("button", name="Load all").click()
    expect(told).to_be_hidden(timeout=SOON)
    assert page.evaluate(WAITING) == 0
    assert page.locator(".hunk .hbar").count() == 60
    expect(page.locator("#announcer")).to_have_text("All rows are on the page.")


def test_print_loads_all_rows_first_and_paper_says_what_is_missing(desk: Desk) -> None:
    source = python_source(1_500)
    page = desk.page(f"/applies/{post(desk, source, changed_lines(source, 60))}/")
    page.emulate_media(media="print")  # as by the browser's own key, which waits for nothing
    told = page.locator("#partly")
    expect(told.locator("b")).to_be_visible()
    for hidden in (".how", ".btn"):
        expect(told.locator(hidden)).to_be_hidden()
    after = told.locator(":scope > span").evaluate("span => getComputedStyle(span, '::after').content")
    assert after.startswith('"are not on this paper.')
    page.emulate_media(media="screen")

    page.evaluate(
        "() => { window.print = () => { document.title = String(document.querySelectorAll('#diff .waits').length); }; }"
    )
    page.get_by_role("button", name="View menu").click()
    page.locator("#view-menu").get_by_role("button", name="Print").click()
    until(page, "() => document.title === '0'")
    page.emulate_media(media="print")
    expect(told).to_be_hidden()


def test_a_small_diff_has_nothing_that_waits(desk: Desk) -> None:
    apply = desk.post("a = 1\n", "```python\na = 2\n```", "a.py")
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator("#decided")).to_have_text("0 of 1")
    assert page.locator(".waits").count() == 0
    assert page.locator("#partly").count() == 0
