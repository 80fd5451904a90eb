"""Comments in a real browser: written, answered, edited, deleted, resolved and found with keys, pointer and thumb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from tests.browser.conftest import Account, Desk, desk_on
from tests.browser.test_look import NAMELESS, SMALL, TOO_WIDE, TWICE
from tests.browser.test_review import LONG, LONG_CHAT
from tests.factories import CHAT, ORIGINAL


@pytest.fixture
def apply(desk: Desk) -> str:
    return desk.post(ORIGINAL, CHAT, "shop.py")


@pytest.fixture
def review(desk: Desk, apply: str) -> Page:
    return desk.page(f"/applies/{apply}/")


def begin(desk: Desk, apply: str, text: str = "Why?", **where: Any) -> dict[str, Any]:
    """A thread made by a tool: the same person in another window."""
    answer = desk.tool.post(
        f"/api/applies/{apply}/threads", json={"text": text, **(where or {"side": "new", "line": 11})}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def write(page: Page, text: str) -> None:
    """Into the box that has the focus, and sent."""
    expect(page.locator(".composer textarea")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".composer")).to_have_count(0)


def said(page: Page) -> list[str]:
    return page.locator(".thread .words").all_inner_texts()


def line_above(thread: Locator) -> str:
    found: str = thread.evaluate(
        "e => { while (!e.matches('.row')) e = e.previousElementSibling;"
        " return [...e.querySelectorAll('.l[data-n]')].map(l => l.classList[1] + l.dataset.n).join(' ') }"
    )
    return found


def test_c_writes_on_the_hunk_right_below_its_lines(review: Page) -> None:
    review.keyboard.press("j")
    review.keyboard.press("c")
    box = review.locator(".composer")
    expect(box).to_contain_text("Comment on hunk 2")
    last = review.locator(".hunk").nth(1).locator(".row").last.bounding_box()
    below = box.bounding_box()
    assert last
    assert below
    assert 0 <= below["y"] - (last["y"] + last["height"]) < 24
    write(review, "Which `currency`?")

    thread = review.locator(".hunk").nth(1).locator(".thread")
    expect(thread).to_be_focused()
    expect(review.locator("#announcer")).to_have_text("Comment sent.")
    assert thread.locator(".words").inner_html() == "Which <code>currency</code>?"
    expect(thread.locator(".by")).to_have_text("owner on hunk 2, just now")
    expect(review.locator(".hunk").nth(1).locator(".hbar .talkflag")).to_have_attribute("title", "1 open comment")
    expect(review.locator(".outline .talkflag")).to_have_attribute("title", "1 open comment")
    review.reload()
    assert said(review) == ["Which currency?"]


def test_escape_closes_the_box_and_keeps_the_draft(review: Page) -> None:
    review.keyboard.press("c")
    review.keyboard.type("Half a thought")
    review.keyboard.press("Enter")
    review.keyboard.type("and more")
    review.keyboard.press("Escape")
    expect(review.locator(".composer")).to_have_count(0)
    expect(review.locator("#announcer")).to_have_text("Closed. The draft is kept.")
    expect(review.locator(".hunk").first).to_be_focused()

    review.keyboard.press("j")
    review.keyboard.press("c")
    expect(review.locator(".composer textarea")).to_have_value("")
    review.locator("#main").focus()
    review.keyboard.press("Escape")
    expect(review.locator(".composer")).to_have_count(0)
    review.reload()
    review.keyboard.press("c")
    expect(review.locator(".composer textarea")).to_have_value("Half a thought\nand more")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".thread .words")).to_have_text("Half a thought\nand more")
    review.locator(".hunk").first.get_by_role("button", name="Comment", exact=True).click()
    expect(review.locator(".composer textarea")).to_have_value("")


def test_an_empty_comment_is_not_sent(review: Page) -> None:
    review.keyboard.press("c")
    review.keyboard.press("Control+Enter")
    expect(review.get_by_role("alert")).to_have_text("Write something first.")
    expect(review.locator(".composer textarea")).to_be_focused()


def test_words_that_the_server_refuses_stay_in_the_box(desk: Desk, review: Page) -> None:
    review.keyboard.press("c")
    review.keyboard.type("Dear words")
    desk.context.clear_cookies()
    review.keyboard.press("Control+Enter")
    expect(review.locator(".composer").get_by_role("alert")).to_contain_text("Your words are kept here.")
    expect(review.locator(".composer textarea")).to_have_value("Dear words")
    expect(review.locator(".thread")).to_have_count(0)


def test_a_plus_under_the_pointer_comments_on_that_line_of_that_side(review: Page) -> None:
    for side, line, label in (("n", 11, "line 11"), ("o", 11, "old line 11"), ("n", 13, "line 13")):
        review.locator(f'.l.{side}[data-n="{line}"]').hover()
        plus = review.locator(f'.l.{side}[data-n="{line}"] .plus')
        expect(plus).to_have_css("opacity", "1")
        expect(plus).to_have_accessible_name(f"Comment on {label}")
        plus.click()
        expect(review.locator(".composer .to")).to_have_text(f"Comment on {label}")
        write(review, f"On {label}")
        expect(review.locator(".thread:focus .words")).to_have_text(f"On {label}")
    places = {thread.locator(".words").inner_text(): line_above(thread) for thread in review.locator(".thread").all()}
    assert places == {"On line 11": "o11 n11", "On old line 11": "o11 n11", "On line 13": "o13 n13"}
    assert review.locator(".plus").count() == 1


def test_the_keyboard_finds_the_plus_and_takes_it_to_any_line(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("j")
    for _ in range(10):
        review.keyboard.press("Tab")
        if review.evaluate("document.activeElement.className") == "plus":
            break
    plus = review.locator(".plus")
    expect(plus).to_be_focused()
    expect(plus).to_have_css("opacity", "1")
    expect(plus).to_have_accessible_name("Comment on line 15")
    review.keyboard.press("ArrowUp")
    expect(plus).to_be_focused()
    expect(plus).to_have_accessible_name("Comment on line 14")
    review.keyboard.press("ArrowLeft")
    expect(plus).to_have_accessible_name("Comment on old line 14")
    review.keyboard.press("ArrowDown")
    expect(plus).to_have_accessible_name("Comment on old line 15")
    review.keyboard.press("Enter")
    write(review, "By keys alone")
    thread = desk.tool.get(f"/api/applies/{apply}/threads").json()["threads"][0]
    assert (thread["side"], thread["line"], thread["line_text"]) == ("old", 15, '    return f"{price:.2f}"')


def test_escape_in_a_line_box_goes_back_to_the_line(review: Page) -> None:
    review.locator('.l.n[data-n="12"]').hover()
    review.locator(".plus").click()
    review.keyboard.press("Escape")
    expect(review.locator(".plus")).to_be_focused()


def test_c_answers_a_comment_that_has_the_focus(desk: Desk, apply: str, review: Page) -> None:
    begin(desk, apply)
    expect(review.locator(".thread")).to_have_count(1)
    review.keyboard.press("Shift+C")
    review.keyboard.press("c")
    write(review, "Because")
    expect(review.locator(".thread .words")).to_have_text(["Why?", "Because"])
    expect(review.locator(".thread")).to_be_focused()


def test_one_edits_ones_own_words_in_place(desk: Desk, apply: str, review: Page) -> None:
    begin(desk, apply, "Wy?")
    review.locator(".comment").hover()
    review.get_by_role("button", name="Edit your comment").click()
    expect(review.locator(".composer textarea")).to_have_value("Wy?")
    expect(review.locator(".thread .words")).to_be_hidden()
    review.keyboard.press("Control+a")
    write(review, "Why?")
    expect(review.locator(".thread .words")).to_have_text("Why?")
    expect(review.locator(".by")).to_contain_text("edited")


def test_an_edit_stays_open_when_the_comment_changes_elsewhere(desk: Desk, apply: str, review: Page) -> None:
    thread = begin(desk, apply, "Wy?")
    path = f"/api/applies/{apply}/threads/{thread['id']}/comments"
    review.locator(".comment").hover()
    review.get_by_role("button", name="Edit your comment").click()
    review.keyboard.press("Control+a")
    review.keyboard.type("Why ")
    desk.tool.put(f"/api/applies/{apply}/comments/{thread['comments'][0]['id']}", json={"text": "Wy so?"})
    desk.tool.post(path, json={"text": "a sign"})
    expect(review.locator(".comment")).to_have_count(2)
    review.keyboard.type("not?")
    expect(review.locator(".composer textarea")).to_have_value("Why not?")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".thread .words")).to_have_text(["Why not?", "a sign"])


def test_a_deletion_is_undone_in_its_notice_and_not_by_u(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    thread = begin(desk, apply)
    desk.tool.post(f"/api/applies/{apply}/threads/{thread['id']}/comments", json={"text": "Because"})
    expect(review.locator(".comment")).to_have_count(2)
    first = review.locator(".comment").first
    first.get_by_role("button", name="Delete").focus()
    review.keyboard.press("Enter")
    notice = review.get_by_role("status").filter(has_text="Comment deleted.")
    expect(notice.get_by_role("button", name="Undo")).to_be_focused()
    assert said(review) == ["deleted", "Because"]

    review.keyboard.press("u")
    expect(review.locator("#decided")).to_have_text("0 of 2")
    assert said(review) == ["deleted", "Because"]
    review.keyboard.press("Enter")
    expect(notice).to_have_count(0)
    expect(first.locator(".words")).to_have_text("Why?")
    expect(first.locator(".by")).not_to_contain_text("edited")
    expect(review.locator(".thread")).to_be_focused()
    expect(review.locator("#announcer")).to_have_text("The comment is back.")


def test_a_thread_goes_with_its_only_comment(desk: Desk, apply: str, review: Page) -> None:
    begin(desk, apply)
    review.locator(".comment").hover()
    review.get_by_role("button", name="Delete your comment").click()
    expect(review.locator(".thread")).to_have_count(0)
    expect(review.locator(".talkflag")).to_have_count(0)
    undo = review.locator("#notices").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    review.keyboard.press("Escape")
    expect(undo).to_have_count(0)
    expect(review.locator(".hunk").first).to_be_focused()


def test_a_resolved_thread_is_one_line_and_can_be_opened_again(desk: Desk, apply: str, review: Page) -> None:
    begin(desk, apply, "Why `round`?")
    review.get_by_role("button", name="Resolve").click()
    line = review.locator(".thread .foldline")
    expect(line).to_have_text("Resolvedowner: Why round?1 comment")
    expect(review.locator(".thread .words")).to_be_hidden()
    expect(review.locator(".talkflag")).to_have_count(0)
    box = review.locator(".thread").bounding_box()
    assert box
    assert box["height"] < 40

    expect(review.locator("#notices").get_by_role("button", name="Undo")).to_be_focused()
    review.keyboard.press("Enter")
    expect(review.locator(".thread .words")).to_be_visible()
    expect(review.locator(".hbar .talkflag")).to_have_count(1)

    review.get_by_role("button", name="Resolve").click()
    line.click()
    expect(line).to_have_attribute("aria-expanded", "true")
    expect(review.locator(".thread .words")).to_be_visible()
    review.get_by_role("button", name="Reopen").click()
    expect(review.locator(".foldline")).to_have_count(0)
    expect(review.locator(".thread")).to_be_focused()


def test_the_offer_to_undo_takes_no_focus_from_somebody_who_went_on(desk: Desk, apply: str, review: Page) -> None:
    begin(desk, apply, "Why `round`?")
    held: list[tuple[Route, APIResponse]] = []
    review.route("**/resolved", lambda route: held.append((route, route.fetch())))
    review.get_by_role("button", name="Resolve").click()
    line = review.locator(".thread .foldline")
    line.click()  # the socket told of it before the request was answered
    route, answer = held.pop()
    route.fulfill(response=answer)
    expect(review.locator("#notices").get_by_role("button", name="Undo")).to_be_visible()
    expect(line).to_be_focused()


def test_an_answer_opens_a_resolved_thread_again(desk: Desk, apply: str) -> None:
    thread = begin(desk, apply)
    desk.tool.put(f"/api/applies/{apply}/threads/{thread['id']}/resolved", json={"resolved": True})
    page = desk.page(f"/applies/{apply}/")
    page.locator(".foldline").click()
    page.get_by_role("button", name="Reply").click()
    write(page, "Not yet")
    expect(page.locator(".foldline")).to_have_count(0)
    assert said(page) == ["Why?", "Not yet"]


def test_capital_c_goes_round_the_open_comments_and_into_folds(desk: Desk) -> None:
    apply = desk.post(LONG, LONG_CHAT, "values.py")
    begin(desk, apply, "before", side="old", line=2)
    begin(desk, apply, "on the hunk", side="new", line=50)
    resolved = begin(desk, apply, "resolved", side="new", line=51)
    begin(desk, apply, "between", side="new", line=100)
    desk.tool.put(f"/api/applies/{apply}/threads/{resolved['id']}/resolved", json={"resolved": True})
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator('.l[data-n="100"]')).to_have_count(0)

    focused = page.locator(".thread:focus .words")
    for words, told in (
        ("on the hunk", "Open comment 2 of 3, on line 50."),
        ("between", "Open comment 3 of 3, on line 100."),
        ("before", "Open comment 1 of 3, on old line 2."),
        ("on the hunk", "Open comment 2 of 3, on line 50."),
    ):
        page.keyboard.press("Shift+C")
        expect(focused).to_have_text(words)
        expect(focused).to_be_in_viewport()
        expect(page.locator("#announcer")).to_have_text(told)
    assert line_above(page.locator(".thread").filter(has_text="between")) == "o100 n100"
    expect(page.locator(".fold")).to_have_count(4)  # of the three the middle one was opened in its midst
    page.locator(".hunk").nth(1).locator(".hbar").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+C")
    expect(focused).to_have_text("before")


def test_capital_c_goes_to_comments_whose_rows_have_not_come_yet(desk: Desk) -> None:
    original = "".join(f"value_{n} = {n}\n" for n in range(1, 4001))
    merged = "".join(f"value_{n} = {n}{'0' if n % 20 == 0 else ''}\n" for n in range(1, 4001))
    apply = desk.post(original, f"```python\n{merged}```\n", "values.py")
    hunks = desk.tool.get(f"/api/applies/{apply}/hunks").json()
    assert len(hunks) == 200
    begin(desk, apply, "removed line", side="old", line=2400)
    begin(desk, apply, "added line", side="new", line=3600)
    begin(desk, apply, "whole hunk", hunk=hunks[149]["id"])
    begin(desk, apply, "folded line", side="new", line=3210)
    page = desk.page(f"/applies/{apply}/")
    for words, hunk in (("removed line", "120"), ("whole hunk", "150"), ("folded line", ""), ("added line", "180")):
        page.keyboard.press("Shift+C")
        focused = page.locator(".thread:focus")
        expect(focused.locator(".words")).to_have_text(words, timeout=20_000)
        expect(focused).to_be_in_viewport()
        if hunk:
            expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", hunk)
            expect(page.locator(".hunk.is-now .thread .words")).to_have_text(words)
            expect(page.locator(".hunk.is-now .hbar .talkflag")).to_have_count(1)
    page.keyboard.press("Shift+G")
    page.keyboard.press("c")
    write(page, "On the last hunk")
    expect(page.locator(".hunk.is-now .thread:focus .words")).to_have_text("On the last hunk", timeout=20_000)


def test_capital_c_without_an_open_comment_says_so(review: Page) -> None:
    review.keyboard.press("Shift+C")
    expect(review.locator("#announcer")).to_have_text("No comment is open.")


def test_a_link_to_a_comment_goes_there_through_its_fold(desk: Desk) -> None:
    apply = desk.post(LONG, LONG_CHAT, "values.py")
    thread = begin(desk, apply, "between", side="new", line=100)
    page = desk.page(f"/applies/{apply}/#comment-{thread['comments'][0]['id']}")
    expect(page.locator(".thread .words")).to_be_in_viewport()
    expect(page.locator(".thread")).to_be_focused()


def test_a_thread_in_a_fold_appears_when_the_fold_is_opened(desk: Desk) -> None:
    apply = desk.post(LONG, LONG_CHAT, "values.py")
    begin(desk, apply, "between", side="new", line=100)
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator(".thread .words")).to_be_hidden()
    page.locator(".fold").nth(1).get_by_role("button", name="all").click()
    expect(page.locator(".thread .words")).to_be_visible()
    assert line_above(page.locator(".thread")) == "o100 n100"


def test_another_window_follows_and_what_is_being_written_there_stays(desk: Desk, apply: str, review: Page) -> None:
    thread = begin(desk, apply)
    other = desk.page(f"/applies/{apply}/")
    other.keyboard.press("Shift+C")
    other.keyboard.press("c")
    other.keyboard.type("While ")

    review.get_by_role("button", name="Reply").click()
    write(review, "Meanwhile")
    expect(other.locator(".thread .words")).to_have_text(["Why?", "Meanwhile"])
    other.keyboard.type("I write")
    expect(other.locator(".composer textarea")).to_have_value("While I write")
    expect(other.locator(".composer textarea")).to_be_focused()

    desk.tool.put(f"/api/applies/{apply}/threads/{thread['id']}/resolved", json={"resolved": True})
    expect(review.locator(".foldline")).to_have_count(1)
    expect(other.locator(".foldline")).to_have_attribute("aria-expanded", "true")
    expect(other.locator(".composer textarea")).to_be_focused()
    other.keyboard.press("Control+Enter")
    expect(review.locator(".thread .words")).to_have_text(["Why?", "Meanwhile", "While I write"])
    expect(review.locator(".foldline")).to_have_count(0)


def test_an_answer_survives_that_its_thread_is_deleted(desk: Desk, apply: str, review: Page) -> None:
    thread = begin(desk, apply)
    review.get_by_role("button", name="Reply").click()
    review.keyboard.type("Late")
    desk.tool.delete(f"/api/applies/{apply}/comments/{thread['comments'][0]['id']}")
    begin(desk, apply, "a sign", side="new", line=9)
    expect(review.locator(".thread").filter(has_text="a sign")).to_have_count(1)
    review.keyboard.press("Control+Enter")
    expect(review.locator(".thread .words")).to_have_text(["a sign", "deleted", "Late"])


def test_threads_and_what_is_being_written_stay_when_a_hunk_is_cut(desk: Desk) -> None:
    two = "a = 1\nb = 2\nc = 3\n"
    apply = desk.post(two, f"```python\n{two.replace('a = 1', 'a = 10').replace('b = 2', 'b = 20')}```\n", "two.py")
    begin(desk, apply, "On the first", side="new", line=1)
    begin(desk, apply, "On both", hunk=desk.tool.get(f"/api/applies/{apply}/hunks").json()[0]["id"])
    page = desk.page(f"/applies/{apply}/")
    page.keyboard.press("c")
    page.keyboard.type("Still ")
    key = page.locator(".hunk").get_attribute("data-hunk")
    answer = desk.tool.post(f"/api/applies/{apply}/hunks/{key}/cuts", json={"removed": 1, "added": 1})
    assert answer.status_code == 200, answer.text

    expect(page.locator(".hunk")).to_have_count(2)
    page.keyboard.type("here")
    expect(page.locator(".composer textarea")).to_have_value("Still here")
    expect(page.locator(".hunk").first.locator(".thread .words")).to_have_text("On the first")
    expect(page.locator(".hunk").nth(1).locator(".thread .words")).to_have_text("On both")
    for hunk in page.locator(".hunk").all():
        expect(hunk.locator(".hbar .talkflag")).to_have_attribute("title", "1 open comment")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("c")
    write(page, "On a part")
    thread = desk.tool.get(f"/api/applies/{apply}/threads").json()["threads"][1]
    assert (thread["on"], thread["line_text"]) == ("line", "b = 20")


def test_c_comments_on_a_chosen_line(desk: Desk, apply: str, review: Page) -> None:
    review.keyboard.press("i")
    review.keyboard.press("c")
    write(review, "On the line")
    thread = desk.tool.get(f"/api/applies/{apply}/threads").json()["threads"][0]
    assert (thread["on"], thread["side"], thread["line"]) == ("line", "new", 11)


def test_words_that_look_like_markup_stay_text(review: Page) -> None:
    review.keyboard.press("c")
    words = "<img src=x onerror=window.hit=1> `</code><script>window.hit = 1</script>` {{ x }}"
    write(review, words)
    expect(review.locator(".thread .words")).to_have_text(words.replace("`", ""))
    assert review.evaluate("window.hit") is None


@pytest.mark.parametrize("view", ["split", "unified"])
def test_threads_stand_below_their_line_in_both_views(desk: Desk, apply: str, review: Page, view: str) -> None:
    if view == "unified":
        review.keyboard.press("v")
    for side in ("old", "new"):
        begin(desk, apply, f"On {side}", side=side, line=11)
    for side, cell in (("old", '.l.o[data-n="11"]'), ("new", '.l.n[data-n="11"]')):
        above = review.locator(cell).bounding_box()
        box = review.locator(".thread").filter(has_text=f"On {side}").bounding_box()
        assert above
        assert box
        assert above["y"] < box["y"]
        if view == "unified":
            assert box["y"] - above["y"] - above["height"] < 16
        else:
            assert above["x"] <= box["x"] < above["x"] + above["width"] / 2


@pytest.fixture
def phone(browser: Browser, account: Account) -> Iterator[Desk]:
    yield from desk_on(browser, account, viewport={"width": 390, "height": 844}, has_touch=True)


def test_a_phone_comments_by_thumb(phone: Desk) -> None:
    apply = phone.post(ORIGINAL, CHAT, "shop.py")
    page = phone.page(f"/applies/{apply}/")
    page.locator(".hunk").first.get_by_role("button", name="Comment", exact=True).tap()
    page.locator(".composer textarea").fill("By thumb " + "word_without_a_space" * 20)
    page.locator(".composer").get_by_role("button", name="Comment").tap()
    expect(page.locator(".thread")).to_have_count(1)
    page.locator('.l.n[data-n="9"]').tap()
    page.locator(".plus").tap()
    page.locator(".composer textarea").fill("On a line")
    page.locator(".composer").get_by_role("button", name="Comment").tap()
    expect(page.locator(".thread")).to_have_count(2)
    page.get_by_role("button", name="More actions").tap()
    page.locator("#more-menu").get_by_role("button", name="Next open comment").tap()
    expect(page.locator(".thread:focus")).to_have_count(1)
    page.locator(".thread:focus").get_by_role("button", name="Reply").tap()

    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TWICE) == []
    assert page.evaluate(SMALL, ["button", 24]) == []
