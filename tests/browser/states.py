"""Every page of the site in every state that a person can meet, each opened by a function of this module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Account, Desk, patient
from tests.conftest import Site
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


def filled(page: Page, selector: str, text: str, shows: str) -> Page:
    page.locator(selector).fill(text)
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


SEVERAL = (
    "### shop/prices.py\n\n"
    + CHAT
    + "\n### utils.py\n\n```python\nu = 2\n```\n\n### shop/new.py\n\n```python\nn = 1\n```\n\n"
    "### shop/gone.py\n\n```python\nclass Gone:\n    # ... existing code ...\n    size = 2\n```\n"
)
GIVEN = {"shop/prices.py": ORIGINAL, "shop/utils.py": "u = 1\n", "lib/utils.py": "u = 1\n", "README.md": "# Shop\n"}


def changeset(desk: Desk, engine: str = "embedded", more: str = "") -> str:
    """A changeset's id; ended, unless its engine is paced."""
    originals = [{"path": path, "original": text + more} for path, text in GIVEN.items()]
    utils = str(SEVERAL[: SEVERAL.index("u = 2")].count("\n") + 1)
    body = {"originals": originals, "chat": SEVERAL, "engine": engine, "answers": {utils: "shop/utils.py"}}
    made = desk.tool.post("/api/changesets", json=body).json()
    while engine != "paced" and desk.tool.get(f"/api/changesets/{made['id']}").json()["open"]:
        pass
    return str(made["id"])


def changeset_page(desk: Desk, engine: str = "embedded", more: str = "", shows: str = "#set-patch") -> Page:
    page = desk.page(f"/changesets/{changeset(desk, engine, more)}/")
    expect(page.locator(shows)).to_be_visible()
    return page


def several_files(desk: Desk, answered: bool = False) -> Page:
    page = desk.page("/")
    page.locator("#chat").fill(SEVERAL)
    with TemporaryDirectory() as folder:
        for path, text in GIVEN.items():
            (Path(folder) / path).parent.mkdir(exist_ok=True)
            (Path(folder) / path).write_text(text)
        page.locator("#pick-folder").set_input_files(folder)
        expect(page.locator("[data-ask]")).to_be_visible()
    if answered:
        page.locator("[data-ask]").select_option("shop/utils.py")
        expect(page.locator(".told")).to_be_visible()
    return page


def file_of_several(desk: Desk, pane: str = "diff") -> Page:
    files = desk.tool.get(f"/api/changesets/{changeset(desk)}").json()["files"]
    page = desk.page(files[1]["url"])
    expect(page.locator("#filebar")).to_be_visible()
    page.locator(f"#pane-{pane}").evaluate("radio => { radio.checked = true; }")
    return page


def several_chat(desk: Desk) -> Page:
    page = file_of_several(desk, "chat")
    return clicked(page, "#chat .others summary >> nth=0", "#chat .others[open]")


# An edit at the lines of one hunk of the chat, and one elsewhere.
EDITED = ORIGINAL.replace("TAX = 0.2\n", "CURRENCY = 'EUR'\nTAX = 0.25\n").replace(
    "return price * (1 + TAX)", "return price + price * TAX"
)


def file_changed(desk: Desk) -> Page:
    page = pressed(review(desk), "b", shows="#rebase")
    page.locator("#rebase textarea").fill(EDITED)
    expect(page.locator("#rebase [data-fates] li")).to_be_visible()
    return page


def carried_over(desk: Desk) -> Page:
    address = f"/api/applies/{desk.post(ORIGINAL, CHAT, 'shop/prices.py')}"
    desk.tool.put(f"{address}/decisions", json={"decision": "accepted"})
    page = desk.page(desk.tool.post(f"{address}/bases", json={"original": EDITED}).json()["url"])
    expect(page.locator(".conflictbox")).to_be_visible()
    return page


def earlier_version(desk: Desk) -> Page:
    page = carried_over(desk)
    page.locator(".banner").get_by_role("link", name="The version before").click()
    expect(page.get_by_role("heading", name="An earlier version")).to_be_visible()
    return page


def earliest_of_three(desk: Desk) -> Page:
    address = f"/api/applies/{desk.post(ORIGINAL, CHAT, 'shop/prices.py')}"
    made = desk.tool.post(f"{address}/bases", json={"original": EDITED}).json()
    desk.tool.post(f"/api/applies/{made['id']}/bases", json={"original": "# The shop.\n" + EDITED})
    page = desk.page(address.removeprefix("/api") + "/")
    expect(page.locator(".chain li")).to_have_count(3)
    return page


