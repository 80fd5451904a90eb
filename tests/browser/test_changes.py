"""Kinds of changes in a real browser: moved blocks with a way to the other end, changes of white space alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Desk, becomes

MOVED = "def evict(self):\n    entry = self.pop()\n    if entry:\n        return 1\n    return 0\n\n\n"
HEAD = '"""Kept."""\n\n\n'
KEPT = "".join(f"def kept_{n}():\n    return {n}\n\n\n" for n in range(300))


def chat(merged: str) -> str:
    return f"```python\n{merged}```\n"


def test_a_moved_block_leads_to_its_other_end_and_back(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(HEAD + MOVED + KEPT, chat(HEAD + KEPT + MOVED), 'm.py')}/")
    away, here = page.locator(".hunk").first, page.locator(".hunk").last
    expect(away.locator(".flag.moved")).to_have_text("Moved, to line 1,204")
    away.get_by_role("button", name="line 1,204").click()
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "2")
    expect(here.locator(".row").first).to_be_in_viewport()
    assert here.locator(".l.mv").count() >= 5
    here.get_by_role("button", name="line 4", exact=True).press("Enter")
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "1")


def test_changes_of_white_space_alone_are_hidden_when_asked_and_stay_decided(desk: Desk) -> None:
    original = "def a():\n  x = 1\n  return x\n\n\n" + "k = 0\n" * 20 + "v = 5\n"
    merged = "def a():\n    x = 1\n    return x\n\n\n" + "k = 0\n" * 20 + "v = 6\n"
    apply = desk.post(original, chat(merged), "w.py")
    page = desk.page(f"/applies/{apply}/")
    first = page.locator(".hunk").first
    expect(first.locator(".flag.spaces")).to_have_text("Indent only")
    expect(page.locator("#decided")).to_have_text("0 of 2")
    page.keyboard.press("Shift+W")
    expect(page.locator("#announcer")).to_have_text("Changes of white space alone are hidden: 1 hunk.")
    expect(first.locator(".row")).to_have_count(2)
    expect(first.locator(".row").first).to_be_hidden()
    expect(first).to_contain_text("2 lines differ in white space only.")
    expect(page.locator(".hunk").last.locator(".row").first).to_be_visible()

    page.keyboard.press("a")
    expect(page.locator("#decided")).to_have_text("1 of 2")
    page.reload()
    expect(first).to_have_attribute("data-decision", "accepted")
    expect(first.locator(".row").first).to_be_hidden()
    show = first.get_by_role("button", name="differ in white space only")
    show.click()
    expect(show).to_have_attribute("aria-expanded", "true")
    expect(first.locator(".row").first).to_be_visible()
    page.keyboard.press("Shift+W")
    expect(first.locator(".flag.spaces")).to_be_visible()
    becomes(lambda: desk.result(apply), merged.replace("v = 6", "v = 5"))


def test_a_character_that_deceives_is_marked_and_says_why(desk: Desk) -> None:
    original = "def pay(user):\n    return user\n"
    merged = original.replace("return user", "return us\u0435r  # \u202eok")
    page = desk.page(f"/applies/{desk.post(original, chat(merged), 'pay.py')}/")
    note = page.locator("#charnote")
    expect(note).to_be_hidden()
    alike, control = page.locator(".l.add .look"), page.locator(".l.add .inv.control")

    alike.hover()
    expect(note).to_contain_text("U+0435 CYRILLIC SMALL LETTER IE")
    expect(note).to_contain_text("two names that look the same can be two names")
    control.focus()
    expect(note).to_contain_text("U+202E RIGHT-TO-LEFT OVERRIDE")
    expect(control).to_have_attribute("aria-describedby", "charnote")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    control.click()
    expect(note).to_be_visible()

    code = page.locator(".l.add code").last
    assert code.text_content() == "    return us\u0435r  # \u202eok"  # as it is, for whoever copies it
    left = page.evaluate("document.querySelector('.l.add .c').getBoundingClientRect().left")
    assert control.bounding_box()["x"] > left  # type: ignore[index]
