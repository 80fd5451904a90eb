"""The file was edited during a review: pasted anew, carried over, conflicts decided, and the way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, becomes
from tests.factories import CHAT, MERGED, ORIGINAL

# The tax was moved up by an edit, `gross` was edited where the chat changes it, and the label is as it was.
EDITED = ORIGINAL.replace("TAX = 0.2\n", "CURRENCY = 'EUR'\nTAX = 0.25\n").replace(
    "return price * (1 + TAX)", "return price + price * TAX"
)


@pytest.fixture
def apply(desk: Desk) -> str:
    return desk.post(ORIGINAL, CHAT, "shop/prices.py")


@pytest.fixture
def review(desk: Desk, apply: str) -> Page:
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator("#decided")).to_have_text("0 of 2")
    return page


def result(desk: Desk, page: Page, **query: str) -> str:
    return desk.result(page.locator("#apply").get_attribute("data-apply"), **query)


def carry(page: Page, new: str, says: str) -> None:
    page.keyboard.press("b")
    expect(page.locator("#rebase textarea")).to_be_focused()
    page.locator("#rebase textarea").fill(new)
    expect(page.locator("#rebase [data-fates] b")).to_have_text(says)
    before = page.url
    page.get_by_role("button", name="Carry the review over").click()
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("#decided")).to_be_attached()


def test_a_review_goes_on_over_the_edited_file_and_back_is_one_step(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("a")
    review.keyboard.press("j")
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("2 of 2")
    carry(review, EDITED, "1 hunk carries over to other lines, 1 is in conflict.")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    assert [hunk.get_attribute("data-decision") for hunk in review.locator(".hunk").all()] == ["pending", "accepted"]
    becomes(lambda: result(desk, review), EDITED.replace('{price:.2f}"', '{price:.2f} EUR"'))
    becomes(lambda: result(desk, review, pending="accepted"), result(desk, review))
    expect(review.locator("#carried")).to_be_focused()
    expect(review.locator("#carried")).to_be_in_viewport(ratio=1)
    expect(review.locator("#announcer")).to_have_text(
        "Carried over to the file as it is now. 1 hunk carries over to other lines, 1 is in conflict. "
        "The first conflict is hunk 1."
    )
    first = review.locator(".hunk").first
    expect(first.get_by_role("note", name="Conflict")).to_contain_text("You had accepted it.")
    expect(first.locator(".conflictbox pre")).to_have_text("    return price * (1 + TAX)")
    review.keyboard.press("Shift+A")
    expect(review.locator(".notice.brief")).to_contain_text("one conflict")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    expect(review.locator(".banner [data-settled]")).to_be_hidden()
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("2 of 2")
    expect(review.locator(".banner.version")).to_contain_text("Every conflict is decided.")
    review.reload()
    expect(review.locator("#decided")).to_have_text("2 of 2")
    becomes(
        lambda: result(desk, review),
        EDITED.replace("return price + price * TAX", "return round(price * (1 + TAX), 2)").replace(
            '{price:.2f}"', '{price:.2f} EUR"'
        ),
    )
    review.locator(".banner").get_by_role("link", name="The version before", exact=True).click()
    expect(review.locator("#decided")).to_have_text("2 of 2")
    assert review.locator("#apply").get_attribute("data-apply") == apply
    becomes(lambda: result(desk, review), MERGED)
    review.keyboard.press("u")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    review.get_by_role("link", name="Go to the newer version").click()
    expect(review.locator("#decided")).to_have_text("2 of 2")


def test_both_sides_of_a_conflict_are_kept_by_key_and_by_pointer(desk: Desk, apply: str, review: Page) -> None:
    carry(review, EDITED, "1 hunk carries over to other lines, 1 is in conflict.")
    theirs, ours = "    return price + price * TAX\n", "    return round(price * (1 + TAX), 2)\n"
    conflict = review.locator(".hunk").first
    review.keyboard.press("Shift+B")
    expect(conflict.locator(".own .row")).to_have_count(2)
    expect(conflict.locator(".flag.conflict")).to_have_text("Conflict decided")
    expect(conflict.get_by_role("button", pressed=True)).to_have_text("Accept both, the file’s firstB")
    expect(review.locator(".outline .conflicting")).to_be_hidden()
    becomes(lambda: result(desk, review), EDITED.replace(theirs, theirs + ours))
    review.keyboard.press("Shift+B")
    becomes(lambda: result(desk, review), EDITED.replace(theirs, ours + theirs))
    expect(conflict.get_by_role("button", pressed=True)).to_have_text("Accept both, the proposed first")
    review.keyboard.press("u")
    review.keyboard.press("u")
    expect(conflict).to_have_attribute("data-decision", "pending")
    expect(conflict.get_by_role("button", pressed=True)).to_have_count(0)
    expect(conflict.locator(".flag.conflict .settled")).to_be_hidden()
    expect(review.locator(".outline .conflicting")).to_be_visible()
    becomes(lambda: result(desk, review), EDITED)
    conflict.get_by_role("button", name="Accept both, the proposed first").click()
    becomes(lambda: result(desk, review), EDITED.replace(theirs, ours + theirs))
    review.keyboard.press("Shift+E")  # what stands there is where one's own lines begin
    expect(conflict.locator(".editor textarea")).to_have_value((ours + theirs).rstrip("\n"))
    review.keyboard.press("Escape")
    review.locator(".hunk").last.click(position={"x": 300, "y": 10})
    review.keyboard.press("Shift+B")
    expect(review.locator(".notice.brief")).to_contain_text("no two sides")


def test_the_key_pressed_twice_at_once_turns_the_order_round(desk: Desk, apply: str, review: Page) -> None:
    carry(review, EDITED, "1 hunk carries over to other lines, 1 is in conflict.")
    theirs, ours = "    return price + price * TAX\n", "    return round(price * (1 + TAX), 2)\n"
    review.route("**/both", lambda route: (review.wait_for_timeout(300), route.continue_()))
    review.keyboard.press("Shift+B")
    review.keyboard.press("Shift+B")
    becomes(lambda: result(desk, review), EDITED.replace(theirs, ours + theirs))
    review.keyboard.press("Shift+B")
    becomes(lambda: result(desk, review), EDITED.replace(theirs, theirs + ours))
    expect(review.get_by_role("alert")).to_have_count(0)


def test_what_is_in_the_file_already_is_told_and_comments_go_along(desk: Desk, apply: str, review: Page) -> None:
    line = ORIGINAL.split("\n").index("def banner():") + 1
    made = desk.tool.post(f"/api/applies/{apply}/threads", json={"side": "old", "line": line, "text": "A banner?"})
    assert made.status_code == 201
    taken = "# edited\n" + ORIGINAL.replace('{price:.2f}"', '{price:.2f} EUR"')
    carry(review, taken, "1 hunk carries over to other lines, 1 is in the new file already.")
    expect(review.locator(".banner.version")).to_contain_text("hunk 2 of the version before")
    expect(review.locator(".thread")).to_contain_text("A banner?")
    expect(review.locator(".thread")).to_contain_text(f"on old line {line + 1}")
    assert review.locator(".hunk").count() == 1


def test_a_file_is_dropped_on_the_page_and_keeps_its_line_ends(desk: Desk, review: Page) -> None:
    new = "\ufeff" + ORIGINAL.replace("TAX = 0.2", "TAX = 0.3").replace("\n", "\r\n").rstrip()
    review.evaluate(
        """text => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([new TextEncoder().encode(text)], "prices.py"));
          const how = { dataTransfer: dropped, bubbles: true, cancelable: true };
          document.body.dispatchEvent(new DragEvent("drop", how));
        }""",
        new,
    )
    expect(review.locator("#rebase")).to_be_visible()
    expect(review.locator("#rebase [data-fates] b")).to_have_text("2 hunks carry over as they are.")
    review.keyboard.press("Control+Enter")
    review.wait_for_selector(".banner.version")
    becomes(lambda: result(desk, review), new)
    review.keyboard.press("Shift+A")
    expect(review.locator("#decided")).to_have_text("2 of 2")
    becomes(
        lambda: result(desk, review), "\ufeff" + MERGED.replace("TAX = 0.2", "TAX = 0.3").replace("\n", "\r\n").rstrip()
    )


def test_a_review_that_changed_meanwhile_is_looked_at_again(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("b")
    review.locator("#rebase textarea").fill("# edited\n" + ORIGINAL)
    expect(review.locator("#rebase [data-fates] b")).to_have_text("2 hunks carry over to other lines.")
    assert desk.tool.put(f"/api/applies/{apply}/decisions", json={"decision": "accepted"}).status_code == 200
    review.get_by_role("button", name="Carry the review over").click()
    expect(review.locator("#rebase .trouble")).to_contain_text("The review was changed meanwhile.")
    review.get_by_role("button", name="Carry the review over").click()
    review.wait_for_selector(".banner.version")
    expect(review.locator("#decided")).to_have_text("2 of 2")


def test_the_same_file_and_a_broken_one_are_refused_with_words(review: Page) -> None:
    review.keyboard.press("b")
    review.locator("#rebase textarea").fill(ORIGINAL)
    expect(review.locator("#rebase .trouble")).to_contain_text("the file that the review stands on")
    expect(review.get_by_role("button", name="Carry the review over")).to_be_disabled()
    review.keyboard.press("Escape")
    expect(review.locator("#rebase")).to_be_hidden()
