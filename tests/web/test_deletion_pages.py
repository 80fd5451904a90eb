"""The question before something is deleted: what it says goes, and what stays."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from applyweb.actions import comments
from applyweb.actions.reviews import decide_all
from applyweb.jobs.rebase import make_rebase
from applyweb.models import User
from tests.factories import ORIGINAL, make_apply, make_finished, make_person
from tests.queries.test_changesets import merged
from tests.web.reading import page, words

pytestmark = pytest.mark.django_db


def told(client: Client, of: str) -> list[str]:
    return [words(item) for item in re.findall(r"<li>.*?</li>", page(client, f"/{of}/deletion"), re.DOTALL)]


def test_it_names_what_people_left_there(client: Client, person: User) -> None:
    apply = make_finished(person)
    assert told(client, f"applies/{apply.id}") == []
    decide_all(apply, person, "rejected")
    comments.start_line_thread(apply, make_person("ida"), "new", 1, "Why?")
    assert told(client, f"applies/{apply.id}") == [
        "2 decisions",
        "1 comment",
        "Some of it is by 1 other person.",
    ]


def test_it_names_newer_versions_and_open_work(client: Client, person: User) -> None:
    apply = make_finished(person)
    make_rebase(apply, person, "# a shop\n" + ORIGINAL)
    assert told(client, f"applies/{apply.id}") == [
        "1 newer version over the file as it was edited later: it stands on this one and goes too."
    ]
    assert told(client, f"applies/{make_apply(person).id}") == ["It is still being written. That is stopped."]


def test_it_says_what_becomes_of_a_changeset(client: Client, person: User) -> None:
    changeset = merged(person)
    first, second = changeset.applies.order_by("position")
    assert told(client, f"applies/{first.id}") == ["The other file of its changeset stays."]
    assert told(client, f"changesets/{changeset.id}") == []
    assert words(page(client, f"/changesets/{changeset.id}/deletion")).startswith("2 files with the answer")
    first.delete()
    assert told(client, f"applies/{second.id}") == ["It is the last file of its changeset, which goes too."]


def test_a_stranger_is_told_nothing(person: User) -> None:
    stranger = Client()
    stranger.force_login(make_person("ida"))
    assert stranger.get(f"/applies/{make_finished(person).id}/deletion").status_code == 404
    assert stranger.get(f"/changesets/{merged(person).id}/deletion").status_code == 404
