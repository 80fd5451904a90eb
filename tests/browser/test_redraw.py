"""A page of many hunks answers quickly because a step redraws only what it changes."""

from __future__ import annotations

from playwright.sync_api import expect

from applyweb.serving.bench.texts import changed_lines, python_source, whole_file_chat
from tests.browser.conftest import Desk

WATCH = """() => {
  window.touched = [];
  const note = (records) => {
    for (const { target } of records) {
      const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
      const owner = element?.closest("a[data-hunk], #segments");
      if (owner) window.touched.push(owner.dataset.hunk ?? owner.id);
    }
  };
  const what = { subtree: true, childList: true, characterData: true, attributes: true };
  for (const place of document.querySelectorAll(".outline, .map, #segments")) {
    new MutationObserver(note).observe(place, what);
  }
}"""


def test_a_step_touches_only_the_hunks_that_it_changes(desk: Desk) -> None:
    source = python_source(400)
    page = desk.page(f"/applies/{desk.post(source, whole_file_chat(changed_lines(source, 20)), 'a.py')}/")
    hunks = [hunk.get_attribute("data-hunk") for hunk in page.locator(".hunk").all()]
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "1")
    page.evaluate(WATCH)

    page.keyboard.press("j")
    expect(page.locator(".hunk.is-now")).to_have_attribute("data-number", "2")
    assert set(page.evaluate("() => touched.splice(0)")) == {hunks[0], hunks[1]}

    with page.expect_response("**/decision"):
        page.keyboard.press("a")
    expect(page.locator("#decided")).to_have_text("1 of 20")
    expect(page.locator(f'.outline a[data-hunk="{hunks[1]}"] [data-words]')).to_have_text("accepted")
    expect(page.locator("#segments i.accepted")).to_have_count(1)
    # the one that was decided, and the one that is gone on to
    assert set(page.evaluate("() => touched.splice(0)")) == {hunks[1], hunks[2], "segments"}
