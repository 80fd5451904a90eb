"""What holds for every page at every width: nothing is cut off, everything has a name, a size for a thumb, a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Account, Desk, desk_on
from tests.factories import CHAT, ORIGINAL

LONG = ORIGINAL + "\n\nlabel_of_everything = '" + "word_without_a_space" * 40 + "'\n" + "x = 0\n" * 100
LONG_CHAT = "```python\n" + LONG.replace("x = 0\n" * 10, "x = 0\n" * 10 + "y = 0\n") + "```\n"
WRITTEN = "".join(f"value_{n} = {n}\n" for n in range(200))
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select, textarea")].filter(e => {
  if (!e.checkVisibility({visibilityProperty: true}) || e.closest("[aria-hidden=true]")) return false;
  const labels = [...(e.labels ?? [])].map(l => l.innerText).join("");
  const by = (e.getAttribute("aria-labelledby") ?? "").split(" ");
  const named = by.map(id => document.getElementById(id)?.innerText ?? "");
  return !(e.innerText + labels + named.join("") + (e.getAttribute("aria-label") ?? "")).trim();
}).map(e => e.outerHTML)"""
CONTROLS = "button, summary, a.btn, .outline a, .tabs label, .engine"
SMALL = """([controls, least]) => [...document.querySelectorAll(controls)].filter(e => {
  const box = e.getBoundingClientRect();
  if (!e.checkVisibility() || box.width === 0 || e.closest(".cl")) return false;
  return box.width < least || box.height < least;
}).map(e => e.outerHTML)"""
CUT_OFF = """() => [...document.querySelectorAll("header.top > *, header.top .btn, .foot .btn")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth || box.left < 0);
}).map(e => e.outerHTML)"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWICE = (
    """() => [...document.querySelectorAll("[id]")].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at)"""
)


def pages_of(desk: Desk) -> dict[str, str]:
    reviewed = desk.post(LONG, LONG_CHAT, "shop/with/a/rather/long/path/prices.py")
    return {
        "new": "/",
        "again": f"/?from={reviewed}",
        "list": "/applies/",
        "engines": "/engines/",
        "sign-in": "/sign-in/",
        "review": f"/applies/{reviewed}/",
        "fault": "/applies/nothing22222/",
    }


@pytest.fixture(params=[(390, "light"), (860, "dark"), (1024, "light"), (1440, "dark")])
def sized(request: pytest.FixtureRequest, browser: Browser, account: Account) -> Iterator[Desk]:
    width, theme = request.param
    size: dict[str, Any] = {"width": width, "height": 844}
    yield from desk_on(browser, account, viewport=size, color_scheme=theme)


def test_no_page_is_wider_than_the_screen_and_everything_has_a_name(sized: Desk) -> None:
    for name, address in pages_of(sized).items():
        page = sized.page(address)
        assert page.evaluate(TOO_WIDE) <= 0, name
        assert page.evaluate(CUT_OFF) == [], name
        assert page.evaluate(NAMELESS) == [], name
        assert page.evaluate(TWICE) == [], name
        assert page.locator("main").count() == 1, name
        assert page.locator("h1").count() == 1, name
        assert page.evaluate(SMALL, [CONTROLS, 24]) == [], name
        page.close()


@pytest.fixture
def phone(browser: Browser, account: Account) -> Iterator[Page]:
    for desk in desk_on(browser, account, viewport={"width": 390, "height": 844}, has_touch=True):
        yield desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/")


def test_a_phone_reviews_by_thumb(phone: Page) -> None:
    thumbs = phone.locator(".thumb .btn")
    for thumb in thumbs.all():
        box = thumb.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    phone.locator(".thumb").get_by_role("button", name="Accept").tap()
    expect(phone.locator(".hunk").first).to_have_attribute("data-decision", "accepted")
    phone.locator(".thumb").get_by_role("button", name="Next hunk").tap()
    phone.locator(".thumb").get_by_role("button", name="Reject").tap()
    expect(phone.locator("#decided")).to_have_text("2 of 2")
    phone.get_by_role("button", name="More actions").tap()
    phone.locator("#more-menu").get_by_role("button", name="Accept all").tap()
    expect(phone.locator('#counts [data-count="accepted"]')).to_have_text("2")
    expect(phone.locator("#more-menu")).to_be_hidden()


NAMED = ORIGINAL.replace("label", "label_of_everything_that_is_sold_here")
NAMED_CHAT = CHAT.replace("label", "label_of_everything_that_is_sold_here")
CUT = """bar => [...bar.querySelectorAll("*")].filter(e =>
  e.checkVisibility() && e.getBoundingClientRect().right > bar.getBoundingClientRect().right
).length"""


def with_own_lines(page: Page) -> Locator:
    """The bar of the last hunk, for which lines were written."""
    last = page.locator(".hunk").last
    last.locator(".hbar h3").click()
    page.keyboard.press("Shift+E")
    expect(last.locator("textarea")).to_be_editable()
    page.keyboard.type("# mine")
    page.keyboard.press("Control+Enter")
    expect(last.locator(".flag.own")).to_be_visible()
    expect(last).to_have_class(re.compile("is-now"))
    return last.locator(".hbar")


def chosen(page: Page, name: str, request: str) -> None:
    """Taps something of the menu, and waits for the answer to it."""
    menu = page.locator("#more-menu")
    page.get_by_role("button", name="More actions").tap()
    expect(menu).to_be_visible()
    with page.expect_response(re.compile(request)):
        menu.get_by_role("button", name=name).tap()
    expect(menu).to_be_hidden()


def test_a_hunk_with_lines_of_ones_own_has_all_its_buttons_on_a_phone(browser: Browser, account: Account) -> None:
    for desk in desk_on(browser, account, viewport={"width": 390, "height": 844}, has_touch=True):
        page = desk.page(f"/applies/{desk.post(NAMED, NAMED_CHAT, 'shop.py')}/")
        bar = with_own_lines(page)
        assert bar.evaluate(CUT) == 0
        for name in ("Decide line by line", "Write the lines yourself", "Comment"):
            expect(bar.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        chosen(page, "Back to the proposed lines", r"/text$")
        expect(page.locator(".hunk .flag.own")).to_have_count(0)
        chosen(page, "Undo", r"/undo\?")
        expect(page.locator(".hunk .flag.own")).to_have_count(1)
        chosen(page, "Clear the decision", r"/decision$")
        expect(page.locator(".hunk").last).to_have_attribute("data-decision", "pending")


def test_the_name_of_a_hunk_has_the_room_and_accept_stays_where_it_is(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(NAMED, NAMED_CHAT, 'shop.py')}/")
    other = page.locator(".hunk").last.locator(".hbar")
    accept = other.get_by_role("button", name="Accept")
    before = accept.bounding_box()
    other.hover()
    expect(other.get_by_role("button", name="Decide line by line")).to_be_visible()
    assert accept.bounding_box() == before
    name = with_own_lines(page).locator("h3")
    assert name.evaluate("name => name.scrollWidth - name.clientWidth") == 0


def test_on_a_phone_every_control_has_a_thumbs_size(phone: Page) -> None:
    for address in ("", "/", "/applies/", "/engines/"):
        phone.goto(phone.url if not address else phone.url.split("/applies/")[0] + address)
        assert phone.evaluate(SMALL, [CONTROLS, 44]) == [], address or "review"


def test_a_phone_can_apply_without_scrolling_down(browser: Browser, account: Account) -> None:
    for desk in desk_on(browser, account, viewport={"width": 390, "height": 844}, has_touch=True):
        page = desk.page("/")
        expect(page.get_by_role("button", name="Apply")).to_be_in_viewport(ratio=1)
        page.locator("#original").fill(ORIGINAL)
        page.locator("#chat").fill(CHAT)
        page.get_by_role("button", name="Apply").tap()
        page.wait_for_url("**/applies/*/")


def test_a_phones_list_tells_files_of_one_name_apart_and_has_the_way_out(browser: Browser, account: Account) -> None:
    for desk in desk_on(browser, account, viewport={"width": 390, "height": 844}, has_touch=True):
        for folder in ("shop", "stock"):
            desk.post(ORIGINAL, CHAT, f"{folder}/prices.py")
        page = desk.page("/applies/")
        names = page.locator(".tbl .name")
        for at, folder in enumerate(("stock/", "shop/")):
            expect(names.nth(at).get_by_text(folder, exact=True)).to_be_visible()
            expect(names.nth(at).get_by_text("0 of 2 decided, just now")).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_be_in_viewport(ratio=0.9)


def test_a_phone_shows_one_panel_at_a_time(phone: Page) -> None:
    def shown() -> list[bool]:
        return [phone.locator(panel).is_visible() for panel in ("#main", "#chat", "#rail")]

    assert shown() == [True, False, False]
    phone.locator("label[for=pane-chat]").tap()
    assert shown() == [False, True, False]
    phone.locator("label[for=pane-out]").tap()
    assert shown() == [False, False, True]
    phone.locator("#rail").get_by_role("link", name="label").tap()
    assert shown() == [True, False, False]
    assert phone.locator(".hunk.is-now").get_attribute("data-number") == "2"


def test_the_first_tab_stop_skips_to_the_code(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_reduced_motion_stops_every_animation(browser: Browser, account: Account) -> None:
    for desk in desk_on(browser, account, reduced_motion="reduce"):
        apply_id = desk.post(WRITTEN, f"```python\n{WRITTEN}x = 1\n```", "x.py", "paced", wait=False)
        page = desk.page(f"/applies/{apply_id}/")
        page.wait_for_selector(".caret")
        assert page.evaluate("document.getAnimations().length") == 0