PROPOSED = """
from applyweb.actions import proposals as actions
from applyweb.models import Apply
apply = Apply.objects.get(pk="{apply}")
def begun(at, note):
    made = actions.ask_again(apply, apply.owner, apply.hunks.all()[at].key, note, "openai")
    return made.pk, actions.begin_proposal(made.pk).attempt
for digits in (0, 1):
    made = begun(0, "round to digits: " + str(digits) + " and keep the rest of it as it was proposed at first")
    text = "    return round(price * (1 + TAX), " + str(digits) + ")\\n"
    doubts = [dict(code="outside", message="The answer also changed 3 lines outside of this hunk. That is left out.")]
    actions.finish_proposal(*made, text, doubts[: 1 - digits], dict())
actions.fail_proposal(*begun(1, "in the currency of the shop"), "timeout", "The server did not answer in time.")
"""


def proposed(desk: Desk) -> Page:
    """Later proposals of one hunk, and one that failed for another, stored as the worker stores them: this site has no
    model."""
    page = review(desk)
    apply = page.locator("#apply").get_attribute("data-apply")
    desk.site.manage("shell", "-v0", "-c", PROPOSED.format(apply=apply))
    page.reload()
    expect(page.locator(".alt")).to_have_count(3)
    return page


def proposal_taken(desk: Desk) -> Page:
    page = pressed(proposed(desk), ".", shows=".alt.is-marked")
    page.keyboard.press("a")
    expect(page.locator(".alt.is-taken")).to_be_visible()
    return page


def all_at_once(desk: Desk) -> Page:
    """A file of several that was carried over to an edit, with proposals, and the form that asks for one."""
    files = desk.tool.get(f"/api/changesets/{changeset(desk)}").json()["files"]
    (first,) = (file["id"] for file in files if file["path"] == "shop/prices.py")
    made = desk.tool.post(f"/api/applies/{first}/bases", json={"original": EDITED}).json()
    desk.site.manage("shell", "-v0", "-c", PROPOSED.format(apply=made["id"]))
    page = desk.page(made["url"])
    expect(page.locator(".alt")).to_have_count(3)
    expect(page.locator("#filebar")).to_be_visible()
    return pressed(page, "Shift+Q", shows=".askform")


ADDED = """
from applyweb.actions.accounts import issue_token, make_sign_in_path
from applyweb.models import User
user = User.objects.get_or_create(username="{name}", defaults=dict(first_name="{called}"))[0]
print(make_sign_in_path(user), issue_token(user, "test"))
"""


def other_account(browser: Browser, site: Site, name: str = "ada", called: str = "Ada Lovelace") -> Account:
    """Another person of the site, signed in by their link."""
    path, token = site.manage("shell", "-v0", "-c", ADDED.format(name=name, called=called)).split()[-2:]
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.base + path)
    storage = context.storage_state()
    context.close()
    return Account(site, storage, token)


def among_others(desk: Desk, *keys: str, shows: str) -> Page:
    """Two other people look at an apply and have decided, one of them with lines of her own."""
    apply = desk.post(SOME, fenced(multiplied(SOME, 28)), "core/parts.py")
    address = f"/api/applies/{apply}"
    desk.tool.put(f"{address}/shared", json={"shared": True})
    first, second, *_ = (hunk["id"] for hunk in desk.tool.get(f"{address}/hunks").json())
    browser = desk.context.browser
    assert browser is not None
    for name, called in (("ada", "Ada Lovelace"), ("bo", "")):
        account = other_account(browser, desk.site, name, called)
        with httpx.Client(base_url=desk.site.base, headers={"Authorization": f"Bearer {account.token}"}) as tool:
            tool.put(f"{address}/decisions", json={"decision": "rejected" if name == "bo" else "accepted"})
            if name == "ada":
                tool.put(f"{address}/hunks/{first}/text", json={"text": "    return sum((value, 1))"})
        context = browser.new_context(storage_state=account.storage)
        desk.context.on("close", lambda _, context=context: context.close())
        page = patient(context.new_page())
        page.goto(f"{desk.site.base}/applies/{apply}/")
        page.keyboard.press("j")
    desk.tool.put(f"{address}/hunks/{first}/decision", json={"decision": "accepted"})
    desk.tool.put(f"{address}/hunks/{second}/decision", json={"decision": "accepted"})
    page = desk.page(f"/applies/{apply}/")
    expect(page.locator("#people .avs .av")).to_have_count(2)
    return pressed(page, *keys, shows=shows)


