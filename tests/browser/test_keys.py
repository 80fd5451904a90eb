"""Keys: moving by what is undecided and by symbol, and giving actions other keys in the help dialog."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.factories import CHAT, ORIGINAL

ONE, TWO = "    a = {0}\n", "    b = {0}\n"
FILE = "\n\n".join(
    f"def part_{n}():\n{ONE.format(n)}" + "    # the same\n" * 8 + f"{TWO.format(n)}    return a + b\n"
    for n in range(3)
)
CHANGED = (
    FILE.replace("a = 0", "a = 10").replace("b = 0", "b = 10").replace("a = 1\n", "a = 11\n").replace("b = 2", "b = 12")
)


def current(page: Page) -> str:
    return page.locator(".hunk.is-now").get_attribute("data-number") or ""


def states(page: Page) -> list[str]:
    return [hunk.get_attribute("data-decision") or "" for hunk in page.locator(".hunk").all()]


@pytest.fixture
def review(desk: Desk) -> Page:
    return desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/")


@pytest.fixture
def parts(desk: Desk) -> Page:
    """Four hunks: two in part_0, one in part_1, one in part_2."""
    page = desk.page(f"/applies/{desk.post(FILE, f'```python{chr(10)}{CHANGED}```', 'parts.py')}/")
    expect(page.locator(".hunk")).to_have_count(4)
    page.keyboard.press("g")
    return page


def rebind(page: Page, action: str, key: str) -> None:
    page.get_by_role("button", name=f"{action}: ").and_(page.locator(".key")).first.press("Enter")
    page.keyboard.press(key)


def test_a_decision_goes_on_to_the_next_undecided_hunk_unless_the_reader_wants_to_stay(parts: Page) -> None:
    parts.locator(".hunk").nth(1).get_by_role("button", name="Reject").click()
    assert current(parts) == "2"  # the page does not move under a pointer
    parts.keyboard.press("g")
    parts.keyboard.press("a")
    assert current(parts) == "3"
    expect(parts.locator(".hunk").nth(2)).to_be_focused()
    parts.keyboard.press("k")
    parts.keyboard.press("a")
    assert current(parts) == "2"  # another mind about a decided one is no step on
    parts.keyboard.press("Shift+G")
    parts.keyboard.press("a")
    assert current(parts) == "4"  # the end is not passed by itself
    expect(parts.locator(".notice.brief")).to_contain_text("what is left is above")
    assert states(parts) == ["accepted", "accepted", "pending", "accepted"]

    parts.get_by_role("button", name="View menu").click()
    parts.get_by_label("Go on after a decision").uncheck()
    parts.keyboard.press("Escape")
    parts.reload()
    parts.keyboard.press("g")
    for key in ("z", "r"):
        parts.keyboard.press(key)
        assert current(parts) == "1"
    parts.keyboard.press("?")
    rebind(parts, "After a decision: go on, stay", "q")
    parts.keyboard.press("Escape")
    parts.keyboard.press("q")
    expect(parts.locator(".notice.brief")).to_have_text("A decision goes on to the next undecided hunk.")
    for key in ("z", "r"):
        parts.keyboard.press(key)
    assert current(parts) == "3"


def test_undecided_hunks_are_gone_to_in_both_directions(parts: Page) -> None:
    parts.keyboard.press("Shift+N")  # a decision stays where it is
    parts.keyboard.press("a")
    assert current(parts) == "1"
    parts.keyboard.press("n")
    assert current(parts) == "2"
    parts.keyboard.press("n")
    parts.keyboard.press("a")
    parts.keyboard.press("p")
    assert current(parts) == "2"
    parts.keyboard.press("p")
    assert current(parts) == "4"  # around the beginning, past those that are decided
    parts.keyboard.press("Shift+A")
    parts.keyboard.press("n")
    assert current(parts) == "4"
    expect(parts.locator("#announcer")).to_have_text("Every hunk is decided.")
    expect(parts.locator(".notice")).to_have_text("Every hunk is decided.")


def test_symbols_are_gone_to_by_their_first_hunk(parts: Page) -> None:
    for key, number in (("Shift+J", "3"), ("Shift+J", "4"), ("Shift+J", "4"), ("Shift+K", "3"), ("Shift+K", "1")):
        parts.keyboard.press(key)
        assert current(parts) == number
    parts.keyboard.press("Shift+K")
    assert current(parts) == "1"
    expect(parts.locator("#announcer")).to_have_text("This is the first symbol.")


def test_a_decision_is_cleared_by_a_key(review: Page) -> None:
    review.keyboard.press("a")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "accepted")
    review.keyboard.press("z")
    expect(review.locator(".notice.brief")).to_contain_text("Hunk 2 is undecided already")
    review.keyboard.press("k")
    review.keyboard.press("z")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "pending")
    expect(review.locator("#announcer")).to_have_text("Hunk 1 pending. 0 of 2 decided.")


def test_a_key_is_changed_kept_and_shown_everywhere(review: Page, desk: Desk) -> None:
    accept = review.locator(".hunk").first.locator("[data-do=accepted] kbd")
    expect(accept).to_have_text("a")
    review.keyboard.press("?")
    rebind(review, "Accept", "q")
    expect(review.locator("#key-status")).to_have_text("Accept: q.")
    expect(review.get_by_role("button", name="Accept: q. Change")).to_be_focused()
    review.keyboard.press("Escape")
    expect(review.locator("#help")).to_be_hidden()
    expect(accept).to_have_text("q")
    review.keyboard.press("a")
    assert states(review) == ["pending", "pending"]
    review.keyboard.press("q")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "accepted")

    review.reload()
    expect(accept).to_have_text("q")
    review.keyboard.press("j")
    review.keyboard.press("q")
    expect(review.locator("#decided")).to_have_text("2 of 2")

    other = desk.page("/applies/")
    other.keyboard.press("?")
    expect(other.get_by_role("button", name="Accept: q. Change")).to_be_visible()
    other.get_by_role("button", name="Reset all").click()
    other.close()
    expect(accept).to_have_text("a")  # the other window told this one


def test_a_key_that_is_taken_is_named_and_asked_for(review: Page) -> None:
    review.keyboard.press("?")
    rebind(review, "Accept", "r")
    expect(review.get_by_role("alert")).to_have_text("r is now “Reject”, which would be left without it.")
    review.get_by_role("button", name="Keep as it was").click()
    expect(review.get_by_role("button", name="Accept: a. Change")).to_be_focused()
    rebind(review, "Accept", "r")
    review.keyboard.press("Enter")  # the confirmation has the focus
    expect(review.get_by_role("button", name="Accept: r. Change")).to_be_visible()
    expect(review.get_by_role("button", name="Reject: no key. Change")).to_be_visible()
    review.keyboard.press("Escape")
    expect(review.locator(".hunk").first.locator("[data-do=rejected] kbd")).to_be_hidden()
    review.keyboard.press("r")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "accepted")

    review.keyboard.press("?")
    review.get_by_role("button", name="Accept: Back to a").click()
    rebind(review, "Reject", "r")
    expect(review.get_by_role("button", name="Reset all")).to_be_hidden()


def test_keys_that_are_needed_elsewhere_are_refused_and_escape_keeps_the_old_one(review: Page) -> None:
    review.keyboard.press("?")
    rebind(review, "Accept", "ArrowDown")
    expect(review.locator("#key-status")).to_contain_text("ArrowDown is needed to move about.")
    review.keyboard.press("Shift")  # only prepares the next press
    review.keyboard.press("Escape")
    expect(review.locator("#key-status")).to_have_text("Nothing was changed.")
    expect(review.locator("#help")).to_be_visible()
    expect(review.get_by_role("button", name="Accept: a. Change")).to_be_focused()
    review.keyboard.press("Enter")
    expect(review.locator(".key.is-listening")).to_be_visible()
    review.keyboard.press("Tab")
    expect(review.locator(".key.is-listening")).to_have_count(0)
    expect(review.get_by_role("button", name="Accept: a. Change")).to_be_visible()


def test_the_help_lists_what_the_keys_do(review: Page) -> None:
    review.keyboard.press("?")
    actions = "import(document.querySelector('script[type=module]').src.replace('review.js', 'actions.js'))"
    assert review.locator(".keyrow").count() == review.evaluate(f"{actions}.then(module => module.ACTIONS.length)")
    expect(review.locator('[data-id="undo"] .key')).to_have_count(2)
    expect(review.locator('[data-id="escape"] .key')).to_have_count(0)
