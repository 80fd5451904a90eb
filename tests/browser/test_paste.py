"""The paste page in a real browser: exact bytes in, clear words for what cannot be taken."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.factories import CHAT, MERGED, ORIGINAL

AWKWARD = "\ufeffdef one():\r\n    return 1\n\n\r\ndef two():\r\n    return 'é😀'"
AWKWARD_CHAT = "```python\ndef one():\n    return 11\n```\n"


def open_file(page: Page, pane: str, name: str, data: bytes) -> None:
    page.locator(f"[data-pane={pane}] input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def apply_id_of(page: Page) -> str:
    page.wait_for_url("**/applies/*/")
    return page.url.rstrip("/").rpartition("/")[2]


def stored_original(desk: Desk, apply_id: str) -> bytes:
    """Rejecting everything gives the original back."""
    page = desk.page(f"/applies/{apply_id}/")
    page.wait_for_selector("#diff")
    return desk.tool.get(f"/api/applies/{apply_id}/result").content


def test_a_pasted_file_and_chat_become_a_reviewed_result(desk: Desk) -> None:
    page = desk.page()
    page.locator("#original").fill(ORIGINAL)
    page.locator("#chat").fill(CHAT)
    page.locator("#path").fill("shop.py")
    expect(page.locator("#language option").first).to_have_text("Detect: python")
    page.get_by_role("button", name="Apply Ctrl Enter").click()

    expect(page.locator("#decided")).to_have_text("0 of 2")
    page.keyboard.press("Shift+A")
    expect(page.locator("#decided")).to_have_text("2 of 2")
    page.keyboard.press("y")
    expect(page.locator("#announcer")).to_contain_text("Result copied")
    assert page.evaluate("navigator.clipboard.readText()") == MERGED


def test_an_opened_file_keeps_every_byte(desk: Desk) -> None:
    page = desk.page()
    open_file(page, "original", "odd.py", AWKWARD.encode())
    expect(page.locator("#path")).to_have_value("odd.py")
    expect(page.locator("#original-facts")).to_have_text("6 lines, 62 B, mixed line ends (CRLF, LF), BOM")
    page.locator("#chat").fill(AWKWARD_CHAT)
    page.keyboard.press("Control+Enter")

    assert stored_original(desk, apply_id_of(page)) == AWKWARD.encode()


def test_an_edit_of_an_opened_file_changes_only_what_was_edited(desk: Desk) -> None:
    page = desk.page()
    open_file(page, "original", "odd.py", AWKWARD.encode())
    page.locator("#original").press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("x = 1")
    page.locator("#chat").fill(AWKWARD_CHAT)
    page.keyboard.press("Control+Enter")

    assert stored_original(desk, apply_id_of(page)) == (AWKWARD + "\r\nx = 1").encode()


def test_a_paste_keeps_its_line_ends(desk: Desk) -> None:
    page = desk.page()
    page.locator("#original").focus()
    page.evaluate(
        """text => {
          // A real paste of this text: the event with its data, then what the browser puts in for it.
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const area = document.getElementById("original");
          if (area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))) {
            document.execCommand("insertText", false, text);
          }
        }""",
        "a = 1\r\nb = 2\r\n",
    )
    expect(page.locator("#original-facts")).to_have_text("2 lines, 14 B, CRLF")


def test_a_reload_loses_nothing_and_a_success_begins_anew(desk: Desk) -> None:
    page = desk.page()
    open_file(page, "original", "odd.py", AWKWARD.encode())
    page.locator("#chat").fill(AWKWARD_CHAT)
    page.reload()
    expect(page.locator("#original-facts")).to_have_text("6 lines, 62 B, mixed line ends (CRLF, LF), BOM")
    page.keyboard.press("Control+Enter")
    assert stored_original(desk, apply_id_of(page)) == AWKWARD.encode()
    page.goto(desk.site.base)
    expect(page.locator("#original-facts")).to_have_text("empty")


def test_a_dropped_file_is_opened_where_it_falls(desk: Desk) -> None:
    page = desk.page()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["the answer\\n```python\\nx = 1\\n```\\n"], "answer.md"));
          const pane = document.querySelector("[data-pane=chat]");
          for (const type of ["dragover", "drop"]) {
            pane.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
          }
        }"""
    )
    expect(page.locator("#chat")).to_have_value("the answer\n```python\nx = 1\n```\n")
    expect(page.locator("#chat-code")).to_have_text("1 code block")
    expect(page.locator("#path")).to_have_value("")


def test_files_that_cannot_be_taken_are_refused_and_nothing_is_lost(desk: Desk) -> None:
    page = desk.page()
    page.locator("#original").fill("kept")
    trouble = page.locator("#original-error")
    for name, data, words in (
        ("a.bin", b"a\x00b", "a.bin looks like a binary file"),
        ("latin.py", b"caf\xe9", "latin.py is not UTF-8"),
        ("huge.py", b"x" * (4 * 1024 * 1024 + 1), "huge.py has 4.0 MiB; the limit is 4.0 MiB"),
    ):
        open_file(page, "original", name, data)
        expect(trouble).to_contain_text(words)
        expect(page.locator("#original")).to_have_value("kept")
    expect(page.locator("#path")).to_have_value("")


def test_what_the_server_refuses_stands_at_its_field(desk: Desk) -> None:
    page = desk.page()
    page.locator("#original").fill(ORIGINAL)
    page.locator("#chat").fill("Sounds good, do it.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#chat-error")).to_contain_text("no code")
    expect(page.locator("#chat")).to_be_focused()
    expect(page.locator("#go")).to_be_enabled()
    expect(page.locator("#original")).to_have_value(ORIGINAL)
    page.locator("#chat").fill(CHAT)
    expect(page.locator("#chat-error")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    apply_id_of(page)


def test_deceptive_characters_are_warned_of(desk: Desk) -> None:
    page = desk.page()
    page.locator("#original").fill("a = 1\nb = '\u202e'\n")
    expect(page.locator("#original-error")).to_contain_text("Line 2 holds an invisible control")


def test_engine_cards_show_their_live_state(desk: Desk) -> None:
    page = desk.page()
    card = page.locator(".engine", has=page.locator("input[value=embedded]"))
    expect(card.locator("[data-state]")).to_have_text("ready")
    expect(page.locator("input[value=sglang]")).to_be_disabled()
    expect(page.locator("input[value=auto]")).to_be_checked()


def test_the_path_is_guessed_from_the_chat_until_somebody_types_one(desk: Desk) -> None:
    page = desk.page()
    page.locator("#chat").fill("In `src/shop.py`:\n```python\nx = 1\n```\n")
    expect(page.locator("#path")).to_have_value("src/shop.py")
    page.locator("#path").fill("")
    page.locator("#chat").press("Control+End")
    page.keyboard.type("More.")
    expect(page.locator("#path")).to_have_value("")
