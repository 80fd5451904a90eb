"""Other lines for a hunk through the real site, its worker and an engine over HTTP: from the note to the decision."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import Site
from tests.factories import CHAT, MERGED, ORIGINAL
from tests.model_stand_in import StandIn, anew, block, model_stand_in, tagged
from tests.site.test_streaming import read, socket

NOTE = "keep the tax, only round to whole numbers"


@pytest.fixture(scope="module")
def model() -> Iterator[StandIn]:
    with model_stand_in() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, model: StandIn) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("proposals"), {"APPLYWEB_OPENAI_URL": model.url, "APPLYWEB_RETRIES": "0"})
    try:
        site.start()
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[httpx.Client]:
    with site.client() as client:
        yield client


@pytest.fixture(autouse=True)
def plain(model: StandIn) -> Iterator[None]:
    yield
    model.let_go()
    model.status = 200
    model.prompts.clear()
    model.left.clear()


class Api:
    """Calls on one fresh apply."""

    def __init__(self, client: httpx.Client, chat: str = CHAT) -> None:
        self.client = client
        body = {"original": ORIGINAL, "chat": chat, "path": "shop.py", "engine": "embedded"}
        self.base = f"/api/applies/{client.post('/api/applies', json=body).json()['id']}"
        while client.get(self.base).json()["status"] in ("queued", "running"):
            time.sleep(0.02)
        self.hunk, self.other = (hunk["id"] for hunk in self("GET", "hunks"))

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.request(method, f"{self.base}/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def ask(self, name: str = "", note: str = NOTE, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self("POST", f"hunks/{name or self.hunk}/proposals", {"note": note, **more}, 202)
        return made

    def ended(self, made: dict[str, Any]) -> dict[str, Any]:
        path = f"hunks/{made['hunk']}/proposals/{made['id']}"
        while (found := self("GET", path))["status"] in ("queued", "running"):
            time.sleep(0.02)
        told: dict[str, Any] = found
        return told

    def result(self) -> str:
        return self.client.get(f"{self.base}/result").text


@pytest.fixture
def api(client: httpx.Client) -> Api:
    return Api(client)


def test_a_hunk_is_written_anew_taken_undone_and_taken_again(api: Api, model: StandIn) -> None:
    model.answer = anew(", 2)", ", 0)")
    made = api.ask()
    assert (made["status"], made["engine"], made["number"], made["text"]) in [
        (status, "openai", None, None) for status in ("queued", "running")
    ]
    found = api.ended(made)
    assert (found["status"], found["number"], found["doubts"]) == ("finished", 2, [])
    assert found["text"] == "    return round(price * (1 + TAX), 0)\n"
    assert api.result() == ORIGINAL  # nothing is taken over by itself
    review = api("PUT", f"hunks/{api.hunk}/proposal", {"proposal": made["id"], "seen": "pending"})
    assert [(part["decision"], part["text"], part["proposal"]) for part in review["parts"][api.hunk]] == [
        ("accepted", found["text"], made["id"])
    ]
    taken = ORIGINAL.replace("return price * (1 + TAX)", "return round(price * (1 + TAX), 0)")
    assert api.result() == taken
    assert api("POST", "undo")["parts"] == {}
    assert api.result() == ORIGINAL
    assert api("POST", "redo")["parts"][api.hunk][0]["proposal"] == made["id"]
    assert api.result() == taken
    assert api("DELETE", f"hunks/{api.hunk}/text")["decisions"] == {api.hunk: "accepted"}
    assert api.result() == ORIGINAL.replace("return price * (1 + TAX)", "return round(price * (1 + TAX), 2)")


def test_the_engine_is_shown_the_lines_what_was_proposed_who_asked_for_it_and_the_note(
    api: Api, model: StandIn
) -> None:
    model.answer = anew(", 2)", ", 0)")
    api.ended(api.ask())
    (prompt,) = model.prompts
    new = MERGED.splitlines()
    assert block(prompt, "proposal").splitlines() == new
    assert block(prompt, "code").splitlines() == [*new[:10], "    return price * (1 + TAX)", *new[11:]]
    assert block(prompt, "update") == "    return round(price * (1 + TAX), 2)"
    assert block(prompt, "note") == NOTE
    assert "Copy the first 10 lines and the last 8 lines exactly" in prompt


def test_alternatives_are_counted_and_all_kept(api: Api, model: StandIn) -> None:
    for digits in ("0", "1"):
        model.answer = anew(", 2)", f", {digits})")
        api.ended(api.ask(note=f"{digits} digits"))
    rows = api("GET", f"hunks/{api.hunk}/proposals")
    assert [(row["number"], row["note"], row["text"]) for row in rows] == [
        (2, "0 digits", "    return round(price * (1 + TAX), 0)\n"),
        (3, "1 digits", "    return round(price * (1 + TAX), 1)\n"),
    ]
    for row in (rows[1], rows[0]):
        hunk = api("GET", "hunks")[0]
        seen = {"seen": hunk["decision"], "seen_text": next((part["text_id"] for part in hunk["parts"]), None)}
        api("PUT", f"hunks/{api.hunk}/proposal", {"proposal": row["id"], **seen})
        written = {"proposal": row["id"], **seen}  # as a window that has not heard of it
        assert api("PUT", f"hunks/{api.hunk}/proposal", written, 409)["error"]["code"] == "changed_meanwhile"
    assert "(1 + TAX), 0)" in api.result()
    api("POST", "undo")
    assert "(1 + TAX), 1)" in api.result()


def test_what_the_engine_changed_outside_of_the_hunk_is_left_out_and_said(api: Api, model: StandIn) -> None:
    model.answer = lambda prompt: tagged(block(prompt, "proposal").replace(", 2)", ", 0)").replace("0.2", "0.3"))
    found = api.ended(api.ask())
    assert (found["status"], found["text"]) == ("finished", "    return round(price * (1 + TAX), 0)\n")
    assert [doubt["code"] for doubt in found["doubts"]] == ["outside"]
    assert "1 line outside of this hunk" in found["doubts"][0]["message"]
    api("PUT", f"hunks/{api.hunk}/proposal", {"proposal": found["id"]})
    assert "TAX = 0.2" in api.result()


def test_lines_that_break_the_syntax_say_so(api: Api, model: StandIn) -> None:
    model.answer = anew(", 2)", ", (")
    found = api.ended(api.ask())
    assert [doubt["code"] for doubt in found["doubts"]] == ["syntax"]
    assert "with what was proposed it has none" in found["doubts"][0]["message"]


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (tagged(""), "astray", "The answer is empty."),
        ("I would rather not.", "bad_reply", "no file can be read"),
        (tagged(MERGED.replace("def ", "async def ")), "astray", "rewrites the lines around the hunk"),
    ],
    ids=["empty", "no lines", "all else rewritten"],
)
def test_an_answer_that_cannot_be_used_fails_with_its_reason_and_changes_nothing(
    api: Api, model: StandIn, reply: str, code: str, words: str
) -> None:
    model.answer = lambda _: reply
    found = api.ended(api.ask())
    assert (found["status"], found["number"], found["text"]) == ("failed", None, None)
    assert found["error"]["code"] == code
    assert words in found["error"]["message"]
    error = api("PUT", f"hunks/{api.hunk}/proposal", {"proposal": found["id"]}, 422)["error"]
    assert error["code"] == "invalid"
    assert api("GET", "review")["version"] == 0


def test_an_engine_that_refuses_fails_and_asking_again_forgets_it(api: Api, model: StandIn) -> None:
    model.status = 500
    found = api.ended(api.ask())
    assert (found["status"], found["error"]["code"]) == ("failed", "server_error")
    assert "not today" in found["error"]["message"]
    model.status = 200
    model.answer = anew(", 2)", ", 0)")
    again = api.ended(api.ask(note=found["note"]))
    assert [(row["id"], row["number"]) for row in api("GET", f"hunks/{api.hunk}/proposals")] == [(again["id"], 2)]


def test_the_lines_stream_to_whoever_asks_and_stop_stops_the_engine(api: Api, model: StandIn) -> None:
    model.answer = lambda prompt: tagged(block(prompt, "proposal").replace(", 2)", ", 2)\n    # more" * 40))
    model.hold()
    made = api.ask()
    with socket(api.client, made["events"]) as connection:
        events = read(connection, 2)
        assert [event["type"] for event in events] == ["started", "delta"]
        assert events[1]["text"].startswith("    return round(price * (1 + TAX), 2)\n")  # and nothing from above it
        error = api("POST", f"hunks/{api.hunk}/proposals", {"note": "once more"}, 409)["error"]
        assert error["code"] == "already_asked"
        assert api("DELETE", f"hunks/{api.hunk}/proposals/{made['id']}", status=202)["status"] == "stopped"
        assert read(connection)[-1]["type"] == "stopped"
    assert model.left.wait(20)
    found = api.ended(made)
    assert (found["status"], found["text"]) == ("stopped", None)
    with socket(api.client, made["events"]) as connection:
        assert [event["type"] for event in read(connection)] == ["stopped"]
    api("DELETE", f"hunks/{api.hunk}/proposals/{made['id']}", status=202)
    assert api("GET", f"hunks/{api.hunk}/proposals") == []


def test_a_part_has_proposals_of_its_own_and_a_hunk_that_was_cut_since_is_a_conflict(api: Api, model: StandIn) -> None:
    api("POST", f"hunks/{api.hunk}/cuts", {"removed": 1, "added": 0})
    part = f"{api.hunk}.1-0"
    model.answer = anew(", 2)", ", 0)")
    found = api.ended(api.ask(part))
    assert (found["removed"], found["added"], found["text"]) == (
        [1, 1],
        [0, 1],
        "    return round(price * (1 + TAX), 0)\n",
    )
    assert api("POST", f"hunks/{api.hunk}/proposals", {"note": NOTE}, 422)["error"]["code"] == "invalid"
    api("PUT", f"hunks/{part}/joined", {"joined": True})
    for name, status, code in ((api.hunk, 409, "changed_meanwhile"), (part, 404, "unknown_hunk")):
        error = api("PUT", f"hunks/{name}/proposal", {"proposal": found["id"]}, status)["error"]
        assert error["code"] == code
    api("POST", "undo")
    api("PUT", f"hunks/{part}/proposal", {"proposal": found["id"]})
    assert "(1 + TAX), 0)" in api.result()


def test_what_was_being_written_when_the_server_was_killed_is_written_after_all(own_site: Site, model: StandIn) -> None:
    own_site.env["APPLYWEB_OPENAI_URL"] = model.url
    own_site.start()
    with own_site.client() as client:
        api = Api(client)
        model.answer = anew(", 2)", ", 0)")
        model.hold()
        made = api.ask()
        with socket(client, made["events"]) as connection:
            read(connection, 1)
        own_site.kill()
        model.let_go()
        own_site.start()
        assert api.ended(made)["text"] == "    return round(price * (1 + TAX), 0)\n"
        own_site.kill()
        del own_site.env["APPLYWEB_OPENAI_URL"]
        own_site.start()
        error = api("POST", f"hunks/{api.hunk}/proposals", {"note": NOTE}, 409)["error"]
        assert error["code"] == "no_model"
        assert api.ended(made)["status"] == "finished"


def test_openapi_tells_of_proposals(client: httpx.Client) -> None:
    paths = json.dumps(client.get("/api/openapi.json").json()["paths"])
    assert "/hunks/{hunk_id}/proposals/{proposal_id}" in paths
