"""Watching an apply being written: progress, settled hunks, an end without a jump, stops, failures, lost sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.browser.conftest import Account, Desk, account_on, becomes, desk_on
from tests.conftest import Site

LINES = [f"value_{n} = {n}\n" for n in range(1, 161)]
ORIGINAL = "".join(LINES)
MERGED = (
    ORIGINAL.replace("value_20 = 20\n", "value_20 = 2000\n")
    .replace("value_60 = 60\n", "")
    .replace("value_120 = 120\n", "value_120 = 120\nextra = 1\n")
)
CHAT = f"```python\n{MERGED}```\n"


def place_of(page: Page, line: int) -> float:
    box = page.locator(f'#main .l.n[data-n="{line}"]').bounding_box()
    assert box is not None
    return box["y"]


def test_the_page_follows_the_writing_and_swaps_the_review_in(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'values.py', 'paced', wait=False)}/")
    first = page.locator("#live-settled .hunk").first
    expect(first.locator(".l.add code")).to_have_text("value_20 = 2000")
    expect(first.locator(".l.del code")).to_have_text("value_20 = 20")
    expect(page.locator("#m-total")).to_have_text("160")
    expect(page.locator(".caret")).to_be_in_viewport()
    page.evaluate("window.mark = 'same page'")

    expect(page.locator("#diff .hunk")).to_have_count(3)
    assert page.evaluate("window.mark") == "same page"
    assert page.title() == "values.py, review - applyweb"
    expect(page.locator("#announcer")).to_have_text("The file is written. 3 hunks to review.")
    page.keyboard.press("a")
    expect(page.locator("#decided")).to_have_text("1 of 3")


def test_what_is_decided_while_it_is_written_holds_at_the_end(desk: Desk) -> None:
    apply = desk.post(ORIGINAL, CHAT, "values.py", "paced", wait=False)
    page = desk.page(f"/applies/{apply}/")
    settled = page.locator("#live-settled .hunk")
    expect(settled.first).to_be_attached()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(settled.first).to_have_attribute("data-decision", "accepted")
    expect(settled.nth(1)).to_be_attached()
    settled.nth(1).get_by_role("button", name="Reject").click()
    expect(settled.nth(1)).to_have_attribute("data-decision", "rejected")

    final = page.locator("#diff .hunk")
    expect(final).to_have_count(3)
    assert [hunk.get_attribute("data-decision") for hunk in final.all()] == ["accepted", "rejected", "pending"]
    expect(page.locator("#decided")).to_have_text("2 of 3")
    becomes(lambda: desk.result(apply), ORIGINAL.replace("value_20 = 20\n", "value_20 = 2000\n"))


def test_a_reader_who_followed_the_writing_is_taken_to_the_first_hunk(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'values.py', 'paced', wait=False)}/")
    expect(page.locator("#diff .hunk")).to_have_count(3)
    assert page.evaluate("window.scrollY") == 0
    expect(page.locator("#diff .hunk.is-now")).to_have_attribute("data-number", "1")
    expect(page.locator(".meters")).to_have_count(0)


def test_what_is_being_read_stays_where_it_is_at_the_end(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'values.py', 'paced', wait=False)}/")
    expect(page.locator("#live-settled .hunk").first).to_be_attached()
    # A turned wheel itself would go on scrolling smoothly for a time that nobody knows.
    page.evaluate("window.dispatchEvent(new WheelEvent('wheel', { deltaY: -100 }))")
    expect(page.locator("#follow")).to_be_visible()
    expect(page.locator("#live-tail .row").nth(35)).to_be_attached()  # else there is no room to scroll
    page.evaluate("window.scrollTo(0, 120)")
    before = place_of(page, 20)
    settled = page.locator("#live-settled .hunk").first.element_handle()
    expect(page.locator("#live-settled .hunk")).to_have_count(3)
    assert place_of(page, 20) == before
    assert settled is not None
    assert settled.evaluate("element => element.isConnected")

    expect(page.locator("#diff")).to_be_attached()
    assert place_of(page, 20) == pytest.approx(before, abs=1)


def test_a_reload_shows_everything_again_and_goes_on(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'values.py', 'paced', wait=False)}/")
    expect(page.locator("#live-settled .hunk").first).to_be_attached()
    page.reload()
    expect(page.locator("#live-settled .hunk").first).to_be_attached()
    expect(page.locator("#diff .hunk")).to_have_count(3)


def test_stop_ends_the_work_and_offers_no_result(desk: Desk) -> None:
    apply_id = desk.post(ORIGINAL, CHAT, "values.py", "paced", wait=False)
    page = desk.page(f"/applies/{apply_id}/")
    expect(page.locator("#live-tail .row").first).to_be_attached()
    page.keyboard.press("Escape")

    expect(page.get_by_role("heading", name="This apply was stopped")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Copy result")).to_have_count(0)
    expect(page.locator(".partial")).to_contain_text("value_1 = 1")
    assert desk.tool.get(f"/api/applies/{apply_id}").json()["status"] == "stopped"
    page.get_by_role("link", name="Apply again").first.click()
    expect(page.locator("#original")).to_have_value(ORIGINAL)
    expect(page.locator("#chat")).to_have_value(CHAT)
    expect(page.locator("input[value=paced]")).to_be_checked()


@pytest.fixture(scope="module")
def fast_account(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """A site whose engine breaks off half way, and is fast: thousands of lines a second."""
    env = {
        "APPLYWEB_ENGINES": "paced=tests.paced.PacedEngine",
        "APPLYWEB_PACED_LINES_PER_SECOND": "20000",
        "APPLYWEB_PACED_END": "error",
    }
    site = Site(tmp_path_factory.mktemp("fast"), env)
    site.start()
    yield account_on(browser, site)
    site.kill()


@pytest.fixture
def fast_desk(browser: Browser, fast_account: Account) -> Iterator[Desk]:
    yield from desk_on(browser, fast_account)


def test_a_broken_stream_says_what_happened_and_shows_what_was_written(fast_desk: Desk) -> None:
    page = fast_desk.page(f"/applies/{fast_desk.post(ORIGINAL, CHAT, 'values.py', 'paced', wait=False)}/")

    expect(page.get_by_role("heading", name="This apply failed")).to_be_visible()
    expect(page.locator(".banner.failed")).to_contain_text("The model server broke the connection. Apply again.")
    expect(page.locator(".partial")).to_contain_text("value_30 = 30")
    expect(page.get_by_role("button", name="Copy result")).to_have_count(0)


def test_a_fast_stream_keeps_the_page_small(fast_desk: Desk) -> None:
    original = "".join(f"line number {n}\n" for n in range(6_000))
    changed = original.replace("line number 5\n", "line number five\n")
    page = fast_desk.page("/sign-in/")
    page.add_init_script(
        "window.most = 0; new MutationObserver(() => {"
        " window.most = Math.max(window.most, document.querySelectorAll('#live .row').length);"
        " const end = document.querySelector('#live-tail .row:last-child');"
        " if (end) window.last = Number(end.dataset.index);"
        "}).observe(document, {childList: true, subtree: true})"
    )
    apply_id = fast_desk.post(original, f"```\n{changed}```\n", "lines.txt", "paced", wait=False)
    page.goto(f"{fast_desk.site.base}/applies/{apply_id}/")

    expect(page.locator(".banner.failed")).to_be_visible(timeout=60_000)
    assert page.evaluate("window.last") == 2_999
    assert 200 <= page.evaluate("window.most") <= 250


def test_a_stream_of_many_events_flows_through_one_connection(fast_desk: Desk) -> None:
    lines = [f"line number {n}\n" for n in range(6400)]
    changed = "".join("changed\n" + line if n % 8 == 0 else line for n, line in enumerate(lines))
    page = fast_desk.page("/sign-in/")
    sockets: list[str] = []
    heard: list[str | bytes] = []
    sent: list[str | bytes] = []

    def watch(socket: WebSocket) -> None:
        if "/events" in socket.url:
            sockets.append(socket.url)
            socket.on("framereceived", lambda frame: heard.append(frame))
            socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", watch)
    apply_id = fast_desk.post("".join(lines), f"```\n{changed}```\n", "lines.txt", "paced", wait=False)
    page.goto(f"{fast_desk.site.base}/applies/{apply_id}/")

    expect(page.locator(".banner.failed")).to_be_visible(timeout=60_000)
    assert len(sockets) == 1
    assert len(heard) > 256  # more than the server sends without an acknowledgement
    assert all('"type":"ack"' in str(frame) for frame in sent)


def test_the_page_finds_its_way_back_after_the_server_was_killed(browser: Browser, tmp_path: Path) -> None:
    env = {"APPLYWEB_ENGINES": "paced=tests.paced.PacedEngine", "APPLYWEB_PACED_LINES_PER_SECOND": "40"}
    site = Site(tmp_path, env)
    site.start()
    try:
        for desk in desk_on(browser, account_on(browser, site)):
            page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'values.py', 'paced', wait=False)}/")
            expect(page.locator("#live-settled .hunk").first).to_be_attached()
            site.kill()
            expect(page.locator("#phase")).to_contain_text("Connection lost")
            site.env["APPLYWEB_PACED_LINES_PER_SECOND"] = "12"  # time for the page to come back before the end
            site.start()
            expect(page.locator("#live-note")).to_contain_text("began this apply anew", timeout=20_000)
            expect(page.locator("#diff .hunk")).to_have_count(3, timeout=60_000)
    finally:
        site.kill()


def test_what_nobody_asked_for_comes_first_and_what_is_missing_is_shown(desk: Desk) -> None:
    original = "".join(f"def part_{n}(value):\n    return value + {n}\n\n\n" for n in range(40))
    merged = original.replace("return value + 3\n", "return value * 3\n").replace("value + 20\n", "value * 20\n")
    apply = desk.post(original, f"```python\n{merged}```\n", "parts.py", "careless")
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator(".hunk")).to_have_count(2)
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "2")
    expect(page.locator(".hunk.is-now .flag.extra")).to_be_visible()
    expect(page.locator(".hunk.is-now code").last).to_have_text("UNASKED = True")

    page.keyboard.press("g")
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "1")
    expect(page.locator(".cl.lit")).not_to_have_count(0)
    page.keyboard.press("e")
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "2")
    expect(page.locator(".cl.lit")).to_have_count(0)

    page.keyboard.press("m")
    missing = page.locator(".cl.mis")
    expect(missing).to_have_count(1)
    expect(missing).to_contain_text("return value * 3")
    expect(missing).to_be_in_viewport()
    expect(page.locator("#announcer")).to_contain_text("did not land")
    told = desk.tool.get(f"/api/applies/{apply}").json()
    assert told["confidence"] == "unsure"
    assert "1 of its changes nobody asked for; 1 line of the chat did not land" in told["notes"][0]["message"]
    assert [each["text"] for each in told["missing"]] == ["    return value * 3\n"]
    hunks = desk.tool.get(f"/api/applies/{apply}/hunks").json()
    assert [each["support"] for each in hunks] == ["justified", "extra"]
    assert hunks[1]["chat_lines"] == []
