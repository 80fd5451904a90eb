"""Hunks in parts in a real browser: line by line, cuts, joins, writing in place, two windows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk, becomes

ORIGINAL = (
    "import os\n\n\ndef b(x):\n    y = x\n    z = y\n    return z\n\n\ndef c():\n    pass\n\n\ndef d():\n    return 4\n"
)
MERGED = ORIGINAL.replace("    y = x\n    z = y\n", "    y = x + 1\n    z = y * 2\n    log(z)\n").replace(
    "return 4", "return 5"
)
CHAT = f"```python\n{MERGED}```\n"


@pytest.fixture
def apply(desk: Desk) -> str:
    return desk.post(ORIGINAL, CHAT, "m.py")


@pytest.fixture
def review(desk: Desk, apply: str) -> Page:
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator("#decided")).to_have_text("0 of 2")
    return page


def parts(page: Page) -> list[tuple[str, str]]:
    return [
        (hunk.get_attribute("data-number") or "", hunk.get_attribute("data-decision") or "")
        for hunk in page.locator(".hunk").all()
    ]


def test_lines_are_decided_with_keys_one_after_the_other(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("i")
    expect(review.locator("#linebar")).to_contain_text("Line 1 of 3")
    review.keyboard.press("a")
    expect(review.locator("#linebar")).to_contain_text("Line 1 of 2")
    expect(review.locator("#announcer")).to_have_text("Line accepted. Removed: z = y. Added: z = y * 2.")
    expect(review.locator(".hunk").last).to_have_attribute("aria-label", re.compile("^Hunk 2, 3 of 3, "))
    assert parts(review) == [("1.1", "accepted"), ("1.2", "pending"), ("2", "pending")]
    review.keyboard.press("r")
    expect(review.locator("#linebar")).to_contain_text("Line 1 of 1")
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("3 of 4")
    expect(review.locator("#linebar")).to_be_hidden()
    becomes(
        lambda: desk.result(apply),
        ORIGINAL.replace("y = x\n", "y = x + 1\n").replace("    return z\n", "    log(z)\n    return z\n"),
    )
    for _ in range(3):
        review.keyboard.press("u")
    expect(review.locator("#decided")).to_have_text("0 of 2")
    expect(review.locator(".hunk")).to_have_count(2)
    becomes(lambda: desk.result(apply), ORIGINAL)


def test_lines_are_chosen_with_the_pointer_and_extended_with_shift(review: Page) -> None:
    rows = review.locator(".hunk").first.locator(".change > .row")
    rows.nth(1).locator(".l.n").click(position={"x": 12, "y": 8})
    expect(review.locator("#linebar")).to_contain_text("Line 2 of 3")
    rows.nth(2).locator(".l.n").click(position={"x": 12, "y": 8}, modifiers=["Shift"])
    expect(review.locator("#linebar")).to_contain_text("Lines 2 to 3 of 3")
    review.locator("#linebar").get_by_role("button", name="Reject").click()
    expect(review.locator(".hunk")).to_have_count(3)
    assert parts(review) == [("1.1", "pending"), ("1.2", "rejected"), ("2", "pending")]


def test_a_hunk_is_cut_and_joined_again(review: Page) -> None:
    review.keyboard.press("i")
    review.keyboard.press("ArrowDown")
    review.keyboard.press("s")
    expect(review.locator(".hunk")).to_have_count(3)
    review.keyboard.press("j")
    assert review.locator(".hunk.is-now").get_attribute("data-number") == "1.2"
    review.keyboard.press("Shift+S")
    expect(review.locator(".hunk")).to_have_count(2)


def test_joined_hunks_are_decided_together_until_they_are_let_go(review: Page) -> None:
    review.keyboard.press("j")
    review.keyboard.press("Shift+S")
    expect(review.locator(".hunk.is-joined")).to_have_count(1)
    review.keyboard.press("r")
    expect(review.locator("#decided")).to_have_text("2 of 2")
    assert parts(review) == [("1", "rejected"), ("2", "rejected")]
    review.get_by_role("button", name="Joined to the hunk above: let it go").click()
    expect(review.locator(".hunk.is-joined")).to_have_count(0)


def test_own_lines_are_written_in_place_beside_what_was_proposed(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("Shift+E")
    area = review.get_by_label("The lines that are to stand here")
    expect(area).to_have_value("    y = x + 1\n    z = y * 2\n    log(z)")
    area.fill("    y = x + 3\n")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".hunk").first).to_contain_text("Own lines")
    becomes(lambda: desk.result(apply), ORIGINAL.replace("    y = x\n    z = y\n", "    y = x + 3\n"))
    review.locator(".proposed summary").click()
    expect(review.locator(".proposed .l.add")).to_have_count(3)
    review.reload()
    expect(review.locator(".hunk").first).to_contain_text("Own lines")
    review.get_by_role("button", name="Back to the proposed").click()
    expect(review.locator(".proposed")).to_have_count(0)
    becomes(
        lambda: desk.result(apply),
        ORIGINAL.replace("    y = x\n    z = y\n", "    y = x + 1\n    z = y * 2\n    log(z)\n"),
    )


def test_what_was_typed_and_not_saved_is_there_again(review: Page) -> None:
    review.keyboard.press("Shift+E")
    area = review.get_by_label("The lines that are to stand here")
    area.fill("half a thought")
    review.keyboard.press("Escape")
    expect(area).to_have_count(0)
    expect(review.locator(".notice.brief")).to_contain_text("Your draft is kept")
    review.reload()
    expect(review.locator("#decided")).to_have_text("0 of 2")
    review.keyboard.press("Shift+E")
    expect(area).to_have_value("half a thought")
    expect(review.locator(".editor .draft")).to_contain_text("Your draft from before: it stands nowhere yet.")
    expect(review.locator("#announcer")).to_contain_text("Your draft from before")
    review.locator(".editor").get_by_role("button", name="Back to the proposed lines").click()
    expect(review.locator(".editor .draft")).to_be_hidden()
    expect(area).to_have_value("    y = x + 1\n    z = y * 2\n    log(z)")


def test_what_is_typed_stays_open_when_another_window_changes_the_hunk(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("Shift+E")
    area = review.get_by_label("The lines that are to stand here")
    expect(area).to_have_value("    y = x + 1\n    z = y * 2\n    log(z)")
    area.fill("    y = mine")
    key = review.locator(".hunk").first.get_attribute("data-hunk")
    desk.tool.put(f"/api/applies/{apply}/hunks/{key}/text", json={"text": "    y = theirs"})
    expect(review.locator(".hunk").first).to_contain_text("y = theirs")
    expect(area).to_be_focused()
    expect(area).to_have_value("    y = mine")
    expect(review.locator(".editor")).to_contain_text(
        "This hunk was changed elsewhere meanwhile. What you typed is kept."
    )
    review.keyboard.type(" too")
    review.keyboard.press("Escape")
    expect(area).to_have_count(0)
    review.keyboard.press("Shift+E")
    expect(area).to_have_value("    y = mine too")
    review.locator(".editor").get_by_role("button", name="Back to the lines that stand").click()
    expect(area).to_have_value("    y = theirs")
    area.fill("    y = mine again")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".hunk").first.locator(".l.add").first).to_contain_text("y = mine again")
    expect(review.locator("#announcer")).to_have_text("Your lines are accepted.")
    becomes(lambda: desk.result(apply), ORIGINAL.replace("    y = x\n    z = y\n", "    y = mine again\n"))
    review.keyboard.press("j")
    review.keyboard.press("Shift+E")
    expect(area).to_have_value("    return 5")


def test_what_is_typed_for_a_hunk_that_is_cut_elsewhere_says_for_which_part_it_is(
    desk: Desk, apply: str, review: Page
) -> None:
    review.keyboard.press("Shift+E")
    area = review.get_by_label("The lines that are to stand here")
    expect(area).to_have_value("    y = x + 1\n    z = y * 2\n    log(z)")
    area.fill("    y = mine")
    key = review.locator(".hunk").first.get_attribute("data-hunk")
    desk.tool.post(f"/api/applies/{apply}/hunks/{key}/cuts", json={"removed": 1, "added": 1})
    expect(review.locator(".hunk")).to_have_count(3)
    expect(review.locator(".hunk").first.locator(".editor")).to_contain_text("these lines would stand for 1.1.")
    expect(area).to_have_value("    y = mine")


def test_keys_after_the_one_that_opens_the_editor_are_no_commands(review: Page) -> None:
    held: list[Route] = []
    review.route("**/api/applies/*/hunks/*/text", lambda route: held.append(route))
    review.keyboard.press("Shift+E")
    review.keyboard.type("ajR")
    review.keyboard.press("Control+Enter")
    area = review.get_by_label("The lines that are to stand here")
    expect(area).to_be_focused()
    assert len(held) == 1
    held[0].continue_()
    expect(area).to_have_value("    y = x + 1\n    z = y * 2\n    log(z)")
    review.keyboard.type("ajR")
    expect(area).to_have_value("    y = x + 1\n    z = y * 2\n    log(z)ajR")
    assert parts(review) == [("1", "pending"), ("2", "pending")]
    assert review.locator(".hunk.is-now").get_attribute("data-number") == "1"


def test_what_is_typed_where_no_model_can_be_asked_is_no_command(review: Page) -> None:
    review.keyboard.press("Shift+Q")
    review.keyboard.type("a fix, just round it")
    expect(review.get_by_label("Ask again for hunk 1")).to_be_focused()
    assert parts(review) == [("1", "pending"), ("2", "pending")]
    review.keyboard.press("Escape")
    expect(review.locator(".askform")).to_have_count(0)
    review.keyboard.press("a")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "accepted")


def test_the_other_window_draws_the_parts_too(desk: Desk, apply: str, review: Page) -> None:
    other = desk.page(f"/applies/{apply}/")
    expect(other.locator("#decided")).to_have_text("0 of 2")
    review.keyboard.press("i")
    review.keyboard.press("a")
    expect(other.locator(".hunk")).to_have_count(3)
    assert parts(other)[0] == ("1.1", "accepted")


def test_what_a_tool_decided_unseen_is_not_overwritten(desk: Desk, apply: str, review: Page) -> None:
    with review.expect_response("**/decision"):
        review.keyboard.press("a")
    key = desk.tool.get(f"/api/applies/{apply}/hunks").json()[1]["id"]
    deaf = True
    review.route("**/api/applies/*/review", lambda route: route.abort() if deaf else route.continue_())
    with review.expect_event("requestfailed", lambda request: request.url.endswith("/review")):
        desk.tool.put(f"/api/applies/{apply}/hunks/{key}/decision", json={"decision": "rejected"})

    def sent(route: Route) -> None:
        nonlocal deaf
        deaf = False  # the answer sends the page to look
        route.continue_()

    review.route("**/decision", sent)
    review.keyboard.press("j")
    with review.expect_response("**/decision") as answer:
        review.keyboard.press("a")
    assert answer.value.status == 409
    expect(review.get_by_role("alert")).to_contain_text("rejected since, by another window of yours")
    expect(review.locator(".hunk").nth(1)).to_have_attribute("data-decision", "rejected")


def test_a_hunk_has_its_further_buttons_once_it_is_looked_at(review: Page) -> None:
    first, second = review.locator(".hunk").all()
    join = "Join to the hunk above"
    expect(first.get_by_role("button", name="Decide line by line")).to_be_visible()
    expect(first.get_by_role("button", name=join)).to_have_count(0)
    expect(second.locator(".more")).to_have_count(0)
    accept = second.get_by_role("button", name="Accept")
    before = accept.bounding_box()
    second.locator("h3").hover()
    expect(second.get_by_role("button", name=join)).to_be_visible()
    assert accept.bounding_box() == before
    second.get_by_role("button", name=join).click()
    expect(review.locator(".hunk.is-joined")).to_have_count(1)
    expect(review.locator(".hunk.is-joined").get_by_role("button", name=join)).to_have_count(0)
