"""A hunk that is asked for again, in a real browser, with a model server on loopback: from the key to the decision."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Account, Desk, account_on, becomes, desk_on
from tests.browser.states import HUNDRED, fenced, multiplied
from tests.browser.test_states import SIZES, TOO_WIDE, keep, violations
from tests.conftest import Site
from tests.factories import CHAT, ORIGINAL
from tests.model_stand_in import StandIn, anew, block, model_stand_in, tagged

PATIENCE = 30_000  # milliseconds for an answer to come, on a machine that is busy
NOTE = "keep the tax, only round to whole numbers"
ANEW = ORIGINAL.replace("return price * (1 + TAX)", "return round(price * (1 + TAX), 0)")


@pytest.fixture(scope="module")
def model() -> Iterator[StandIn]:
    with model_stand_in() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def account(browser: Browser, model: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """On a site that has a language model."""
    site = Site(tmp_path_factory.mktemp("models"), {"APPLYWEB_OPENAI_URL": model.url, "APPLYWEB_RETRIES": "0"})
    site.start()
    yield account_on(browser, site)
    site.kill()


@pytest.fixture(autouse=True)
def answers(model: StandIn) -> Iterator[None]:
    model.answer = anew(", 2)", ", 0)")
    yield
    model.let_go()
    model.status = 200
    model.left.clear()


@pytest.fixture
def apply(desk: Desk) -> str:
    return desk.post(ORIGINAL, CHAT, "shop/prices.py")


@pytest.fixture
def review(desk: Desk, apply: str) -> Page:
    return opened(desk, apply)


def opened(desk: Desk, apply: str) -> Page:
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator("#decided")).to_have_text("0 of 2")
    return page


def note_field(page: Page) -> Locator:
    return page.get_by_label("What should be otherwise?")


def ask(page: Page, note: str = NOTE) -> None:
    """At the speed of somebody who types on: no key of the note may go elsewhere."""
    page.keyboard.press("Shift+Q")
    page.keyboard.type(note)
    expect(note_field(page)).to_have_value(note)
    page.keyboard.press("Enter")


def many_lines(prompt: str) -> str:
    return tagged(block(prompt, "proposal").replace(", 2)", ", 2)" + "\n    # more" * 40))


def test_a_hunk_is_asked_for_again_accepted_undone_and_there_after_a_reload(
    desk: Desk, apply: str, review: Page
) -> None:
    ask(review)
    expect(review.get_by_label("Proposal 2, by OpenAI API, for hunk 1")).to_contain_text(NOTE, timeout=PATIENCE)
    expect(review.locator(".alt.is-marked .l.add")).to_have_text(["return round(price * (1 + TAX), 0)"])
    expect(review.locator(".hunk").first.locator(":scope > .change .l.add")).to_contain_text(", 2)")  # beside it
    expect(review.locator("#decided")).to_have_text("0 of 2")
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    expect(review.locator(".hunk").first.locator(".flag.own")).to_have_text("Proposal 2, by OpenAI API")
    becomes(lambda: desk.result(apply), ANEW)
    review.keyboard.press("u")
    expect(review.locator("#decided")).to_have_text("0 of 2")
    becomes(lambda: desk.result(apply), ORIGINAL)
    review.keyboard.press("Shift+U")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    review.reload()
    expect(review.locator(".hunk").first.locator(".own .l.add")).to_contain_text(", 0)")
    expect(review.locator(".alt.is-taken")).to_contain_text("Stands above")
    review.keyboard.press("u")
    expect(review.locator(".alt.is-taken")).to_have_count(0)
    expect(review.locator(".alt[data-number]")).to_have_count(1)
    becomes(lambda: desk.result(apply), ORIGINAL)


def test_proposals_are_gone_through_by_keys_and_accept_takes_the_marked_one(
    desk: Desk, apply: str, review: Page, model: StandIn
) -> None:
    ask(review, "none")
    expect(review.locator(".alt.is-marked")).to_have_attribute("data-number", "2", timeout=PATIENCE)
    model.answer = anew(", 2)", ", 1)")
    ask(review, "one")
    expect(review.locator(".alt.is-marked")).to_have_attribute("data-number", "3", timeout=PATIENCE)
    review.keyboard.press(",")
    expect(review.locator(".alt.is-marked")).to_have_attribute("data-number", "2")
    review.keyboard.press(",")
    expect(review.locator(".is-marked")).to_have_count(0)
    review.keyboard.press(".")
    review.keyboard.press("a")
    expect(review.locator("#decided")).to_have_text("1 of 2")
    becomes(lambda: desk.result(apply), ANEW)
    expect(review.locator(".alt.is-taken")).to_have_attribute("data-number", "2")
    expect(review.locator(".hunk .flag.anew")).to_be_visible()  # the whole hunk is drawn again
    review.keyboard.press(".")  # the third
    expect(review.locator(".alt.is-marked")).to_have_attribute("data-number", "3")
    review.keyboard.press(".")  # what was proposed first
    expect(review.locator(".proposed.is-marked .l.add")).to_contain_text(", 2)")
    review.keyboard.press("a")
    expect(review.locator(".alt.is-taken")).to_have_count(0)
    becomes(lambda: desk.result(apply), ANEW.replace(", 0)", ", 2)"))


def test_the_bars_own_button_accepts_what_stands_in_the_hunk(desk: Desk, apply: str, review: Page) -> None:
    ask(review)
    expect(review.locator(".alt.is-marked")).to_be_visible(timeout=PATIENCE)
    review.locator(".hunk.is-now > .hbar [data-do=accepted]").click()
    expect(review.locator("#decided")).to_have_text("1 of 2")
    becomes(lambda: desk.result(apply), ANEW.replace(", 0)", ", 2)"))


def test_the_lines_show_while_they_are_written_in_each_window_and_are_stopped(
    desk: Desk, apply: str, review: Page, model: StandIn
) -> None:
    other = opened(desk, apply)
    model.answer = many_lines
    model.hold()
    ask(review)
    for page in (review, other):
        expect(page.locator(".alt.is-open .coming")).to_contain_text(
            "return round(price * (1 + TAX), 2)", timeout=PATIENCE
        )
        expect(page.locator(".alt.is-open")).to_contain_text("OpenAI API is writing")
    other.reload()
    expect(other.locator(".alt.is-open .coming")).to_contain_text("# more")
    assert "def net" not in other.locator(".coming").inner_text()
    review.keyboard.press("Shift+Q")
    expect(review.get_by_role("button", name="Stop")).to_be_focused()
    review.keyboard.press("Enter")
    for page in (review, other):
        expect(page.locator(".alt.is-stopped")).to_contain_text("The hunk is as it was")
    assert model.left.wait(20)
    model.answer = anew(", 2)", ", 0)")
    model.let_go()
    other.get_by_role("button", name="Ask again with this note").click()
    for page in (review, other):
        expect(page.locator(".alt[data-number] q")).to_have_text(NOTE, timeout=PATIENCE)
        expect(page.locator(".alt.is-stopped")).to_have_count(0)
    becomes(lambda: desk.result(apply), ORIGINAL)


@pytest.mark.parametrize("fault", ["empty", "refused"])
def test_a_failure_says_why_and_can_be_closed(review: Page, model: StandIn, fault: str) -> None:
    if fault == "empty":
        model.answer = lambda _: tagged("")
    else:
        model.status = 503
    ask(review)
    failed = review.locator(".alt.is-failed")
    reason = "The answer is empty." if fault == "empty" else "not today"
    expect(failed).to_contain_text(reason, timeout=PATIENCE)
    review.reload()
    expect(failed).to_contain_text(NOTE)
    failed.get_by_role("button", name="Close").click()
    expect(review.locator(".alts")).to_have_count(0)


def test_what_speaks_against_a_proposal_stands_with_it(review: Page, model: StandIn) -> None:
    model.answer = lambda prompt: tagged(block(prompt, "proposal").replace(", 2)", ", (").replace("0.2", "0.3"))
    ask(review)
    expect(review.locator(".alt .doubts li")).to_have_count(2, timeout=PATIENCE)
    expect(review.locator(".alt .doubts")).to_contain_text("1 line outside of this hunk")
    expect(review.locator(".alt .doubts")).to_contain_text("syntax error")


def test_a_hunk_that_was_decided_elsewhere_meanwhile_is_not_asked_about(desk: Desk, apply: str, review: Page) -> None:
    key = desk.tool.get(f"/api/applies/{apply}/hunks").json()[0]["id"]
    review.route("**/api/applies/*/review", lambda route: route.abort())  # the page does not hear of it
    desk.tool.put(f"/api/applies/{apply}/hunks/{key}/decision", json={"decision": "rejected"})
    ask(review)
    expect(review.locator(".askform .trouble")).to_contain_text("rejected since")
    expect(note_field(review)).to_have_value(NOTE)
    review.keyboard.press("Escape")
    expect(review.locator(".askform")).to_have_count(0)
    review.keyboard.press("Shift+Q")
    expect(note_field(review)).to_have_value(NOTE)  # kept


def test_a_note_that_is_being_written_stays_where_the_hunk_is_drawn_anew(desk: Desk, apply: str, review: Page) -> None:
    key = desk.tool.get(f"/api/applies/{apply}/hunks").json()[0]["id"]
    review.keyboard.press("Shift+Q")
    review.keyboard.type("half a ")
    desk.tool.put(f"/api/applies/{apply}/hunks/{key}/text", json={"text": "    return 1"})
    expect(review.locator(".hunk").first).to_contain_text("Own lines")
    expect(note_field(review)).to_be_focused()
    review.keyboard.type("thought")
    expect(note_field(review)).to_have_value("half a thought")


def test_proposals_of_a_hunk_that_comes_as_it_scrolls_are_there_when_it_comes(desk: Desk, model: StandIn) -> None:
    apply = desk.post(HUNDRED, fenced(multiplied(HUNDRED, 8)), "core/parts.py")
    hunks = desk.tool.get(f"/api/applies/{apply}/hunks").json()
    model.answer = lambda prompt: tagged(block(prompt, "proposal"))
    model.hold()
    asked = desk.tool.post(f"/api/applies/{apply}/hunks/{hunks[-2]['id']}/proposals", json={"note": NOTE})
    assert asked.status_code == 202
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator(f"#h-{hunks[-2]['id']}.waits")).to_have_count(1)
    page.keyboard.press("Shift+G")
    page.keyboard.press("k")
    expect(page.locator(".alt.is-open")).to_contain_text("OpenAI API is writing")
    model.let_go()
    expect(page.locator(".alt[data-number] .doubts")).to_contain_text("the same as", timeout=PATIENCE)


def test_axe_finds_nothing_against_the_form_and_the_lines_that_come(
    browser: Browser, account: Account, model: StandIn
) -> None:
    for desk in desk_on(browser, account, reduced_motion="reduce"):
        page = opened(desk, desk.post(ORIGINAL, CHAT, "shop/prices.py"))
        page.keyboard.press("Shift+Q")
        looked_at(page, "review-ask-again")
        model.answer = many_lines
        model.hold()
        page.keyboard.type(NOTE)
        page.keyboard.press("Enter")
        expect(page.locator(".coming")).to_contain_text("# more", timeout=PATIENCE)
        looked_at(page, "review-ask-again-writing")


def looked_at(page: Page, name: str) -> None:
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            keep(page, f"{name}-{width}-{scheme}")
            assert violations(page) == [], f"{name}, {width} px, {scheme}"
            assert page.evaluate(TOO_WIDE) <= 0, f"{name}, {width} px"
