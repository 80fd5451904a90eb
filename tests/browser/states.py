"""Every page of the site in every state that a person can meet, each opened by a function of this module."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.factories import CHAT, ORIGINAL


def parts(count: int) -> str:
    return "".join(f"def part_{n}(value):\n    return value + {n}\n\n\n" for n in range(count))


def multiplied(text: str, every: int) -> str:
    """`text` with a change in each `every` lines."""
    lines = text.splitlines(keepends=True)
    return "".join(line.replace("+", "*") if n % every == 1 else line for n, line in enumerate(lines))


HUNDRED = parts(210)
SOME = parts(16)  # few: axe takes more than twice as long for twice as many lines
LONG = (
    ORIGINAL
    + "\n\nlabel_of_everything = '"
    + "word_without_a_space" * 30
    + "'\n"
    + "x = 0\n" * 60
    + "y = 'some words '\n"
)
LONG_AFTER = LONG.replace("some words ", "some words " * 30)
UNSURE = ORIGINAL + "\n\ndef more(price):\n    return price\n"
CASE = Callable[[Desk], Page]


def fenced(text: str) -> str:
    return f"Here is the whole file:\n\n```python\n{text}```\n"


def review(desk: Desk, original: str = ORIGINAL, chat: str = CHAT, path: str = "shop/prices.py", how: str = "") -> Page:
    page = desk.page(f"/applies/{desk.post(original, chat, path, how or 'embedded')}/")
    expect(page.locator("#apply")).to_have_attribute("data-status", "finished")
    return page


def hundred_hunks(desk: Desk) -> Page:
    return review(desk, HUNDRED, fenced(multiplied(HUNDRED, 8)), "core/parts.py")


def some_hunks(desk: Desk) -> Page:
    return review(desk, SOME, fenced(multiplied(SOME, 28)), "core/parts.py")


def folds_open(desk: Desk) -> Page:
    page = some_hunks(desk)
    page.locator(".fold").first.get_by_role("button", name="all").click()
    page.keyboard.press("x")
    expect(page.locator('.l.n[data-n="20"]')).to_be_attached()
    return page


def decided(desk: Desk) -> Page:
    page = review(desk)
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("#decided")).to_have_text("2 of 2")
    expect(page.get_by_role("button", name="Undo").first).to_be_enabled()
    return page


def streaming(desk: Desk) -> Page:
    original = parts(900)  # at the pace of the paced engine more than a minute
    chat = "A longer story about it.\n\n" * 40 + "```python\ndef part_3(value):\n    return value * 3\n```\n"
    page = desk.page(f"/applies/{desk.post(original, chat, 'parts.py', 'paced', wait=False)}/")
    expect(page.locator("#live-settled .hunk").first).to_be_attached(timeout=30_000)
    return page


def stopped(desk: Desk) -> Page:
    page = streaming(desk)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="This apply was stopped")).to_be_visible()
    return page


def failed(desk: Desk) -> Page:
    page = desk.page(f"/applies/{desk.post(SOME, fenced(multiplied(SOME, 28)), 'parts.py', 'broken')}/")
    expect(page.locator(".banner.failed")).to_be_visible()
    return page


def refused(desk: Desk) -> Page:
    page = desk.page("/")
    page.locator("#original").fill(ORIGINAL)
    page.locator("#chat").fill("Sounds good, do it.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#chat-error")).to_be_visible()
    return page


def signed_out(desk: Desk, address: str = "/sign-in/") -> Page:
    desk.context.clear_cookies()
    return desk.page(address)


def empty_list(desk: Desk) -> Page:
    script = (
        "from applyweb.actions.accounts import make_sign_in_path; from applyweb.models import User; "
        "print(make_sign_in_path(User.objects.get_or_create(username='newcomer')[0]))"
    )
    page = signed_out(desk, desk.site.manage("shell", "-v0", "-c", script).split()[-1])
    page.goto(desk.site.base + "/applies/")
    expect(page.get_by_text("There is no apply yet")).to_be_visible()
    return page


def pressed(page: Page, *keys: str, shows: str) -> Page:
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(shows)).to_be_visible()
    return page


def clicked(page: Page, selector: str, shows: str) -> Page:
    page.locator(selector).click()
    expect(page.locator(shows)).to_be_visible()
    return page


def key_taken(desk: Desk) -> Page:
    page = pressed(review(desk), "?", shows="#help")
    page.get_by_role("button", name="Accept: a. Change").press("Enter")
    return pressed(page, "r", shows=".clash")


def found(desk: Desk) -> Page:
    page = pressed(some_hunks(desk), "/", shows="#find")
    page.keyboard.type("value * 7")
    page.keyboard.press("Enter")
    expect(page.locator("[data-find-count]")).to_contain_text("1 of")
    return page


def linked(desk: Desk) -> Page:
    page = some_hunks(desk)
    page.evaluate("location.hash = '#L14-L19'")
    expect(page.locator(".l.is-linked").first).to_be_visible()
    return page


def scrolled(desk: Desk) -> Page:
    page = pressed(review(desk, LONG, fenced(LONG_AFTER)), "Shift+L", shows="#sideways")
    return pressed(page, ">", shows="#sideways")


def panel(desk: Desk, name: str) -> Page:
    page = review(desk, ORIGINAL, fenced(UNSURE.replace("+ TAX", "- TAX")), how="careless")
    page.locator(f"#pane-{name}").evaluate("radio => { radio.checked = true; }")
    return page


STATES: dict[str, CASE] = {
    "paste": lambda desk: desk.page("/"),
    "paste-again": lambda desk: desk.page(f"/?from={desk.post(ORIGINAL, CHAT, 'shop/prices.py')}"),
    "paste-refused": refused,
    "list": lambda desk: desk.page("/applies/"),
    "list-nothing-found": lambda desk: desk.page("/applies/?q=nothing-of-the-kind"),
    "list-empty": empty_list,
    "engines": lambda desk: desk.page("/engines/"),
    "sign-in": signed_out,
    "sign-in-used-link": lambda desk: signed_out(desk, "/sign-in/1/used-link/"),
    "not-found": lambda desk: desk.page("/applies/nothing22222/"),
    "review": review,
    "review-decided": decided,
    "review-unsure": lambda desk: review(desk, ORIGINAL, fenced(UNSURE.replace("+ TAX", "- TAX")), how="careless"),
    "review-unchanged": lambda desk: review(desk, ORIGINAL, fenced(ORIGINAL)),
    "review-hundred-hunks": hundred_hunks,
    "review-folds-open": folds_open,
    "review-long-lines": lambda desk: review(desk, LONG, fenced(LONG_AFTER)),
    "review-long-lines-scroll": scrolled,
    "review-linked-lines": linked,
    "review-find": found,
    "review-go-to-line": lambda desk: pressed(some_hunks(desk), ":", shows="#goto"),
    "review-line-by-line": lambda desk: pressed(review(desk), "i", "Shift+J", shows="#linebar"),
    "review-own-lines": lambda desk: pressed(review(desk), "Shift+E", shows=".editor"),
    "review-preview": lambda desk: pressed(review(desk), "o", shows="#preview"),
    "review-help": lambda desk: pressed(review(desk), "?", shows="#help"),
    "review-help-key-taken": key_taken,
    "review-view-menu": lambda desk: clicked(review(desk), "[popovertarget]", "#view-menu"),
    "review-more-menu": lambda desk: clicked(review(desk), ".fin [data-menu]", "#more-menu"),
    "review-chat-panel": lambda desk: panel(desk, "chat"),
    "review-outline-panel": lambda desk: panel(desk, "out"),
    "streaming": streaming,
    "stopped": stopped,
    "failed": failed,
}
