"""One answer over several files in a real browser: which files it is for, one review, one patch."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, becomes, until
from tests.factories import CHAT, MERGED, ORIGINAL, many_files

HELPER = "def helper():\n    return 1\n"
FOLDER = {
    "shop/prices.py": ORIGINAL,
    "shop/utils.py": HELPER,
    "lib/utils.py": HELPER,
    "README.md": "# Shop\n",
    "odd.bin": "a\0b",
    ".git/config": "x",
    "node_modules/a.js": "x",
}
ANSWER = (
    "All of it.\n\n### `shop/prices.py`\n\n"
    + CHAT
    + '\n### `shop/money.py` (new)\n\n```python\n"""Money."""\n```\n\n'
    + "### `utils.py`\n\n```python\ndef helper():\n    return 2\n```\n\n"
    + "### `shop/gone.py`\n\n```python\nclass Gone:\n    # ... existing code ...\n    size = 2\n```\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in FOLDER.items():
        file = tmp_path / "project" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "project"


def opened(desk: Desk, folder: Path, chat: str = ANSWER) -> Page:
    page = desk.page()
    page.locator("#pick-folder").set_input_files(folder)
    page.locator("#chat").fill(chat)
    return page


def until_kept(page: Page, what: str) -> None:
    """Until what a reload takes up has some of `what` in it."""
    until(page, "(what) => JSON.parse(sessionStorage['applyweb.draft.files'] ?? '{}')[what]?.length", what)


def test_a_reload_keeps_several_files_and_what_was_told_about_them(desk: Desk, folder: Path) -> None:
    page = opened(desk, folder)
    page.locator("[data-ask]").select_option("lib/utils.py")
    expect(page.locator(".told")).to_be_visible()
    until_kept(page, "answers")
    page.reload()
    expect(page.locator("#several-count")).to_have_text("5 given")
    expect(page.locator(".told")).to_be_visible()
    expect(page.locator("#go-words")).to_have_text("Apply to 3 files")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/changesets/*/")
    assert page.locator("[data-file]").all_inner_texts() == ["shop/prices.py", "shop/money.py", "lib/utils.py"]
    page.goto(desk.site.base)
    expect(page.locator("#several")).to_be_hidden()


def test_what_a_reload_cannot_keep_is_said_and_asked_for_again(desk: Desk, folder: Path) -> None:
    (folder / "shop/large.py").write_text("x = 0\n" * 400_000)
    page = opened(desk, folder, "### `shop/large.py`\n\n```python\nx = 0\nx = 1\n```\n")
    expect(page.locator("#several-note")).to_contain_text("keeps 2.0 MiB of text: 1 of the files")
    page.reload()
    expect(page.locator("#go-words")).to_have_text("Apply to 1 file")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#several-error")).to_contain_text("shop/large.py was not kept")


def test_one_file_instead_of_several_is_kept_too(desk: Desk, folder: Path) -> None:
    page = opened(desk, folder)
    expect(page.locator("[data-ask]")).to_be_visible()
    until_kept(page, "files")
    page.get_by_role("button", name="One file").click()
    page.reload()
    expect(page.locator("#several")).to_be_hidden()
    expect(page.locator("#chat")).to_have_value(ANSWER)


def made(desk: Desk, count: int) -> dict[str, Any]:
    """A finished changeset, made through the API."""
    files, chat = many_files(count)
    originals = [{"path": path, "original": text} for path, text in files]
    answer = desk.tool.post("/api/changesets", json={"originals": originals, "chat": chat})
    assert answer.status_code == 201, answer.text
    changeset: dict[str, Any] = answer.json()
    while changeset["open"]:
        changeset = desk.tool.get(f"/api/changesets/{changeset['id']}").json()
    return changeset


def rows(page: Page) -> dict[str, str]:
    """The plan: the kind of each file by its path."""
    return {
        row.get_attribute("data-path") or "": (row.get_attribute("class") or "").split()[-1]
        for row in page.locator(".planrow").all()
    }


def hunk(page: Page) -> str:
    return page.locator(".hunk.is-now").get_attribute("data-number") or ""


def test_a_folder_and_one_answer_become_one_review_and_one_patch(desk: Desk, folder: Path, tmp_path: Path) -> None:
    page = opened(desk, folder)
    expect(page.locator("[data-ask]")).to_have_count(1)
    assert rows(page) == {"shop/prices.py": "given", "shop/money.py": "new", "shop/gone.py": "missing"}
    expect(page.locator("#several-count")).to_have_text("5 given")
    expect(page.locator("#several-note")).to_contain_text("2 files of .git, node_modules")

    page.keyboard.press("Control+Enter")  # nothing begins while a question is open
    expect(page.locator("#several-error")).to_contain_text("Say first which file")
    expect(page.locator("[data-ask]")).to_be_focused()
    page.locator("[data-ask]").select_option("lib/utils.py")
    expect(page.locator("[data-path='lib/utils.py']")).to_be_visible()
    expect(page.locator("#plan-rest + p")).to_have_text("README.md, odd.bin, shop/utils.py")
    expect(page.locator("#go")).to_contain_text("Apply to 3 files")
    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/changesets/*/", wait_until="load")
    expect(page.locator(".setcount b")).to_have_text("0 of 4 hunks decided")
    expect(page.locator(".leftout li")).to_contain_text(["shop/gone.py was not given"])
    page.keyboard.press("n")
    page.wait_for_url("**/applies/*/*")
    expect_file(page, "1 of 3")
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(page.locator(".notice.brief")).to_contain_text("The same once more, or n, goes on in the next file.")
    page.keyboard.press("a")  # on into the next file, with what was decided saved
    expect_file(page, "2 of 3")
    expect(page.locator(".filecount")).to_contain_text("2 of 4")
    page.keyboard.press("a")
    expect(page.locator(".filecount")).to_contain_text("3 of 4")
    page.keyboard.press("h")
    page.wait_for_url("**/changesets/*/", wait_until="load")
    expect(page.locator(".setnote")).to_have_text("1 hunk in 1 file undecided: the patch leaves it out.")

    with page.expect_download() as patch:
        page.keyboard.press("d")
    data = Path(patch.value.path()).read_bytes()
    assert data.startswith(b"# lib/utils.py: 1 hunk is undecided and not in here.\n")
    subprocess.run(["git", "apply", "-"], cwd=folder, input=data, check=True)
    assert (folder / "shop/prices.py").read_text() == MERGED
    assert (folder / "shop/money.py").read_text() == '"""Money."""\n'
    assert (folder / "lib/utils.py").read_text() == HELPER
    with page.expect_download() as archive:
        page.get_by_role("link", name="Files, zipped").click()
    with zipfile.ZipFile(archive.value.path()) as found:
        assert {name: found.read(name).decode() for name in found.namelist()} == {
            "shop/prices.py": MERGED,
            "shop/money.py": '"""Money."""\n',
        }


def expect_file(page: Page, words: str) -> None:
    """The desk of that file is there and hears keys: its first hunk is framed by the script."""
    expect(page.locator("#filebar .where")).to_have_text(f"File {words}")
    expect(page.locator(".hunk.is-now")).to_have_count(1)


def hand_over(page: Page, event: str, selector: str, *names: str) -> None:
    """A drop or a paste of files, as the browser tells it."""
    page.evaluate(
        """([event, selector, names]) => {
          const data = new DataTransfer();
          for (const name of names) data.items.add(new File(["u = 1\\n"], name));
          const options = { dataTransfer: data, clipboardData: data, bubbles: true, cancelable: true };
          const made = event === "drop" ? new DragEvent(event, options) : new ClipboardEvent(event, options);
          document.querySelector(selector).dispatchEvent(made);
        }""",
        [event, selector, list(names)],
    )


def test_dropped_and_pasted_files_are_taken_together(desk: Desk) -> None:
    page = desk.page()
    page.locator("#original").fill("kept = 1\n")
    page.locator("#path").fill("kept.py")
    hand_over(page, "drop", "[data-pane=original]", "a.py", "b.py")
    expect(page.locator("#plan")).to_contain_text("a.py, b.py, kept.py")
    page.locator("#chat").fill("### `src/a.py`\n\n```python\nu = 2\n```\n\n### kept.py\n\n```python\nkept = 2\n```\n")
    expect(page.locator(".planrow")).to_have_count(2)
    expect(page.locator("[data-path='src/a.py']")).to_contain_text("given as a.py")
    page.get_by_role("button", name="One file").click()
    expect(page.locator("#original")).to_have_value("kept = 1\n")
    hand_over(page, "paste", "#original", "c.py", "d.py")
    expect(page.locator("#plan")).to_contain_text("c.py, d.py")


def test_an_answer_that_names_several_files_asks_for_them(desk: Desk, folder: Path) -> None:
    page = desk.page()
    page.locator("#chat").fill(ANSWER)
    expect(page.locator("#several-hint")).to_contain_text("The answer names 4 files.")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open the files").click()
    chooser.value.set_files([folder / "shop/prices.py", folder / "shop/utils.py"])
    expect(page.locator(".planrow.given")).to_have_count(2)
    expect(page.locator("[data-path='shop/prices.py']")).to_contain_text("given as prices.py")


def test_a_new_file_can_be_left_out_and_a_changed_answer_is_read_anew(desk: Desk, folder: Path) -> None:
    page = opened(desk, folder)
    page.locator("[data-ask]").select_option("")
    expect(page.locator(".told")).to_contain_text("for none of the files, as you said")
    make = page.get_by_label("Make it: shop/money.py")
    make.uncheck()
    expect(page.locator("[data-path='shop/money.py']")).to_contain_text("Left out")
    expect(make).to_be_focused()
    expect(page.locator("#go")).to_contain_text("Apply to 1 file")
    make.check()
    expect(page.locator("#go")).to_contain_text("Apply to 2 files")
    page.get_by_role("button", name="Change").click()
    expect(page.locator("[data-ask]")).to_have_count(1)
    page.locator("[data-ask]").select_option("lib/utils.py")
    expect(page.locator(".told")).to_have_count(1)
    page.locator("#chat").fill("First:\n" + ANSWER)
    expect(page.locator("[data-ask]")).to_have_count(1)  # its lines are others now


def test_what_cannot_be_taken_is_said_and_nothing_begins(desk: Desk, folder: Path) -> None:
    page = opened(
        desk, folder, "### odd.bin\n\n```python\nx = 1\n```\n\n### shop/prices.py\n\n```python\nTAX = 1\n```\n"
    )
    # "odd.bin" is no name of source text: the code below it names no file
    page.locator("[data-ask]").select_option("odd.bin")
    expect(page.locator("[data-given='odd.bin']")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#several-error")).to_contain_text("odd.bin looks like a binary file")
    expect(page.locator("#go")).to_be_enabled()
    page.locator("#chat").fill("".join(f"### f{n}.py\n\n```python\nx = 1\n```\n\n" for n in range(51)))
    expect(page.locator("#several-error")).to_contain_text("A changeset may have 50 files, and the answer is for 51.")
    page.locator("#chat").fill("Nothing to be done.")
    expect(page.locator("#several-error")).to_contain_text("The chat holds no code")


def test_the_page_follows_files_that_are_written_without_a_storm_of_requests(desk: Desk) -> None:
    files, chat = many_files(3)
    originals = [{"path": path, "original": text + "value = 0\n" * 150} for path, text in files]
    body = {"originals": originals, "chat": chat.replace("```\n", "# ... existing code ...\n```\n"), "engine": "paced"}
    changeset = desk.tool.post("/api/changesets", json=body).json()
    page = desk.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/files") else None)
    page.goto(desk.site.base + changeset["url"])
    expect(page.locator(".setcount")).to_contain_text("3 files being written")
    expect(page.locator("#announcer")).to_have_text("All files are written. 0 of 6 hunks decided.")
    assert len(asked) <= 1 + 2 * 3  # when the socket opened, and for each begin and end at most

    first = changeset["files"][0]["id"]
    desk.tool.put(f"/api/applies/{first}/decisions", json={"decision": "accepted"})  # as if in another window
    expect(page.locator(".setcount b")).to_have_text("2 of 6 hunks decided")
    assert page.locator(".setbar progress").evaluate("bar => [bar.value, bar.max]") == [2, 6]


def test_escape_stops_every_file_that_is_being_written(desk: Desk) -> None:
    lines = "".join(f"value_{n} = {n}\n" for n in range(4000))
    files, chat = many_files(2)
    body = {"originals": [{"path": path, "original": text + lines} for path, text in files], "chat": chat}
    changeset = desk.tool.post("/api/changesets", json={**body, "engine": "paced"}).json()
    page = desk.page(changeset["url"])
    expect(page.locator(".setcount")).to_contain_text("2 files being written")
    page.keyboard.press("Escape")
    expect(page.locator(".flag.stopped")).to_have_count(2)
    expect(page.locator(".setnote")).to_contain_text("2 files without a result: they are not in the patch.")


def test_keys_and_the_list_lead_from_file_to_file(desk: Desk) -> None:
    changeset = made(desk, 3)
    page = desk.page(changeset["files"][0]["url"])
    page.keyboard.press("Shift+F")
    expect(page.locator(".notice.brief")).to_have_text("This is the first file.")
    page.keyboard.press("f")
    expect_file(page, "2 of 3")
    page.keyboard.press("f")
    expect_file(page, "3 of 3")
    page.keyboard.press("f")
    expect(page.locator(".notice.brief")).to_have_text("This is the last file.")
    page.keyboard.press("Shift+F")
    expect_file(page, "2 of 3")
    page.locator(".filelist").get_by_role("link", name="part_0.py").click()
    expect_file(page, "1 of 3")


def test_all_files_are_accepted_at_once_and_one_undo_takes_it_back(desk: Desk) -> None:
    changeset = made(desk, 2)
    page = desk.page(f"/changesets/{changeset['id']}/")

    def counts() -> dict[str, int]:
        hunks: dict[str, int] = desk.tool.get(f"/api/changesets/{changeset['id']}").json()["hunks"]
        return hunks

    page.keyboard.press("Shift+A")
    told = page.locator(".notice")
    expect(told).to_contain_text("4 hunks of 2 files accepted.")
    expect(page.locator(".setcount")).to_contain_text("4 of 4 hunks decided")
    expect(page.get_by_role("button", name="Accept all")).to_have_count(0)
    page.keyboard.press("u")
    expect(told).to_have_text("Accepting all is undone in 2 files.")
    becomes(counts, {"total": 4, "accepted": 0, "rejected": 0, "pending": 4})
    page.keyboard.press("Shift+U")
    becomes(lambda: counts()["accepted"], 4)
    page.reload()  # it is a step of the review, not of this page
    page.keyboard.press("u")
    becomes(lambda: counts()["pending"], 4)
    page.keyboard.press("u")
    expect(page.locator(".notice.brief")).to_contain_text("There is nothing in several files to undo.")
    page.get_by_role("button", name="Accept all").click()
    becomes(lambda: counts()["accepted"], 4)
    first = changeset["files"][0]
    hunk = next(iter(desk.tool.get(f"/api/applies/{first['id']}/review").json()["decisions"]))
    desk.tool.put(f"/api/applies/{first['id']}/hunks/{hunk}/decision", json={"decision": "rejected"})  # elsewhere
    page.locator(".notice.info").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Not in {first['path']}: something was decided there since.")
    assert counts() == {"total": 4, "accepted": 1, "rejected": 1, "pending": 2}


def test_leaving_a_file_saves_what_was_just_decided(desk: Desk) -> None:
    changeset = made(desk, 2)
    page = desk.page(changeset["files"][0]["url"])
    page.route("**/decision", lambda route: (page.wait_for_timeout(300), route.continue_()))
    for key in ("a", "j", "r", "f"):
        page.keyboard.press(key)
    expect_file(page, "2 of 2")
    state = desk.tool.get(f"/api/changesets/{changeset['id']}").json()["files"][0]["hunks"]
    assert state == {"total": 2, "accepted": 1, "rejected": 1, "pending": 0}


def test_next_undecided_goes_through_all_files_in_both_directions(desk: Desk) -> None:
    changeset = made(desk, 3)
    desk.tool.put(f"/api/applies/{changeset['files'][1]['id']}/decisions", json={"decision": "accepted"})
    page = desk.page(changeset["files"][0]["url"] + "#first-pending")
    page.keyboard.press("n")
    assert hunk(page) == "2"
    page.keyboard.press("n")  # past the second file, where all is decided
    expect_file(page, "3 of 3")
    assert hunk(page) == "1"
    page.keyboard.press("p")
    expect_file(page, "1 of 3")
    assert hunk(page) == "2"
    page.keyboard.press("Shift+A")
    page.keyboard.press("n")
    expect_file(page, "3 of 3")
    page.keyboard.press("Shift+A")
    page.keyboard.press("n")
    expect(page.locator(".notice.brief")).to_have_text("Every hunk of every file is decided.")


def test_an_apply_alone_has_no_files_beside_it(desk: Desk) -> None:
    page = desk.page(f"/applies/{desk.post(ORIGINAL, CHAT, 'shop.py')}/")
    expect(page.locator(".hunk")).to_have_count(2)
    expect(page.locator("#filebar, .filelist")).to_have_count(0)
    page.keyboard.press("f")
    expect(page.locator(".hunk.is-now")).to_have_count(1)


def test_the_list_of_applies_leads_to_the_changeset(desk: Desk) -> None:
    changeset = made(desk, 1)
    page = desk.page("/applies/")
    page.get_by_role("link", name="changeset").first.click()
    page.wait_for_url(f"**{changeset['url']}")


def test_the_desk_folds_the_chat_lines_for_other_files(desk: Desk) -> None:
    page = desk.page(made(desk, 3)["files"][1]["url"])
    folds = page.locator("#chat .others")
    expect(folds.locator("summary")).to_have_text(["12 lines for other files", "12 lines for other files"])
    expect(page.locator("#chat").get_by_text("# part 1")).to_be_visible()
    expect(page.locator("#chat").get_by_text("# part 0")).to_be_hidden()
    folds.first.locator("summary").press("Enter")
    expect(page.locator("#chat").get_by_text("# part 0")).to_be_visible()
    expect(page.locator("#chat").get_by_text("# part 2")).to_be_hidden()
