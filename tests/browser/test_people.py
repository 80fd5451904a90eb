"""Two people on one apply, each in a browser of their own: who is here, whose review says what, and taking over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Account, Desk, becomes, desk_on
from tests.browser.states import other_account
from tests.browser.test_live import CHAT as PACED_CHAT
from tests.browser.test_live import ORIGINAL as PACED_ORIGINAL
from tests.factories import CHAT, MERGED, ORIGINAL


@pytest.fixture(scope="module")
def adas(browser: Browser, account: Account) -> Account:
    return other_account(browser, account.site)


@pytest.fixture
def ada(browser: Browser, adas: Account) -> Iterator[Desk]:
    """Another person, with a browser and a tool of her own."""
    yield from desk_on(browser, adas)


@pytest.fixture
def apply(desk: Desk) -> str:
    """One that is shared."""
    apply = desk.post(ORIGINAL, CHAT, "shop.py")
    share(desk, apply)
    return apply


def share(desk: Desk, apply: str) -> None:
    assert desk.tool.put(f"/api/applies/{apply}/shared", json={"shared": True}).status_code == 200


def opened(desk: Desk, apply: str) -> Page:
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator(".hunk.is-now")).to_have_count(1)
    return page


def keys(desk: Desk, apply: str) -> list[str]:
    return [hunk["id"] for hunk in desk.tool.get(f"/api/applies/{apply}/hunks").json()]


def decide(desk: Desk, apply: str, hunk: str, decision: str) -> None:
    answer = desk.tool.put(f"/api/applies/{apply}/hunks/{hunk}/decision", json={"decision": decision})
    assert answer.status_code == 200, answer.text


def decisions(desk: Desk, apply: str) -> dict[str, str]:
    found: dict[str, str] = desk.tool.get(f"/api/applies/{apply}/review").json()["decisions"]
    return found


def laid(page: Page) -> Page:
    page.keyboard.press("Shift+O")
    expect(page.locator(".banner.laid")).to_be_visible()
    return page


def test_who_is_here_comes_moves_and_goes(desk: Desk, ada: Desk, apply: str) -> None:
    mine = opened(desk, apply)
    people = mine.locator("#people")
    expect(people).to_have_accessible_name("People")
    first = opened(ada, apply)
    expect(people).to_have_accessible_name("People: Ada Lovelace is here")
    expect(mine.locator("#people .av")).to_have_text(["AL"])
    expect(mine.locator("#people .av")).to_have_attribute("title", "Ada Lovelace")
    expect(mine.locator("#announcer")).to_have_text("Ada Lovelace is here.")
    expect(first.locator("#people")).to_have_accessible_name("People: owner is here")

    hunks = mine.locator(".hunk")
    expect(hunks.nth(0).locator(".hbar .heres")).to_have_attribute("title", "Ada Lovelace is here")
    second = opened(ada, apply)
    second.keyboard.press("j")
    expect(hunks.nth(1).locator(".hbar .heres")).to_have_text("AL Ada Lovelace is here.")
    expect(mine.locator(".heres")).to_have_count(2)  # bar and outline of one hunk: she is shown once
    expect(mine.locator(".outline a").nth(1).locator(".heres")).to_be_visible()
    expect(mine.locator(".map a[data-people]")).to_have_count(1)
    mine.keyboard.press("a")  # what is drawn of decisions leaves the marks alone
    expect(mine.locator(".map a.accepted")).to_have_count(1)
    expect(mine.locator(".map a[data-people]")).to_have_count(1)
    people.click()
    mine.locator("#people-menu").get_by_role("button", name="Ada Lovelace at hunk 2").click()
    expect(hunks.nth(1)).to_have_class("hunk is-now")

    second.close()
    expect(hunks.nth(0).locator(".hbar .heres")).to_have_count(1)  # her other window
    first.close()
    expect(people).to_have_accessible_name("People")
    expect(mine.locator(".heres")).to_have_count(0)
    expect(mine.locator("#announcer")).to_have_text("Ada Lovelace left.")


def test_who_looks_is_seen_while_the_file_is_written(desk: Desk, ada: Desk) -> None:
    apply = desk.post(PACED_ORIGINAL, PACED_CHAT, "values.py", "paced", wait=False)
    share(desk, apply)
    mine, theirs = desk.page(f"/applies/{apply}/"), ada.page(f"/applies/{apply}/")
    expect(mine.locator("#people")).to_have_accessible_name("People: Ada Lovelace is here")
    expect(theirs.locator("#people")).to_have_accessible_name("People: owner is here")
    desk.tool.post(f"/api/applies/{apply}/stop")


def test_sharing_is_a_box_in_the_menu_and_others_may_not_see_it_before(desk: Desk, ada: Desk) -> None:
    apply = desk.post(ORIGINAL, CHAT, "shop.py")
    theirs = ada.page(f"/applies/{apply}/")
    expect(theirs.get_by_role("heading", name="Nothing here")).to_be_visible()
    mine = opened(desk, apply)
    mine.locator("#people").click()
    mine.get_by_label("Shared for review").check()
    expect(mine.locator("#announcer")).to_contain_text("Shared")
    mine.get_by_role("button", name="Copy the link").click()
    address = mine.evaluate("navigator.clipboard.readText()")
    theirs.goto(address)
    expect(theirs.locator(".hunk")).to_have_count(2)
    theirs.locator("#people").click()
    expect(theirs.locator("#people-menu")).to_contain_text("Shared by owner.")
    expect(theirs.get_by_label("Shared for review")).to_have_count(0)


def test_the_others_decisions_stand_on_each_hunk_and_follow_live(desk: Desk, ada: Desk, apply: str) -> None:
    first, second = keys(desk, apply)
    mine = laid(opened(desk, apply))
    expect(mine.locator(".banner.laid")).to_contain_text("Nobody else reviews this yet.")
    theirs = opened(ada, apply)
    theirs.keyboard.press("r")
    strip = mine.locator(f'.hunk[data-of="{first}"] > .standpoints')
    expect(strip).to_contain_text("Ada Lovelace")
    expect(strip).to_contain_text("Rejected")
    expect(mine.locator(".banner.laid li")).to_contain_text("0 accepted, 1 rejected, 1 open; nowhere against you.")
    expect(mine.locator(".flag.differs")).to_have_count(0)  # nothing of mine is decided
    mine.keyboard.press("a")
    expect(strip.locator(".flag.differs")).to_be_visible()
    expect(mine.locator(".banner.laid li")).to_contain_text("differs from you on 1")
    sign = mine.locator(".outline a[data-differs] .differs")
    expect(sign).to_have_attribute("title", "Ada Lovelace decided otherwise")
    expect(mine.locator(".map a.accepted[data-differs]")).to_have_count(1)
    theirs.keyboard.press("k")
    theirs.keyboard.press("a")
    expect(strip.locator(".flag.differs")).to_have_count(0)
    expect(mine.locator("a[data-differs]")).to_have_count(0)
    becomes(lambda: (decisions(desk, apply), decisions(ada, apply)), ({first: "accepted"}, {first: "accepted"}))
    mine.reload()
    expect(mine.locator(f'.hunk[data-of="{first}"] > .standpoints')).to_be_visible()  # the choice lasts
    mine.keyboard.press("Shift+O")
    expect(mine.locator(".standpoints, .banner.laid")).to_have_count(0)
    assert second in keys(ada, apply)


def test_where_nobody_else_reviews_the_way_to_a_difference_leaves_nothing_behind(desk: Desk) -> None:
    page = opened(desk, desk.post(ORIGINAL, CHAT, "alone.py"))
    page.keyboard.press("Shift+D")
    expect(page.locator(".notice.brief")).to_have_text("Nobody else has decided anything yet.")
    expect(page.locator(".banner.laid")).to_have_count(0)
    expect(page.get_by_label("The others’ reviews over mine")).not_to_be_checked()
    page.keyboard.press("Shift+O")
    expect(page.locator(".banner.laid")).to_contain_text("Nobody else reviews this yet.")
    other = opened(desk, desk.post(ORIGINAL, CHAT, "other.py"))
    other.wait_for_load_state("networkidle")
    expect(other.locator(".banner.laid")).to_have_count(0)


def test_differences_are_stepped_through_and_taken_over_as_one_step(desk: Desk, ada: Desk, apply: str) -> None:
    first, second = keys(desk, apply)
    decide(desk, apply, first, "accepted")
    decide(desk, apply, second, "accepted")
    decide(ada, apply, first, "accepted")
    decide(ada, apply, second, "rejected")
    mine = opened(desk, apply)
    mine.keyboard.press("g")
    mine.keyboard.press("Shift+D")
    expect(mine.locator(".hunk.is-now")).to_have_attribute("data-of", second)
    expect(mine.locator("#announcer")).to_have_text("Hunk 2: Ada Lovelace decided otherwise. You: accepted.")
    mine.keyboard.press("Shift+T")
    expect(mine.locator(".hunk.is-now")).to_have_attribute("data-decision", "rejected")
    expect(mine.locator("#announcer")).to_have_text("Taken over from Ada Lovelace. One undo takes it back.")
    expect(mine.locator(".flag.differs")).to_have_count(0)
    mine.keyboard.press("Shift+D")
    expect(mine.locator("#announcer")).to_have_text("Nobody decided a hunk otherwise than you.")
    mine.keyboard.press("u")
    expect(mine.locator(".flag.differs")).to_have_count(1)
    becomes(lambda: decisions(desk, apply), {first: "accepted", second: "accepted"})
    assert decisions(ada, apply) == {first: "accepted", second: "rejected"}


def test_all_is_taken_over_with_lines_of_her_own_and_one_undo_takes_it_back(desk: Desk, ada: Desk, apply: str) -> None:
    first, second = keys(desk, apply)
    decide(desk, apply, first, "rejected")
    own = "    return price + price * TAX"
    assert ada.tool.put(f"/api/applies/{apply}/hunks/{first}/text", json={"text": own}).status_code == 200
    decide(ada, apply, second, "accepted")
    mine = laid(opened(desk, apply))
    strip = mine.locator(f'.hunk[data-of="{first}"] > .standpoints')
    strip.get_by_role("button", name="Show the lines of Ada Lovelace").click()
    expect(strip.locator(".pointrows .l.add")).to_have_text([own.strip()])
    expect(strip.locator(".pointrows .l.del")).to_have_text(["return price * (1 + TAX)"])
    mine.get_by_role("button", name="Take all over from Ada Lovelace").click()
    expect(mine.locator("#decided")).to_have_text("2 of 2")
    expect(mine.locator(".hunk").first.locator(":scope > .own .l.add")).to_have_text([own.strip()])
    becomes(lambda: desk.result(apply), MERGED.replace("    return round(price * (1 + TAX), 2)", own))
    mine.keyboard.press("u")
    expect(mine.locator("#decided")).to_have_text("1 of 2")
    becomes(lambda: decisions(desk, apply), {first: "rejected"})
    assert decisions(ada, apply) == {first: "accepted", second: "accepted"}


def test_a_decision_that_changed_meanwhile_is_not_taken_over_and_is_shown(desk: Desk, ada: Desk, apply: str) -> None:
    first, _ = keys(desk, apply)
    decide(ada, apply, first, "rejected")
    mine = laid(opened(desk, apply))
    strip = mine.locator(f'.hunk[data-of="{first}"] > .standpoints')
    expect(strip).to_contain_text("Rejected")
    mine.route("**/standpoints", lambda route: None)  # the page does not hear of it in time
    decide(ada, apply, first, "accepted")
    strip.get_by_role("button", name="Take over from Ada Lovelace").click()
    expect(mine.get_by_role("alert")).to_contain_text("Ada Lovelace has decided otherwise meanwhile")
    becomes(lambda: decisions(desk, apply), {})


def test_a_phone_lays_the_others_over_by_its_menu(browser: Browser, account: Account, ada: Desk) -> None:
    for desk in desk_on(browser, account, viewport={"width": 390, "height": 844}, has_touch=True):
        apply = desk.post(ORIGINAL, CHAT, "shop.py")
        share(desk, apply)
        decide(ada, apply, keys(desk, apply)[0], "rejected")
        opened(ada, apply)
        mine = opened(desk, apply)
        expect(mine.locator("#people .howmany")).to_have_text("1")
        mine.locator("#people").tap()
        mine.get_by_label("The others’ reviews over mine").tap()
        mine.keyboard.press("Escape")
        take = mine.locator(".standpoints").get_by_role("button", name="Take over from Ada Lovelace")
        box = take.bounding_box()
        assert box is not None
        assert box["height"] >= 36
        take.tap()
        expect(mine.locator(".hunk").first).to_have_attribute("data-decision", "rejected")
