"""Reviewing in a real browser: keys, decisions, a second window, folds, views, taking the result away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from applyweb.serving.bench.texts import changed_lines, python_source, whole_file_chat
from tests.browser.conftest import Desk, until
from tests.factories import CHAT, MERGED, ORIGINAL

IN_TWO = "x = 1\n" + "".join(f"# line {n}\n" for n in range(12)) + "v = 5\n\n\nq = 6\n"
CHAT_IN_TWO = "```python\n" + IN_TWO.replace("x = 1\n", "x = (1 +\n").replace("v = 5\n", "5)\n") + "```\n"
LONG = "".join(f"value_{n} = {n}\n" for n in range(1, 201))
LONG_CHAT = (
    "```python\n" + LONG.replace("value_50 = 50\n", "value_50 = 51\n").replace("value_150 = 150\n", "") + "```\n"
)


def states(page: Page) -> list[str]:
    return [hunk.get_attribute("data-decision") or "" for hunk in page.locator(".hunk").all()]


def current(page: Page) -> str:
    return page.locator(".hunk.is-now").get_attribute("data-number") or ""


def line_numbers(page: Page) -> list[int]:
    found: list[int] = page.eval_on_selector_all("#diff .l.o[data-n]", "lines => lines.map(l => Number(l.dataset.n))")
    return found


@pytest.fixture
def review(desk: Desk) -> Page:
    return desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/")


def test_keys_move_decide_undo_and_redo(review: Page) -> None:
    expect(review.locator(".hunk.is-now")).to_have_attribute("data-number", "1")
    review.keyboard.press("a")
    review.keyboard.press("j")
    assert current(review) == "2"
    review.keyboard.press("r")
    expect(review.locator("#decided")).to_have_text("2 of 2")
    assert states(review) == ["accepted", "rejected"]

    review.keyboard.press("u")
    expect(review.locator(".hunk").nth(1)).to_have_attribute("data-decision", "pending")
    review.keyboard.press("Shift+U")
    expect(review.locator(".hunk").nth(1)).to_have_attribute("data-decision", "rejected")
    review.keyboard.press("u")
    expect(review.locator(".hunk").nth(1)).to_have_attribute("data-decision", "pending")
    review.keyboard.press("Control+Shift+Z")
    expect(review.locator(".hunk").nth(1)).to_have_attribute("data-decision", "rejected")

    for key, number in (("k", "1"), ("j", "2"), ("k", "1"), ("Shift+G", "2"), ("g", "1")):
        review.keyboard.press(key)
        assert current(review) == number


def test_undo_and_redo_show_the_hunk_that_they_are_about(desk: Desk) -> None:
    source = python_source(400)
    page = desk.page(f"/applies/{desk.post(source, whole_file_chat(changed_lines(source, 20)), 'a.py')}/")
    first = page.locator('.hunk[data-number="1"]')
    expect(page.locator("#decided")).to_have_text("0 of 20")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.keyboard.press("Shift+G")
    expect(first).not_to_be_in_viewport()
    page.keyboard.press("u")
    expect(page.locator("#announcer")).to_have_text("Undone: hunk 1 is undecided.")
    expect(first).to_be_in_viewport()
    assert current(page) == "1"
    page.keyboard.press("Shift+G")
    page.keyboard.press("Shift+U")
    expect(page.locator("#announcer")).to_have_text("Redone: hunk 1 is accepted.")
    expect(first).to_be_in_viewport()


def test_all_at_once_is_one_step(review: Page) -> None:
    review.keyboard.press("Shift+A")
    expect(review.locator('#counts [data-count="accepted"]')).to_have_text("2")
    review.keyboard.press("Shift+R")
    expect(review.locator('#counts [data-count="rejected"]')).to_have_text("2")
    review.keyboard.press("u")
    expect(review.locator('#counts [data-count="accepted"]')).to_have_text("2")
    assert states(review) == ["accepted", "accepted"]


def test_all_takes_the_undecided_first_and_the_others_the_next_time(review: Page) -> None:
    review.keyboard.press("r")
    review.keyboard.press("Shift+A")
    said = "The others accepted; 1 stays rejected. Once more for all. 2 of 2 decided."
    expect(review.locator(".notice.brief")).to_have_text(said)
    assert states(review) == ["rejected", "accepted"]
    review.keyboard.press("Shift+A")
    expect(review.locator("#announcer")).to_have_text("All hunks accepted. 2 of 2 decided.")
    assert states(review) == ["accepted", "accepted"]
    for expected in (["rejected", "accepted"], ["rejected", "pending"]):
        review.keyboard.press("u")
        expect(review.locator(".hunk").first).to_have_attribute("data-decision", "rejected")
        expect(review.locator(".hunk").nth(1)).to_have_attribute("data-decision", expected[1])


def test_buttons_decide_and_a_decision_can_be_cleared(review: Page) -> None:
    second = review.locator(".hunk").nth(1)
    second.get_by_role("button", name="Reject").click()
    expect(second).to_have_attribute("data-decision", "rejected")
    assert current(review) == "2"
    expect(second.locator(".said.rejected")).to_be_visible()
    second.get_by_role("button", name="Clear").click()
    expect(second).to_have_attribute("data-decision", "pending")


def test_decisions_survive_a_reload(review: Page) -> None:
    review.keyboard.press("a")
    until(review, "() => !document.querySelector('[data-act=undo]').disabled")  # shown before the server has answered
    with review.expect_response("**/review"):
        review.reload()
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "accepted")
    assert states(review) == ["accepted", "pending"]
    review.keyboard.press("u")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "pending")


def test_a_second_window_follows(desk: Desk, review: Page) -> None:
    other = desk.page(review.url.removeprefix(desk.site.base))
    expect(other.locator("#decided")).to_have_text("0 of 2")
    with other.expect_response("**/review"):
        review.keyboard.press("r")
    expect(other.locator(".hunk").first).to_have_attribute("data-decision", "rejected")
    expect(other.locator("#decided")).to_have_text("1 of 2")


def test_a_decision_that_the_server_refuses_is_taken_back_and_said(desk: Desk, review: Page) -> None:
    desk.context.clear_cookies()
    review.keyboard.press("a")
    notice = review.get_by_role("alert")
    expect(notice).to_contain_text("It was not saved and is taken back")
    assert states(review) == ["pending", "pending"]
    notice.get_by_role("button", name="Close this notice").click()
    expect(notice).to_have_count(0)


def test_decisions_are_announced(review: Page) -> None:
    review.keyboard.press("a")
    expect(review.locator("#announcer")).to_have_text("Hunk 1 accepted. 1 of 2 decided.")


def test_keys_rest_in_the_help_dialog_and_can_be_switched_off(review: Page) -> None:
    review.keyboard.press("?")
    expect(review.locator("#help")).to_be_visible()
    review.keyboard.press("a")
    assert states(review) == ["pending", "pending"]
    review.get_by_label("Single-key shortcuts").uncheck()
    review.keyboard.press("Escape")
    expect(review.locator("#help")).to_be_hidden()
    review.keyboard.press("a")
    assert states(review) == ["pending", "pending"]
    review.reload()
    review.keyboard.press("a")
    assert states(review) == ["pending", "pending"]
    review.get_by_role("button", name="Keyboard help").click()
    review.get_by_label("Single-key shortcuts").check()
    review.keyboard.press("Escape")
    review.keyboard.press("a")
    expect(review.locator(".hunk").first).to_have_attribute("data-decision", "accepted")


def test_caps_lock_does_not_decide_everything(review: Page) -> None:
    # What a press of "a" under Caps Lock looks like: the capital without Shift.
    review.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'A', bubbles: true}))")
    expect(review.locator("#decided")).to_have_text("1 of 2")


def test_copy_download_and_patch_give_the_decided_result(desk: Desk, review: Page, tmp_path: Path) -> None:
    review.keyboard.press("a")
    review.keyboard.press("y")
    expect(review.locator("#announcer")).to_contain_text("Result copied")
    resolved = ORIGINAL.replace("return price * (1 + TAX)", "return round(price * (1 + TAX), 2)")
    assert review.evaluate("navigator.clipboard.readText()") == resolved

    with review.expect_download() as download:
        review.keyboard.press("d")
    assert download.value.suggested_filename == "shop.py"
    assert download.value.path().read_bytes() == resolved.encode()

    review.get_by_role("button", name="More", exact=True).click()
    with review.expect_download() as patch:
        review.get_by_role("link", name="Download as a patch").click()
    assert "+    return round(price * (1 + TAX), 2)" in patch.value.path().read_text()


def test_download_waits_for_the_decision_before_it(review: Page) -> None:
    with review.expect_download() as download:
        review.keyboard.press("Shift+A")
        review.keyboard.press("d")
    assert download.value.path().read_text() == MERGED


def test_preview_shows_the_result_so_far(review: Page) -> None:
    review.keyboard.press("o")
    expect(review.locator("#preview-text")).to_have_text(ORIGINAL)
    review.keyboard.press("Escape")
    review.keyboard.press("Shift+A")
    review.keyboard.press("o")
    expect(review.locator("#preview-text")).to_have_text(MERGED)
    assert review.locator("#preview-text").evaluate("place => place.textContent") == MERGED
    expect(review.locator("#preview-facts")).to_have_text("19 lines, 209 B: 2 accepted, 0 rejected, 0 pending")
    keyword = review.locator("#preview-text .k").filter(has_text="return").first
    plain = review.locator("#preview-text > span").first
    colour = "element => getComputedStyle(element).color"
    assert keyword.evaluate(colour) != plain.evaluate(colour)


def test_asking_lines_are_lit_for_the_focused_hunk_only(review: Page) -> None:
    lit = review.locator(".cl.lit")
    first, second = lit.filter(has_text="round(price"), lit.filter(has_text="EUR")
    expect(first).not_to_have_count(0)
    review.keyboard.press("j")
    expect(second).not_to_have_count(0)
    expect(first).to_have_count(0)
    review.locator(".cl .num").first.click()
    assert current(review) == "1"


def test_folds_expand_up_down_and_whole(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(LONG, LONG_CHAT, 'values.py')}/")
    middle = page.locator(".fold").nth(1)
    expect(middle).to_contain_text("93 lines the same")
    middle.get_by_role("button", name="20 lines below").click()
    expect(middle).to_contain_text("73 lines the same")
    middle.get_by_role("button", name="20 lines above").click()
    expect(middle).to_contain_text("53 lines the same")
    assert line_numbers(page) == [*range(47, 74), *range(127, 154)]
    middle.get_by_role("button", name="all").click()
    expect(page.locator(".fold")).to_have_count(2)
    assert line_numbers(page) == [*range(47, 154)]
    expect(page.locator('.l.n[data-n="100"] code')).to_have_text("value_100 = 100")

    page.keyboard.press("x")
    expect(page.locator(".fold").first).to_contain_text("26 lines the same")
    assert line_numbers(page)[0] == 27


def test_folds_expand_to_the_whole_definition(desk: Desk) -> None:
    source = "\n\n".join(f"def f{n}():\n" + f"    x = {n}\n" * 40 + f"    return {n}\n" for n in range(3))
    changed = source.replace("    x = 1\n" * 40, "    x = 1\n" * 20 + "    y = 1\n" + "    x = 1\n" * 20)
    page = desk.page(f"/applies/{desk.post(source, f'```python{chr(10)}{changed}```', 'f.py')}/")
    above, below = page.locator(".fold").first, page.locator(".fold").last
    expect(above).to_contain_text("def f1")
    begins, ends = source.splitlines().index("def f1():") + 1, source.splitlines().index("    return 1") + 1
    above.get_by_role("button", name="up to where it begins").click()
    expect(page.locator(f'.l.o[data-n="{begins}"]')).to_be_visible()
    assert line_numbers(page)[0] == begins
    expect(above.get_by_role("button", name="up to where it begins")).to_have_count(0)
    page.keyboard.press("Shift+X")
    expect(page.locator(f'.l.o[data-n="{ends}"]')).to_be_visible()
    assert line_numbers(page)[-1] == ends
    expect(below.get_by_role("button", name="down to where")).to_have_count(0)


def test_the_colours_of_a_large_file_arrive_by_themselves(desk: Desk) -> None:
    original = "".join(f"value_{n} = {n}  # note\n" for n in range(4000))
    changed = original.replace("value_7 =", "value_seven =")
    page = desk.page(f"/applies/{desk.post(original, f'```python{chr(10)}{changed}```', 'values.py')}/")
    page.keyboard.press("a")

    expect(page.locator("#apply")).to_have_attribute("data-coloured", "yes", timeout=30_000)
    expect(page.locator(".l.add .c")).to_have_text("# note")
    expect(page.locator(".hunk")).to_have_attribute("data-decision", "accepted")


def test_unified_view_is_remembered_and_puts_old_lines_first(desk: Desk, review: Page) -> None:
    review.keyboard.press("v")
    assert review.evaluate("document.documentElement.dataset.view") == "unified"
    old = review.locator(".l.del").first.bounding_box()
    new = review.locator(".l.add").first.bounding_box()
    assert old
    assert new
    assert (old["x"], old["y"] + old["height"]) == (new["x"], new["y"])
    review.reload()
    assert review.evaluate("document.documentElement.dataset.view") == "unified"
    review.keyboard.press("v")
    side = review.locator(".l.add").first.bounding_box()
    assert side
    assert side["x"] > old["x"]


def test_panels_close_and_the_choice_is_remembered(review: Page) -> None:
    review.keyboard.press("[")
    expect(review.locator("#rail")).to_be_hidden()
    review.keyboard.press("]")
    expect(review.locator("#chat")).to_be_hidden()
    review.reload()
    expect(review.locator("#rail")).to_be_hidden()
    review.keyboard.press("[")
    expect(review.locator("#rail")).to_be_visible()


def test_theme_is_chosen_before_anything_is_painted(review: Page) -> None:
    review.keyboard.press("t")
    assert review.evaluate("document.documentElement.dataset.theme") == "dark"
    review.add_init_script(
        "new MutationObserver((_, me) => { if (document.body) { window.early = document.documentElement.dataset.theme;"
        " me.disconnect(); } }).observe(document, {childList: true, subtree: true})"
    )
    review.reload()
    assert review.evaluate("window.early") == "dark"
    assert review.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 18, 21)"


def test_code_that_looks_like_markup_stays_text(desk: Desk) -> None:
    original = "<p>old</p>\n</script><script>window.hit = 1</script>\n{{ x }}\n"
    chat = "Change `<img src=x onerror=window.hit=1>`:\n\n```html\n" + original.replace("old", "<b>new</b>") + "```\n"
    page = desk.page(f"/applies/{desk.post(original, chat, 'page.html')}/")

    expect(page.locator(".l.add code")).to_have_text("<p><b>new</b></p>")
    assert page.evaluate("window.hit") is None


def test_a_selection_that_does_not_parse_is_warned_about(desk: Desk) -> None:
    apply = desk.post(IN_TWO, CHAT_IN_TWO, "two.py")
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator(".hunk")).to_have_count(2)
    expect(page.locator("#unsound")).to_be_empty()
    page.keyboard.press("a")
    expect(page.locator("#unsound")).to_contain_text("does not parse")
    answer = desk.tool.get(f"/api/applies/{apply}/result/syntax").json()
    assert answer["parses"] is False
    assert answer["line"] >= 1
    expect(page.locator("#unsound").get_by_role("button", name="Accept 2 too")).to_be_visible()
    expect(page.locator(".foot > kbd")).to_have_text("M")
    expect(page.locator("#unsound button").first).to_have_text("Reject 1")
    page.keyboard.press("Shift+M")
    expect(page.locator("#unsound")).to_be_empty()
    assert states(page) == ["rejected", "pending"]
    page.keyboard.press("u")
    page.locator("#unsound").get_by_role("button", name="Accept 2 too").click()
    expect(page.locator("#unsound")).to_be_empty()
    assert states(page) == ["accepted", "accepted"]
    sound = {"parses": True, "line": None, "mends": [], "loose": []}
    assert desk.tool.get(f"/api/applies/{apply}/result/syntax").json() == sound
    expect(page.locator(".foot > kbd")).to_be_hidden()
    page.keyboard.press("Shift+M")
    expect(page.locator(".notice.brief")).to_contain_text("Nothing is known")


def test_own_lines_that_do_not_parse_are_warned_about_where_all_is_accepted(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/")
    page.keyboard.press("Shift+A")
    expect(page.locator("#decided")).to_have_text("2 of 2")
    page.keyboard.press("Shift+E")
    page.get_by_label("The lines that are to stand here").fill("    for each in ():")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#unsound")).to_contain_text("does not parse")


def test_on_a_phone_the_heading_of_the_preview_stands_above_what_is_said_of_it(review: Page) -> None:
    review.set_viewport_size({"width": 390, "height": 844})
    review.keyboard.press("o")
    dialog = review.get_by_role("dialog", name="The result so far")
    expect(dialog).to_be_visible()
    heading, facts, close = (
        place.bounding_box() or {}
        for place in (dialog.get_by_role("heading"), dialog.locator("#preview-facts"), dialog.locator("[data-close]"))
    )
    assert heading["height"] < 40
    assert facts["y"] >= heading["y"] + heading["height"]
    assert close["x"] >= heading["x"] + heading["width"]
