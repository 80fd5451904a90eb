"""The list and who may see what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applyweb.actions.applies import begin_attempt
from applyweb.actions.reviews import Lines, decide_all, decide_lines
from applyweb.queries.applies import find_apply, list_applies, owner_id, place_in_queue
from tests.factories import make_apply, make_finished, make_person

pytestmark = pytest.mark.django_db


def test_a_list_of_many_takes_as_many_queries_as_a_list_of_one() -> None:
    person = make_person()
    make_finished(person)
    with CaptureQueriesContext(
        connection,
    ) as one:
        list(list_applies(person))
    for _ in range(5):
        make_finished(person)
    with CaptureQueriesContext(connection) as many:
        rows = list(list_applies(person))
    assert (len(rows), len(many)) == (6, len(one))


def test_a_row_counts_the_persons_own_decisions() -> None:
    mira, noor = make_person(), make_person("noor")
    apply = make_finished(mira)
    decide_all(apply, mira, "accepted")
    decide_all(apply, noor, "rejected")
    row = list_applies(mira).get()
    assert (row.total, row.accepted, row.rejected) == (2, 2, 0)


def test_a_row_counts_each_part_of_a_hunk() -> None:
    mira, noor = make_person(), make_person("noor")
    apply = make_finished(mira, "A\nB\nC\nd\nE\n", original="a\nb\nc\nd\ne\n")
    first = apply.hunks.all()[0].key
    decide_lines(apply, mira, first, Lines(range(1), range(1)), "accepted")
    decide_lines(apply, mira, first, Lines(range(2, 3), range(2, 3)), "rejected")
    decide_all(apply, noor, "accepted")
    row = list_applies(mira).get()
    assert (row.total, row.accepted, row.rejected) == (4, 1, 1)


def test_nobody_sees_anothers_apply() -> None:
    apply = make_finished(make_person())
    other = make_person("noor")
    assert find_apply(other, apply.id) is None
    assert list(list_applies(other)) == []


def test_search_looks_at_every_word() -> None:
    person = make_person()
    shop = make_finished(person, path="web/shop.py")
    make_finished(person, path="web/cart.py")
    assert [row.id for row in list_applies(person, "SHOP web")] == [shop.id]
    assert [row.id for row in list_applies(person, shop.id)] == [shop.id]
    assert list(list_applies(person, "shop failed")) == []


def test_search_looks_at_ten_words_of_however_many() -> None:
    person = make_person()
    shop = make_finished(person, path="web/shop.py")
    assert [row.id for row in list_applies(person, "shop " * 10 + "nothing " * 1000)] == [shop.id]
    assert list(list_applies(person, "shop " * 9 + "nothing")) == []


def test_a_waiting_apply_has_the_place_of_its_turn() -> None:
    mira, noor, ada = make_person(), make_person("noor"), make_person("ada")
    make_finished(noor)  # got a slot before, so ada comes first
    running, *many = (make_apply(mira) for _ in range(4))
    begin_attempt(running.id)
    single, other = make_apply(noor), make_apply(ada)
    assert [place_in_queue(each) for each in (other, single, *many)] == [1, 2, 3, 4, 5]
    running.refresh_from_db()
    assert place_in_queue(running) is None
    assert (owner_id(single.id), owner_id("gone")) == (noor.pk, None)


def test_the_place_takes_as_many_queries_among_many() -> None:
    person = make_person()
    first = make_apply(person)
    with CaptureQueriesContext(connection) as one:
        place_in_queue(first)
    for _ in range(5):
        make_apply(person)
    with CaptureQueriesContext(connection) as many:
        assert place_in_queue(first) == 1
    assert len(many) == len(one)
