"""The review page while its modules are still to come: what is pressed is kept, and a page without them says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk, becomes
from tests.browser.states import HUNDRED, fenced, multiplied
from tests.factories import CHAT, MERGED, ORIGINAL

MODULE = "**/js/review.js"


@pytest.fixture
def apply(desk: Desk) -> str:
    return desk.post(ORIGINAL, CHAT, "shop/prices.py")


def opened(desk: Desk) -> Page:
    """A page that nobody waits for."""
    page = desk.context.new_page()
    page.set_default_timeout(15_000)
    return page


def held_back(desk: Desk, apply: str) -> tuple[Page, Route]:
    """A page that is painted, and the module that it waits for."""
    page = opened(desk)
    held: list[Route] = []
    page.route(MODULE, lambda route: held.append(route))
    page.goto(f"{desk.site.base}/applies/{apply}/", wait_until="commit")
    expect(page.locator(".hunk")).to_have_count(2)
    for _ in range(300):
        if held:
            return page, held.pop()
        page.wait_for_timeout(50)
    raise AssertionError("The module was never asked for.")


def test_keys_and_buttons_before_the_modules_are_there_happen_then(desk: Desk, apply: str) -> None:
    page, module = held_back(desk, apply)
    page.keyboard.press("a")
    page.locator(".hunk").nth(1).get_by_role("button", name="Accept").click()
    module.continue_()
    expect(page.locator("#decided")).to_have_text("2 of 2")
    becomes(lambda: desk.result(apply), MERGED)


def test_keys_for_a_field_that_an_earlier_key_opens_are_no_commands(desk: Desk, apply: str) -> None:
    page, module = held_back(desk, apply)
    page.keyboard.press("Shift+E")
    page.keyboard.type("arA")
    module.continue_()
    expect(page.get_by_label("The lines that are to stand here")).to_be_focused()
    expect(page.locator("#decided")).to_have_text("0 of 2")


def test_what_stands_beside_the_diff_comes_a_frame_later_and_does_not_wait_for_modules(desk: Desk, apply: str) -> None:
    page = opened(desk)
    page.add_init_script(
        """
        globalThis.beside = []; // whether the outline is drawn, in each frame until it is
        function look() {
          const link = document.querySelector("#rail a[data-hunk]");
          if (link) beside.push(link.checkVisibility());
          if (!beside.at(-1)) requestAnimationFrame(look);
        }
        requestAnimationFrame(look);
        """
    )
    page.route(MODULE, lambda route: None)  # it never comes
    page.goto(f"{desk.site.base}/applies/{apply}/", wait_until="commit")
    becomes(lambda: page.evaluate("beside.at(-1)"), True)
    assert page.evaluate("beside.length") > 1
    page.unroute_all(behavior="ignoreErrors")


def test_a_page_whose_modules_do_not_come_says_so(desk: Desk, apply: str) -> None:
    page = opened(desk)
    page.route(MODULE, lambda route: route.abort())
    page.goto(f"{desk.site.base}/applies/{apply}/")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute(MODULE)
    page.get_by_role("link", name="Load the page again").click()
    expect(page.locator(".hunk.is-now")).to_have_count(1)


def test_a_page_that_is_drawn_in_the_background_hears_all_the_same(desk: Desk, apply: str) -> None:
    page = opened(desk)
    page.add_init_script(
        "window.requestAnimationFrame = () => 0; Object.defineProperty(document, 'hidden', { get: () => true })"
    )
    page.goto(f"{desk.site.base}/applies/{apply}/")
    expect(page.locator(":root[data-ready]")).to_have_count(1)


def test_a_key_that_is_held_down_decides_once(desk: Desk, apply: str) -> None:
    page = desk.page(f"/applies/{apply}/")
    page.keyboard.press("r")
    page.keyboard.down("Shift")
    for _ in range(3):
        page.keyboard.down("A")  # the second and third are repeats
    page.keyboard.up("A")
    page.keyboard.up("Shift")
    expect(page.locator(".hunk").nth(1)).to_have_attribute("data-decision", "accepted")
    expect(page.locator(".hunk").first).to_have_attribute("data-decision", "rejected")


def test_a_key_chooses_first_where_the_hunk_was_scrolled_away(desk: Desk) -> None:
    apply = desk.post(HUNDRED, fenced(multiplied(HUNDRED, 8)), "core/parts.py")
    page = desk.page(f"/applies/{apply}/")
    page.keyboard.press("Shift+G")
    page.evaluate("() => scrollTo(0, 0)")
    expect(page.locator(".hunk").first).to_be_in_viewport()
    page.keyboard.press("a")
    expect(page.locator(".notice.brief")).to_contain_text("is chosen now")
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "1")
    assert page.locator('.hunk[data-decision="accepted"]').count() == 0
    page.keyboard.press("a")
    expect(page.locator(".hunk").first).to_have_attribute("data-decision", "accepted")


def test_a_half_done_review_opens_at_what_is_left_and_a_key_prefers_it(desk: Desk) -> None:
    apply = desk.post(HUNDRED, fenced(multiplied(HUNDRED, 8)), "core/parts.py")
    first, *rest = [hunk["id"] for hunk in desk.tool.get(f"/api/applies/{apply}/hunks").json()]
    for each in rest[:5]:
        desk.tool.put(f"/api/applies/{apply}/hunks/{each}/decision", json={"decision": "accepted"})
    page = desk.page(f"/applies/{apply}/")
    now = page.locator(".hunk.is-now")
    expect(now).to_have_attribute("data-number", "1")
    page.keyboard.press("r")
    expect(now).to_have_attribute("data-number", "7")
    page.reload()
    expect(now).to_have_attribute("data-number", "7")
    expect(now.locator("h3")).to_be_in_viewport()
    page.keyboard.press("Shift+G")
    desk.tool.put(f"/api/applies/{apply}/hunks/{first}/decision", json={"decision": "rejected"})
    desk.tool.put(f"/api/applies/{apply}/hunks/{rest[0]}/decision", json={"decision": "pending"})
    expect(page.locator(".hunk").nth(1)).to_have_attribute("data-decision", "pending")
    page.evaluate("() => scrollTo(0, 0)")
    expect(page.locator(".hunk").first).to_be_in_viewport()
    page.keyboard.press("a")
    expect(now).to_have_attribute("data-number", "2")


def test_the_buttons_of_a_hunk_rest_while_its_lines_are_written(desk: Desk, apply: str) -> None:
    page = desk.page(f"/applies/{apply}/")
    page.keyboard.press("Shift+E")
    expect(page.locator(".editor textarea")).to_be_focused()
    expect(page.locator(".hunk").first.locator(":scope > .hbar [data-do=accepted]")).to_be_hidden()
