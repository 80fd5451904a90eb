"""Deleting in a real browser: asked first, by pointer and by key, and told to the other windows."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, desk_on
from tests.browser.states import changeset, discussed, other_account, parts
from tests.browser.test_changesets import made
from tests.factories import CHAT, ORIGINAL


def gone(desk: Desk, apply: str) -> bool:
    return desk.tool.get(f"/api/applies/{apply}").status_code == 404


def asked(page: Page) -> None:
    expect(page.locator("#delete-go")).to_be_enabled()


def test_a_row_of_the_list_is_deleted_by_key_and_the_next_has_the_focus(desk: Desk) -> None:
    older = desk.post(ORIGINAL, CHAT, "shop/older.py")
    newer = desk.post(ORIGINAL, CHAT, "shop/newer.py")
    page = desk.page("/applies/?q=shop")
    page.keyboard.press("#")
    expect(page.locator(".notice.brief")).to_contain_text("Go to an apply of yours first")
    page.keyboard.press("j")
    expect(page.locator(f'[data-apply="{newer}"]')).to_be_focused()
    page.keyboard.press("#")
    expect(page.get_by_role("heading", name="Delete newer.py?")).to_be_visible()
    asked(page)
    page.keyboard.press("Enter")  # what has the focus keeps it
    expect(page.locator("#delete")).to_be_hidden()
    expect(page.locator(f'[data-apply="{newer}"]')).to_be_focused()
    assert not gone(desk, newer)
    page.keyboard.press("#")
    asked(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-apply="{newer}"]')).to_have_count(0)
    expect(page.locator(f'[data-apply="{older}"]')).to_be_focused()
    assert gone(desk, newer)
    assert not gone(desk, older)


def test_a_row_of_the_list_is_deleted_by_pointer(desk: Desk) -> None:
    apply = desk.post(ORIGINAL, CHAT, "shop/prices.py")
    page = desk.page("/applies/")
    page.get_by_role("button", name="Delete prices.py").first.click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(f'[data-apply="{apply}"]')).to_have_count(0)
    expect(page.locator(".notice.brief")).to_contain_text("prices.py was deleted.")
    assert gone(desk, apply)


def test_the_question_says_what_goes(desk: Desk) -> None:
    apply = discussed(desk)
    page = desk.page(f"/applies/{apply}/")
    page.locator(".fin [data-menu]").click()
    page.locator("#more-menu").get_by_role("button", name="Delete").click()
    losses = page.locator("#delete .losses li")
    expect(losses).to_have_text([re.compile("1 newer version"), re.compile("3 decisions"), re.compile("2 comments")])
    page.keyboard.press("Escape")
    expect(page.locator("#delete")).to_be_hidden()
    assert not gone(desk, apply)
    page.keyboard.press("#")
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/applies/")
    assert gone(desk, apply)


def test_other_windows_say_that_it_was_deleted(desk: Desk) -> None:
    finished = desk.post(ORIGINAL, CHAT, "shop/prices.py")
    failed = desk.post(ORIGINAL, CHAT, "shop/failed.py", "broken")
    writing = desk.post(parts(900) + ORIGINAL, CHAT, "shop/long.py", "paced", wait=False)
    pages = [desk.page(f"/applies/{apply}/") for apply in (finished, failed, writing)]
    expect(pages[2].locator(".caret")).to_be_attached()
    pages[0].keyboard.press("Shift+E")
    expect(pages[0].locator(".editor")).to_be_visible()
    for apply in (finished, failed, writing):
        assert desk.tool.delete(f"/api/applies/{apply}").status_code == 200
    for page in pages:
        expect(page.get_by_role("heading", name="This apply was deleted")).to_be_visible()
        expect(page).to_have_title("This apply was deleted - applyweb")
        page.keyboard.press("a")  # nothing on it can be used any more
        page.keyboard.press("#")
        expect(page.locator("#delete")).to_be_hidden()
        page.get_by_role("link", name="Your applies").click()
        page.wait_for_url("**/applies/")


def test_a_page_that_was_away_is_told_when_it_comes_back(desk: Desk) -> None:
    apply = desk.post(ORIGINAL, CHAT, "shop/prices.py")
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator(".hunk.is-now")).to_be_visible()
    page.context.set_offline(True)
    assert desk.tool.delete(f"/api/applies/{apply}").status_code == 200
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="This apply was deleted")).to_be_visible()


def test_a_changeset_is_deleted_with_its_files_and_another_window_is_told(desk: Desk) -> None:
    files = made(desk, 2)
    page, other = (desk.page(f"/changesets/{files['id']}/") for _ in range(2))
    page.keyboard.press("#")
    expect(page.locator("#delete-told")).to_contain_text("2 files with the answer")
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/applies/")
    expect(other.get_by_role("heading", name="This changeset was deleted")).to_be_visible()
    assert all(gone(desk, file["id"]) for file in files["files"])


def test_from_a_file_of_a_changeset_the_way_leads_back_to_it(desk: Desk) -> None:
    whole = changeset(desk)
    files = desk.tool.get(f"/api/changesets/{whole}").json()["files"]
    page = desk.page(files[0]["url"])
    other = desk.page(f"/changesets/{whole}/")
    page.keyboard.press("#")
    expect(page.locator("#delete .losses")).to_contain_text("The other 2 files of its changeset stay.")
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url(f"**/changesets/{whole}/")
    for each in (page, other):
        expect(each.locator("[data-file]")).to_have_count(2)


def test_others_cannot_delete_what_is_shared_with_them_and_are_told_when_it_is_gone(desk: Desk) -> None:
    apply = desk.post(ORIGINAL, CHAT, "shop/prices.py")
    desk.tool.put(f"/api/applies/{apply}/shared", json={"shared": True})
    browser = desk.context.browser
    assert browser is not None
    for other in desk_on(browser, other_account(browser, desk.site)):
        page = other.page(f"/applies/{apply}/")
        page.keyboard.press("a")
        page.keyboard.press("#")
        expect(page.locator(".notice.brief")).to_have_text("Only the person who made it can delete it.")
        page.locator(".fin [data-menu]").click()
        expect(page.locator("#more-menu")).not_to_contain_text("Delete")
        row = other.page("/applies/?q=prices").locator(f'tr:has([href="/applies/{apply}/"])')
        expect(row).to_be_visible()
        expect(row.get_by_role("button")).to_have_count(0)
        assert desk.tool.delete(f"/api/applies/{apply}").status_code == 200
        expect(page.get_by_role("heading", name="This apply is no longer here")).to_be_visible()
