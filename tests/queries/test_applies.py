"""The list and who may see what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applyweb.actions.reviews import Lines, decide_all, decide_lines
from applyweb.queries.applies import find_apply, list_applies
from tests.factories import make_finished, make_person

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
