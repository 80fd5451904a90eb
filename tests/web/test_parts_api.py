"""Parts of hunks through the API and in the page: each verb is a resource, each answer is the whole review."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from applyweb.models import Apply, User
from tests.factories import make_finished, make_person

ORIGINAL = "a\nb\nc\nd\n"
MERGED = "A\nB\nB2\nd\nE <e>\n"


@pytest.fixture
def person(db: None) -> User:
    return make_person()


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person, MERGED, original=ORIGINAL, path="x.txt")


class Api:
    """Calls on the hunks of one apply; the answers as JSON."""

    def __init__(self, client: Client, apply: Apply) -> None:
        self.client = client
        self.base = f"/api/applies/{apply.id}"
        self.keys = [hunk.key for hunk in apply.hunks.all()]
        self.first, self.last = self.keys[0], self.keys[-1]

    def __call__(self, method: str, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        answer = self.client.generic(
            method, f"{self.base}/{path}", json.dumps(body) if body is not None else "", content_type="application/json"
        )
        assert answer.status_code == status, answer.content
        return answer.json()

    def result(self) -> str:
        return self.client.get(f"{self.base}/result").content.decode()


@pytest.fixture
def api(client: Client, apply: Apply) -> Api:
    return Api(client, apply)


def test_some_lines_are_accepted_and_the_hunk_stands_in_parts(api: Api) -> None:
    body = {"removed": [0, 1], "added": [0, 1], "decision": "accepted", "seen": "pending"}
    review = api("PUT", f"hunks/{api.first}/lines", body)
    assert review["decisions"] == {f"{api.first}.0-0": "accepted"}
    assert [(part["id"], part["decision"]) for part in review["parts"][api.first]] == [
        (f"{api.first}.0-0", "accepted"),
        (f"{api.first}.1-1", "pending"),
    ]
    assert review["hunks"] == {"total": 3, "accepted": 1, "rejected": 0, "pending": 2}
    assert api.result() == "A\nb\nc\nd\n"
    hunk = api("GET", "hunks")[0]
    assert (hunk["decision"], [part["added"] for part in hunk["parts"]]) == ("mixed", [[0, 1], [1, 3]])
    assert api("GET", "hunks")[1]["parts"] == []


def test_a_cut_a_part_and_a_join(api: Api) -> None:
    api("POST", f"hunks/{api.first}/cuts", {"removed": 1, "added": 1})
    api("PUT", f"hunks/{api.first}.1-1/decision", {"decision": "accepted"})
    assert api.result() == "a\nB\nB2\nd\n"
    review = api("PUT", f"hunks/{api.first}.1-1/joined", {"joined": True})
    assert (review["parts"], review["decisions"]) == ({}, {})
    review = api("PUT", f"hunks/{api.last}/joined", {"joined": True})
    assert [part["joined"] for part in review["parts"][api.last]] == [True]
    review = api("PUT", f"hunks/{api.first}/decision", {"decision": "rejected"})
    assert review["decisions"] == {api.first: "rejected", api.last: "rejected"}
    review = api("PUT", f"hunks/{api.last}/joined", {"joined": False})
    assert review["parts"] == {}


def test_a_text_of_ones_own_stands_beside_what_was_proposed(api: Api) -> None:
    assert api("GET", f"hunks/{api.first}/text") == {"text": "A\nB\nB2", "proposed": "A\nB\nB2"}
    review = api("PUT", f"hunks/{api.first}/text", {"text": "own\n", "seen": "pending"})
    assert review["parts"][api.first][0]["text"] == "own\n"
    assert api("GET", f"hunks/{api.first}/text") == {"text": "own", "proposed": "A\nB\nB2"}
    assert api.result() == "own\nd\n"
    review = api("DELETE", f"hunks/{api.first}/text")
    assert (review["parts"], review["decisions"]) == ({}, {api.first: "accepted"})
    assert api("POST", "undo")["parts"][api.first][0]["text"] == "own\n"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", "hunks/{}/decision", {"decision": "accepted", "seen": "rejected"}, 409, "changed_meanwhile"),
        ("PUT", "hunks/{}/text", {"text": "x", "seen": "accepted"}, 409, "changed_meanwhile"),
        ("PUT", "decisions", {"decision": "accepted", "version": 7}, 409, "changed_meanwhile"),
        ("POST", "undo?version=7", None, 409, "changed_meanwhile"),
        ("POST", "redo?version=7", None, 409, "changed_meanwhile"),
        ("POST", "hunks/{}/cuts", {"removed": 0, "added": 0}, 422, "invalid"),
        ("POST", "hunks/{}/cuts", {"removed": 9, "added": 9}, 422, "invalid"),
        ("POST", "hunks/{}/cuts", {"removed": -1, "added": 0}, 422, "invalid"),
        ("PUT", "hunks/{}/lines", {"removed": [0], "added": [0, 1], "decision": "accepted"}, 422, "invalid"),
        ("PUT", "hunks/{}/lines", {"removed": [2, 1], "added": [0, 1], "decision": "accepted"}, 422, "invalid"),
        ("PUT", "hunks/{}/lines", {"removed": [0, 9], "added": [0, 9], "decision": "accepted"}, 422, "invalid"),
        ("PUT", "hunks/{}/joined", {"joined": True}, 422, "invalid"),
        ("PUT", "hunks/{}/joined", {"joined": False}, 422, "invalid"),
        ("PUT", "hunks/{}.5-5/decision", {"decision": "accepted"}, 404, "unknown_hunk"),
        ("PUT", "hunks/{}/text", {"text": "a\u0000"}, 422, "binary"),
        ("GET", "hunks/nothing/text", None, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    api: Api, method: str, path: str, body: dict[str, Any] | None, status: int, code: str
) -> None:
    error = api(method, path.format(api.first), body, status)["error"]
    assert error["code"] == code
    assert api("GET", "review")["version"] == 0


def test_what_breaks_the_syntax_names_the_decision_that_mends_it(person: User, client: Client) -> None:
    original = "x = 1\ny = 2\n# a\n# b\nz = 3\n"
    merged = "x = (1 +\ny)\n# a\n# b\nz = 4\n"
    apply = make_finished(person, merged, original=original, path="x.py")
    api = Api(client, apply)
    assert api("GET", "result/syntax") == {"parses": True, "line": None, "mends": [], "loose": []}
    lines = {"removed": [0, 1], "added": [0, 1], "decision": "accepted"}
    api("PUT", f"hunks/{api.first}/lines", lines)
    found = api("GET", "result/syntax")
    assert found["parses"] is False
    assert found["mends"] == [
        {"id": f"{api.first}.0-0", "decision": "rejected"},
        {"id": f"{api.first}.1-1", "decision": "accepted"},
    ]


def test_lines_without_their_block_break_a_file_that_a_grammar_would_pass(person: User, client: Client) -> None:
    original = "def f(path):\n    return load(path)\n\n\n# a\n# b\nz = 3\n"
    merged = "def f(path):\n    with open(path) as file:\n        return load(file)\n\n\n# a\n# b\nz = 4\n"
    apply = make_finished(person, merged, original=original, path="x.py")
    api = Api(client, apply)
    api("PUT", f"hunks/{api.first}/lines", {"removed": [0, 1], "added": [0, 1], "decision": "accepted"})
    found = api("GET", "result/syntax")
    assert (found["parses"], found["line"]) == (False, 2)
    assert {"id": f"{api.first}.1-1", "decision": "accepted"} in found["mends"]


def test_a_merge_that_breaks_the_file_is_told_of_the_result_too(person: User, client: Client) -> None:
    original = "x = 1\n# a\n# b\ny = 2\n"
    api = Api(client, make_finished(person, "x = (1\n# a\n# b\ny = 3\n", original=original, path="x.py"))
    assert api("GET", "result/syntax")["parses"] is True
    for hunk in (api.first, api.last):
        api("PUT", f"hunks/{hunk}/decision", {"decision": "accepted"})
        found = api("GET", "result/syntax")
        assert found["parses"] is False
        assert {"id": api.first, "decision": "rejected"} in found["mends"]


def test_an_import_that_is_left_out_is_named_with_the_decision_that_mends_it(person: User, client: Client) -> None:
    original = "import os\n\n\ndef main():\n    return os.getcwd()\n"
    merged = "import os\nfrom contextlib import closing\n\n\ndef main():\n    return closing(os.getcwd())\n"
    apply = make_finished(person, merged, original=original, path="x.py")
    api = Api(client, apply)
    api("PUT", f"hunks/{api.last}/decision", {"decision": "accepted"})
    found = api("GET", "result/syntax")
    assert (found["parses"], found["mends"]) == (True, [])
    assert found["loose"] == [{"name": "closing", "id": api.first, "decision": "accepted"}]
    api("PUT", f"hunks/{api.first}/decision", {"decision": "accepted"})
    assert api("GET", "result/syntax")["loose"] == []


def test_a_name_that_is_bound_elsewhere_only_is_named_with_the_decision_that_brings_it(
    person: User, client: Client
) -> None:
    original = "def age(now):\n    return now\n\n\ndef old(item):\n    # a\n    # b\n    return item\n"
    merged = original.replace("old(item)", "old(item, now)").replace("return item", "return age(now)")
    api = Api(client, make_finished(person, merged, original=original, path="x.py"))
    api("PUT", f"hunks/{api.last}/decision", {"decision": "accepted"})
    assert api("GET", "result/syntax")["loose"] == [{"name": "now", "id": api.first, "decision": "accepted"}]
    api("PUT", f"hunks/{api.first}/decision", {"decision": "accepted"})
    assert api("GET", "result/syntax")["loose"] == []


def test_a_function_that_goes_while_a_call_stays_is_named(person: User, client: Client) -> None:
    original = "def helper():\n    return 1\n\n\ndef main():\n    return helper()\n"
    apply = make_finished(person, "def main():\n    return 1\n", original=original, path="x.py")
    api = Api(client, apply)
    api("PUT", f"hunks/{api.first}/decision", {"decision": "accepted"})
    assert api("GET", "result/syntax")["loose"] == [{"name": "helper", "id": api.first, "decision": "rejected"}]


def test_the_patch_of_a_file_without_a_path_is_for_what_the_page_calls_it(person: User, client: Client) -> None:
    apply = make_finished(person, "x = 2\n", original="x = 1\n", path="")
    patch = client.get(f"/api/applies/{apply.id}/result.patch?pending=accepted").content.decode()
    assert "--- a/unnamed.py\n+++ b/unnamed.py\n" in patch


def test_another_persons_hunks_are_not_there(apply: Apply, api: Api) -> None:
    other = Client()
    other.force_login(make_person("noor"))
    assert other.get(f"/applies/{apply.id}/hunks/{api.first}").status_code == 404
    assert other.get(f"{api.base}/hunks/{api.first}/text").status_code == 404
    answer = other.put(f"{api.base}/hunks/{api.first}/text", '{"text": "x"}', content_type="application/json")
    assert answer.status_code == 404


def test_the_page_draws_parts_own_texts_and_what_was_proposed(client: Client, apply: Apply, api: Api) -> None:
    api("POST", f"hunks/{api.first}/cuts", {"removed": 1, "added": 1})
    api("PUT", f"hunks/{api.first}.1-1/text", {"text": "<own>"})
    fragment = client.get(f"/applies/{apply.id}/hunks/{api.first}").content.decode()
    page = client.get(f"/applies/{apply.id}/").content.decode()
    assert fragment.strip() in page
    assert re.findall(
        r'data-hunk="([^"]*)" data-of="([^"]*)" data-number="([^"]*)" data-decision="(\w+)"', fragment
    ) == [
        (f"{api.first}.0-0", api.first, "1.1", "pending"),
        (f"{api.first}.1-1", api.first, "1.2", "accepted"),
    ]
    own, proposed = re.findall(r'<div class="own">(.*?)<details class="proposed">(.*?)</details>', fragment)[0]
    assert "&lt;own&gt;" in own
    assert [unescape(re.sub("<[^>]*>", "", line)) for line in re.findall(r'class="l n add".*?</code>', proposed)] == [
        'class="l n add" data-n="2">B',
        'class="l n add" data-n="3">B2',
    ]
    assert client.get(f"/applies/{apply.id}/hunks/nothing").status_code == 404


def test_the_rest_is_decided_and_the_others_stay(api: Api) -> None:
    api("PUT", f"hunks/{api.first}/decision", {"decision": "rejected"})
    decided = api("PUT", "decisions", {"decision": "accepted", "rest": True})["decisions"]
    assert decided == {api.first: "rejected", api.last: "accepted"}
    assert api("POST", "undo")["decisions"] == {api.first: "rejected"}


def test_both_sides_of_a_hunk_stand_in_either_order_and_undo_takes_them_back(api: Api) -> None:
    review = api("PUT", f"hunks/{api.first}/both", {"seen": "pending"})
    assert review["decisions"] == {api.first: "accepted"}
    assert api.result() == "a\nb\nc\nA\nB\nB2\nd\n"
    (part,) = review["parts"][api.first]
    api("PUT", f"hunks/{api.first}/both", {"first": "proposed", "seen": "accepted", "seen_text": part["text_id"]})
    assert api.result() == "A\nB\nB2\na\nb\nc\nd\n"
    api("POST", "undo")
    api("POST", "undo")
    assert api.result() == ORIGINAL
    assert api("PUT", f"hunks/{api.last}/both", {}, 422)["error"]["message"] == (
        "Only one of the two sides has lines here."
    )
    assert api("PUT", f"hunks/{api.first}/both", {"seen": "rejected"}, 409)["error"]["code"] == "changed_meanwhile"


@pytest.mark.parametrize(
    ("original", "merged", "first", "kept"),
    [
        ("top\r\nold", "top\r\nnew", "original", "top\r\nold\r\nnew"),
        ("top\r\nold", "top\r\nnew\r\n", "proposed", "top\r\nnew\r\nold\r\n"),
        ("top\nold\n", "top\nnew", "proposed", "top\nnew\nold"),
        ("top\nold1\r\nold2\r\nend\n", "top\nnew\nend\n", "original", "top\nold1\r\nold2\r\nnew\nend\n"),
        ("top\nold1\r\nold2\r\nend\n", "top\nnew\nend\n", "proposed", "top\nnew\nold1\r\nold2\r\nend\n"),
    ],
)
def test_both_sides_keep_their_line_ends(
    client: Client, person: User, original: str, merged: str, first: str, kept: str
) -> None:
    api = Api(client, make_finished(person, merged, original=original, path="x.txt"))
    api("PUT", f"hunks/{api.keys[0]}/both", {"first": first})
    assert client.get(f"{api.base}/result").content == kept.encode()


@pytest.mark.parametrize(("path", "body"), [("both", {}), ("text", {"text": "yours\n"})])
def test_lines_that_were_not_seen_are_not_written_over(api: Api, path: str, body: dict[str, Any]) -> None:
    api("PUT", f"hunks/{api.first}/decision", {"decision": "accepted"})
    review = api("PUT", f"hunks/{api.first}/text", {"text": "mine\n"})  # in another window
    (part,) = review["parts"][api.first]
    for seen in ({}, {"seen_text": None}, {"seen_text": "0" * 64}):
        error = api("PUT", f"hunks/{api.first}/{path}", {**body, "seen": "accepted", **seen}, 409)["error"]
        assert error["code"] == "changed_meanwhile"
        assert api.result() == "mine\nd\n"
    api("PUT", f"hunks/{api.first}/{path}", {**body, "seen": "accepted", "seen_text": part["text_id"]})
    assert api.result() != "mine\nd\n"
