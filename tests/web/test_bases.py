"""A new base through the API and in the page: looked at first, refused with words, told in both versions."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions.applies import begin_attempt
from applyweb.actions.changesets import Original, create_changeset
from applyweb.actions.reviews import decide_all
from applyweb.jobs.rebase import make_rebase
from applyweb.models import Apply, User
from applyweb.queries.applies import find_apply
from applyweb.web.render.fates import FateCounts, fates_sentence
from tests.factories import MERGED, ORIGINAL, finish, make_apply, make_person
from tests.queries.test_changesets import merged
from tests.web.applies import finished
from tests.web.reading import page, words

pytestmark = pytest.mark.django_db

EDITED = "# a shop\n" + ORIGINAL.replace("return price * (1 + TAX)", "return price + price * TAX <b>")


@pytest.fixture
def apply(person: User) -> Apply:
    return finished(person)


def post(client: Client, apply: Apply, what: str, status: int, **body: Any) -> Any:
    answer = client.post(f"/api/applies/{apply.id}/{what}", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_preview_tells_what_would_become_and_keeps_nothing(client: Client, apply: Apply, person: User) -> None:
    decide_all(apply, person, "accepted")
    found = post(client, apply, "base-previews", 200, original=EDITED)
    assert (found["version"], found["unchanged"], found["moved"], found["conflicts"], found["already"]) == (
        1,
        0,
        1,
        1,
        0,
    )
    assert found["sentence"] == "1 hunk carries over to other lines, 1 is in conflict."
    assert [hunk["state"] for hunk in found["hunks"]] == ["conflict", "moved"]
    assert [hunk["id"] for hunk in found["hunks"]] == [hunk.key for hunk in apply.hunks.all()]
    assert Apply.objects.count() == 1


def test_a_new_base_makes_a_finished_version_with_all_that_an_apply_has(client: Client, apply: Apply) -> None:
    made = post(client, apply, "bases", 201, original=EDITED, version=0)
    told = client.get(f"/api/applies/{made['id']}").json()
    assert (told["status"], told["rebased_from"], told["rebases"]) == ("finished", apply.id, [])
    assert (told["path"], told["engine_used"], told["hunks"]["pending"]) == ("shop/prices.py", "embedded", 2)
    assert {check["code"] for check in told["checks"]} == {
        check["code"] for check in client.get(f"/api/applies/{apply.id}").json()["checks"]
    }
    assert client.get(f"/api/applies/{apply.id}").json()["rebases"] == [made["id"]]
    first, second = client.get(f"/api/applies/{made['id']}/hunks").json()
    assert first["conflict"] == {
        "old": ["    return price * (1 + TAX)\n"],
        "new": ["    return price + price * TAX <b>\n"],
        "proposed": ["    return round(price * (1 + TAX), 2)\n"],
        "both_added": False,
        "had": "pending",
    }
    assert (second["conflict"], second["support"]) == (None, "justified")
    assert client.get(f"/api/applies/{made['id']}/review").json()["conflicts"] == {first["id"]: "pending"}
    assert client.get(f"/api/applies/{made['id']}/result").content.decode() == EDITED


def test_refusals_say_what_to_do(client: Client, apply: Apply, person: User, settings: Any) -> None:
    assert post(client, apply, "bases", 422, original=ORIGINAL)["error"]["code"] == "same_original"
    assert post(client, apply, "base-previews", 422, original="a\0b")["error"]["code"] == "binary"
    assert post(client, apply, "bases", 409, original=EDITED, version=7)["error"]["code"] == "changed_meanwhile"
    assert post(client, apply, "bases", 422, original=EDITED, force=True)["error"]["code"] == "invalid"
    assert post(client, make_apply(person), "bases", 409, original=EDITED)["error"]["code"] == "not_finished"
    settings.TEXT_LIMIT = 20
    assert post(client, apply, "bases", 413, original=EDITED)["error"]["field"] == "original"
    assert Apply.objects.filter(rebased_from=apply).count() == 0


def test_nobody_elses_review_is_carried_over(client: Client, apply: Apply) -> None:
    other = Client()
    other.force_login(make_person("noor"))
    for what in ("bases", "base-previews"):
        assert post(other, apply, what, 404, original=EDITED)["error"]["code"] == "not_found"


def test_both_versions_lead_to_each_other_and_conflicts_show_their_texts(client: Client, apply: Apply) -> None:
    made = post(client, apply, "bases", 201, original=EDITED)
    html = page(client, made["url"])
    assert f'href="/applies/{apply.id}/"' in html
    shown = words(html)
    assert "Carried over to the file as it is now 1 hunk carries over to other lines, 1 is in conflict." in shown
    assert "The new original changed these lines too." in shown
    assert re.search(r"Old original, line 11 return price \* \(1 \+ TAX\) New original Proposed", shown)
    assert html.count('class="flag conflict"') == 1
    assert html.count("is-conflict") == 1
    assert f'href="{made["url"]}"' in page(client, f"/applies/{apply.id}/")


def test_what_both_added_at_one_place_is_told_apart(client: Client, person: User) -> None:
    merged = ORIGINAL.replace("TAX = 0.2\n", "TAX = 0.2\nOURS = 1\n")
    apply = finished(person, merged=merged, chat="```python\nTAX = 0.2\nOURS = 1\n```\n")
    new = ORIGINAL.replace("TAX = 0.2\n", "TAX = 0.2\n<i>THEIRS</i> = 1\nMORE = 2\n")
    made = post(client, apply, "bases", 201, original=new)
    html = page(client, made["url"])
    assert "The new original adds lines at the same place (lines 4 to 5, above)." in words(html)
    assert "Old original" not in html


def test_the_list_says_which_ones_are_earlier_versions(client: Client, apply: Apply) -> None:
    assert "Earlier version" not in page(client, "/applies/")
    with CaptureQueriesContext(connection) as before:
        page(client, "/applies/")
    post(client, apply, "bases", 201, original=EDITED)
    with CaptureQueriesContext(connection) as after:
        assert page(client, "/applies/").count("Earlier version") == 1
    assert len(after) == len(before)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            FateCounts(3, 1, 2, 1),
            "3 hunks carry over as they are, 1 carries over to other lines, 2 are in conflict, "
            "1 is in the new file already.",
        ),
        (FateCounts(0, 0, 0, 2), "2 hunks are in the new file already."),
        (FateCounts(1, 0, 0, 0), "1 hunk carries over as it is."),
        (FateCounts(0, 0, 0, 0), "There is no hunk to carry over."),
    ],
)
def test_fates_are_told_in_a_sentence(counts: FateCounts, sentence: str) -> None:
    assert fates_sentence(counts) == sentence


def test_an_earlier_text_is_kept_byte_for_byte(client: Client, apply: Apply) -> None:
    new = "\ufeff" + EDITED.replace("\n", "\r\n").rstrip() + " é🙂"
    made = post(client, apply, "bases", 201, original=new)
    assert client.get(f"/api/applies/{made['id']}/result").content == new.encode()
    assert client.get(f"/api/applies/{apply.id}/merged").content == MERGED.encode()


def test_one_of_several_files_is_carried_over_in_its_place(client: Client, person: User) -> None:
    changeset = merged(person, 3)
    before = changeset.applies.order_by("position")[1]
    made = post(client, before, "bases", 201, original="top = 0\n" + before.original.text)
    html = page(client, made["url"])
    assert "File 2 of 3" in words(html)
    assert f'href="/applies/{before.id}/"' in html
    earlier = page(client, f"/applies/{before.id}/")
    assert "An earlier version" in words(earlier)
    assert 'id="filebar"' not in earlier
    assert f'href="{made["url"]}"' in earlier
    assert page(client, f"/changesets/{changeset.id}/").count(before.id) == 0


def test_only_its_own_part_of_the_answer_is_asked_of_one_of_several_files(client: Client, person: User) -> None:
    one, two = "def alpha(price):\n    return price * 2\n", "def beta(cost):\n    return cost + 7\n"
    chat = f"One:\n\n```python\n{one}```\n\nTwo:\n\n```python\n{two}```\n"
    changeset = create_changeset(
        person,
        originals=[Original("a.py", ""), Original("b.py", "def beta(cost):\n    return cost\n")],
        chat=chat,
        engine="embedded",
        answers={4: "a.py", 11: "b.py"},
    )
    before = begin_attempt(changeset.applies.get(path="b.py").id)
    assert before is not None
    finish(before, two)
    made = post(client, before, "bases", 201, original="top = 0\n\n" + before.original.text)
    support = Apply.objects.get(pk=made["id"]).support
    assert list(support["justified"].values()) == [[12]]
    assert support["missing"] == []


def test_the_banner_of_an_earlier_version_tells_the_way_to_the_newest(client: Client, person: User) -> None:
    first = finished(person)
    base = first.original.text
    second = make_rebase(first, person, "# second\n" + base)
    assert "Go to the newer version" in page(client, f"/applies/{first.id}/")
    assert 'class="chain"' not in page(client, f"/applies/{first.id}/")
    aside = make_rebase(first, person, "# aside\n" + base)
    third = make_rebase(_loaded(person, aside), person, "# third\n" + base)

    html = page(client, f"/applies/{first.id}/")
    chain = re.search(r'<ol class="chain".*?</ol>', html)
    assert chain is not None
    assert words(chain[0]) == "version 1, this one version 2 version 3, the newest"
    assert re.findall(r'href="/applies/(\w+)/"', chain[0]) == [aside.id, third.id]
    assert (
        f'href="/applies/{third.id}/"><svg class="i" aria-hidden="true"><use href="#i-onward"/></svg>Go to the' in html
    )
    assert "An earlier version" not in page(client, f"/applies/{third.id}/")
    assert "An earlier version" not in page(client, f"/applies/{second.id}/")


def _loaded(person: User, apply: Apply) -> Apply:
    found = find_apply(person, apply.id)
    assert found is not None
    return found