def laid_over(desk: Desk) -> Page:
    page = among_others(desk, "Shift+O", shows=".banner.laid")
    return clicked(page, "[data-point=show]", ".pointrows")


def discussed(desk: Desk) -> str:
    """The id of an apply with decisions, comments, and a newer version."""
    apply = desk.post(ORIGINAL, CHAT, "shop/prices.py")
    address = f"/api/applies/{apply}"
    desk.tool.put(f"{address}/decisions", json={"decision": "accepted"})
    desk.tool.post(f"{address}/threads", json={"side": "new", "line": 3, "text": "Is this the rate of today?"})
    desk.tool.post(f"{address}/bases", json={"original": EDITED})
    return apply


def asked_to_delete(desk: Desk) -> Page:
    page = pressed(desk.page(f"/applies/{discussed(desk)}/"), "#", shows="#delete .losses")
    expect(page.locator("#delete-go")).to_be_enabled()
    return page


def asked_in_the_list(desk: Desk) -> Page:
    file = desk.tool.get(f"/api/changesets/{changeset(desk)}").json()["files"][0]
    page = desk.page("/applies/")
    page.locator(f'tr:has([data-apply="{file["id"]}"])').get_by_role("button").click()
    expect(page.locator("#delete-go")).to_be_enabled()
    return page


def asked_of_a_changeset(desk: Desk) -> Page:
    page = pressed(changeset_page(desk), "#", shows="#delete")
    expect(page.locator("#delete-go")).to_be_enabled()
    return page


def deleted_elsewhere(desk: Desk) -> Page:
    page = review(desk)
    desk.tool.delete(f"/api/applies/{page.locator('#apply').get_attribute('data-apply')}")
    expect(page.get_by_role("heading", name="This apply was deleted")).to_be_visible()
    return page


STATES: dict[str, CASE] = {
    "paste": lambda desk: desk.page("/"),
    "paste-again": lambda desk: desk.page(f"/?from={desk.post(ORIGINAL, CHAT, 'shop/prices.py')}"),
    "paste-refused": refused,
    "paste-several-hint": lambda desk: filled(desk.page("/"), "#chat", SEVERAL, "#several-hint"),
    "paste-several-asks": several_files,
    "paste-several-answered": lambda desk: several_files(desk, answered=True),
    "changeset": changeset_page,
    "changeset-writing": lambda desk: changeset_page(desk, "paced", "x = 0\n" * 6_000, "#set-stop"),
    "changeset-failed": lambda desk: changeset_page(desk, "broken", shows=".flag.failed >> nth=0"),
    "review-of-several": file_of_several,
    "review-of-several-chat": several_chat,
    "review-of-several-outline": lambda desk: file_of_several(desk, "out"),
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
    "review-ask-nobody": lambda desk: pressed(review(desk), "Shift+Q", shows=".askform"),
    "review-proposals": lambda desk: pressed(proposed(desk), ".", shows=".alt.is-marked"),
    "review-proposal-taken": proposal_taken,
    "review-preview": lambda desk: pressed(review(desk), "o", shows="#preview"),
    "review-help": lambda desk: pressed(review(desk), "?", shows="#help"),
    "review-help-key-taken": key_taken,
    "review-view-menu": lambda desk: clicked(review(desk), "[popovertarget=view-menu]", "#view-menu"),
    "review-more-menu": lambda desk: clicked(review(desk), ".fin [data-menu]", "#more-menu"),
    "review-others-laid-over": laid_over,
    "review-people-menu": lambda desk: clicked(among_others(desk, shows="#people"), "#people", "#people-menu"),
    "review-file-changed": file_changed,
    "review-carried-over": carried_over,
    "review-earlier-version": earlier_version,
    "review-earliest-of-three": earliest_of_three,
    "review-of-several-carried-over-asking": all_at_once,
    "review-chat-panel": lambda desk: panel(desk, "chat"),
    "review-outline-panel": lambda desk: panel(desk, "out"),
    "review-delete": asked_to_delete,
    "review-deleted-elsewhere": deleted_elsewhere,
    "list-delete": asked_in_the_list,
    "changeset-delete": asked_of_a_changeset,
    "streaming": streaming,
    "stopped": stopped,
    "failed": failed,
}
