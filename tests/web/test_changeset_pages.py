"""The pages of a changeset through Django's client: what they show, to whom, and at what price."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions.applies import begin_attempt, fail_apply
from applyweb.actions.changesets import Original, create_changeset
from applyweb.actions.reviews import decide_all
from applyweb.models import Changeset, User
from tests.factories import many_files
from tests.queries.test_changesets import merged
from tests.web.reading import data, page, words

pytestmark = pytest.mark.django_db

SAME_NAMES = "### a/utils.py\n\n```python\nu = 2\n```\n\n### b/utils.py\n\n```python\nu = 3\n```\n"


def plan(client: Client, **body: Any) -> str:
    asked = {"paths": ["a/utils.py", "b/utils.py"], "chat": SAME_NAMES, **body}
    answer = client.post("/changesets/plan", json.dumps(asked), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def same_names(person: User) -> Changeset:
    originals = [Original("a/utils.py", "u = 1\n"), Original("b/utils.py", "u = 1\n")]
    return create_changeset(person, originals=originals, chat=SAME_NAMES, engine="embedded")


def test_pages_of_fifty_files_take_as_many_queries_as_those_of_one(client: Client, person: User) -> None:
    asked: list[list[int]] = []
    for count in (1, 1, 50):  # the first one's texts are coloured, which the others share
        changeset = merged(person, count)
        file = changeset.applies.order_by("position")[0]
        decide_all(file, person, "accepted")
        addresses = [f"/changesets/{changeset.id}/", f"/changesets/{changeset.id}/files", f"/applies/{file.id}/"]
        addresses += [f"/api/changesets/{changeset.id}{path}" for path in ("", "/result.patch", "/result.zip")]
        asked.append([])
        for address in addresses:
            client.get(address)  # what is kept of a page is made
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked[-1].append(len(queries))
    assert asked[1] == asked[2]


def test_a_changeset_is_there_for_its_owner_alone(client: Client) -> None:
    changeset = same_names(User.objects.create_user("noor"))
    for path in ("/", "/files"):
        assert client.get(f"/changesets/{changeset.id}{path}").status_code == 404
        answer = Client().get(f"/changesets/{changeset.id}{path}")
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")
    for path in ("", "/result.patch", "/result.zip"):
        assert client.get(f"/api/changesets/{changeset.id}{path}").status_code == 404


def test_the_page_shows_progress_and_what_is_left(client: Client, person: User) -> None:
    changeset = merged(person, 3)
    first, second, third = changeset.applies.order_by("position")
    decide_all(first, person, "accepted")
    decide_all(second, person, "rejected")
    html = page(client, f"/changesets/{changeset.id}/")
    assert '<progress max="6" value="4"' in html
    assert "4 of 6 hunks decided 2 accepted, 2 rejected" in words(html)
    assert "2 hunks in 1 file undecided: the patch leaves them out." in words(html)
    assert f'href="/applies/{third.id}/#first-pending"' in html
    decide_all(third, person, "accepted")
    html = page(client, f"/changesets/{changeset.id}/files")
    assert "Everything is decided." in words(html)
    assert "first-pending" not in html


def test_accepting_all_answers_with_what_became_of_each_file(client: Client, person: User) -> None:
    changeset = merged(person, 1)
    url = f"/api/changesets/{changeset.id}/decisions"
    assert "Accept all" in page(client, f"/changesets/{changeset.id}/")
    answer = client.put(url, '{"decision": "accepted"}', content_type="application/json")
    file = changeset.applies.get()
    told = {"id": file.id, "path": file.path, "accepted": 2, "left": 0, "version": 1, "doubts": []}
    step = answer.json()["step"]
    assert answer.json() == {"step": step, "files": [told]}
    back = f"/api/changesets/{changeset.id}"
    returned = {"files": [{"id": file.id, "path": file.path, "stays": False}]}
    assert client.post(f"{back}/undo?step={step}").json() == returned
    assert client.post(f"{back}/undo").json()["error"]["code"] == "nothing_to_undo"
    assert client.post(f"{back}/redo?step={step}").json() == returned
    assert client.post(f"{back}/redo").status_code == 409
    assert "Accept all" not in page(client, f"/changesets/{changeset.id}/")
    assert client.put(url, '{"decision": "rejected"}', content_type="application/json").status_code == 422
    other = merged(User.objects.create_user("noor"), 1)
    body = '{"decision": "accepted"}'
    assert client.put(url.replace(changeset.id, other.id), body, content_type="application/json").status_code == 404


def test_a_failed_file_says_why_and_an_open_changeset_has_no_patch_yet(client: Client, person: User) -> None:
    changeset = same_names(person)
    first, second = changeset.applies.order_by("position")
    html = page(client, f"/changesets/{changeset.id}/")
    assert "2 files being written" in words(html)
    assert "result.patch" not in html
    for apply in (first, second):
        begin_attempt(apply.id)
        fail_apply(apply.id, 1, code="x", message="It <broke>.", events=[])
    html = page(client, f"/changesets/{changeset.id}/files")
    assert "It &lt;broke&gt;." in html
    assert "2 files without a result: they are not in the patch." in words(html)


def test_the_desk_of_a_file_knows_the_others(client: Client, person: User) -> None:
    changeset = merged(person, 3)
    first, second, third = changeset.applies.order_by("position")
    decide_all(first, person, "accepted")
    html = page(client, f"/applies/{second.id}/")
    bar = html[html.index('id="filebar"') : html.index("</nav>", html.index('id="filebar"'))]
    assert f'data-act="previous-file" href="/applies/{first.id}/"' in bar
    assert f'data-act="next-file" href="/applies/{third.id}/"' in bar
    assert "File 2 of 3" in words(bar)
    assert "2 of 6 hunks of all files decided" in words(bar)
    assert 'data-others-decided="2" data-others-total="4"' in bar


def test_files_of_one_name_are_told_by_their_folders(client: Client, person: User) -> None:
    file = same_names(person).applies.order_by("position")[0]
    html = page(client, f"/applies/{file.id}/")
    assert re.findall(r'<span class="name">([^<]*utils.py)</span>', html) == ["a/utils.py", "b/utils.py"]


def test_what_is_not_in_the_changeset_is_said(client: Client, person: User) -> None:
    chat = SAME_NAMES + "*** Begin Patch\n*** Delete File: old.py\n*** Add File: ../up.py\n+x\n*** End Patch\n"
    originals = [Original("a/utils.py", "u = 1\n")]
    changeset = create_changeset(person, originals=originals, chat=chat, engine="embedded", answers={10: ""})
    said = words(page(client, f"/changesets/{changeset.id}/"))
    assert "old.py is to be deleted, which is not done here (chat line 13)." in said
    assert "../up.py would be written outside of the folder (chat line 15)." in said
    assert "b/utils.py was not wanted (chat line 10)." in said


def test_a_plan_is_drawn_with_its_questions_and_settles_by_answers(client: Client) -> None:
    chat = (
        "### utils.py\n\n```python\nu = '<b>'\n```\n\n### new.py\n\n```python\nn = 1\n```\n\n## x\n\n```sh\nls\n```\n"
    )
    html = plan(client, chat=chat)
    assert re.findall(r'<option value="([^"]*)"', html) == ["?", "a/utils.py", "b/utils.py", ""]
    assert "The code on chat line 4 names utils.py u = '<b>'" in words(html)
    assert "<b>" not in html
    assert 'data-applies="1" data-questions="1"' in html
    assert "1 piece of the answer is commands or output, for no file." in words(html)
    html = plan(client, chat=chat, answers={"4": "b/utils.py", "10": ""})
    assert 'data-applies="1" data-questions="0"' in html
    assert "Chat line 4: b/utils.py , as you said" in words(html)
    assert 'data-make="10">' in html


def test_a_plan_of_many_files_shows_some(client: Client) -> None:
    html = plan(client, paths=[f"f{n}.py" for n in range(30)] + ["a/utils.py"])
    assert words(html).count("and 18 more") == 1


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ('{"paths": 1, "chat": ""}', 400), ('{"paths": [], "chat": "words"}', 422)]
)
def test_a_plan_that_cannot_be_made_says_so(client: Client, body: str, status: int) -> None:
    answer = client.post("/changesets/plan", body, content_type="application/json")
    assert (answer.status_code, set(answer.json()["error"]) >= {"code", "message"}) == (status, True)


def test_a_plan_is_for_people_who_are_signed_in(client: Client, settings: Any) -> None:
    assert Client().post("/changesets/plan", "{}", content_type="application/json").status_code == 302
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/changesets/plan", "x" * 100, content_type="application/json")
    assert answer.status_code == 413


def test_applying_one_file_again_takes_its_part_of_the_answer(client: Client, person: User) -> None:
    second = same_names(person).applies.order_by("position")[1]
    html = page(client, f"/?from={second.id}")
    texts = data(html, "again")
    assert "u = 3" in texts["chat"]
    assert "u = 2" not in texts["chat"]


def test_the_list_leads_from_a_file_to_its_changeset(client: Client, person: User) -> None:
    changeset = merged(person, 1)
    assert f'href="/changesets/{changeset.id}/"' in page(client, "/applies/")
    assert many_files(1)[0][0][0].rpartition("/")[2] in page(client, "/applies/")
