"""Who may open an apply: its owner, and everybody where it is shared."""

from __future__ import annotations

import pytest

from applyweb.actions.accounts import add_person, person_named
from applyweb.actions.errors import Refused
from applyweb.actions.reviews import decide_all
from applyweb.actions.sharing import set_shared
from applyweb.models import Apply
from applyweb.queries.applies import applies_of, find_apply
from applyweb.queries.changesets import find_changeset
from applyweb.queries.people import name_of
from tests.actions.test_rebases import EDITED, MERGED, ORIGINAL, rebased
from tests.factories import make_finished, make_person
from tests.queries.test_changesets import merged

pytestmark = pytest.mark.django_db


def test_a_shared_apply_opens_for_everybody_and_is_listed_for_those_who_review_it() -> None:
    owner, other = make_person(), make_person("noor")
    apply = make_finished(owner)
    assert find_apply(other, apply.id) is None
    set_shared(apply, owner, True)
    assert find_apply(other, apply.id) == apply
    assert list(applies_of(other)) == []
    decide_all(apply, other, "accepted")
    assert list(applies_of(other)) == [apply]
    assert list(applies_of(owner)) == [apply]
    set_shared(apply, owner, False)
    assert find_apply(other, apply.id) is None
    assert list(applies_of(other)) == []
    assert apply.reviews.filter(person=other).exists()  # it is there when the apply is opened again


def test_only_its_owner_shares_an_apply() -> None:
    apply = make_finished(make_person())
    with pytest.raises(Refused) as refused:
        set_shared(apply, make_person("noor"), True)
    assert refused.value.code == "not_yours"
    assert not Apply.objects.filter(shared=True).exists()


def test_the_files_of_a_changeset_are_shared_together() -> None:
    owner, other = make_person(), make_person("noor")
    changeset, alone = merged(owner), make_finished(owner)
    first = changeset.applies.first()
    assert first is not None
    set_shared(first, owner, True)
    assert set(Apply.objects.filter(shared=True)) == set(changeset.applies.all())
    assert find_changeset(other, changeset.id) == changeset
    assert find_apply(other, alone.id) is None
    set_shared(first, owner, False)
    assert find_changeset(other, changeset.id) is None


def test_versions_of_a_file_are_shared_together() -> None:
    owner = make_person()
    apply = make_finished(owner, MERGED, original=ORIGINAL)
    first = rebased(apply, owner)
    set_shared(first, owner, True)
    apply.refresh_from_db()
    second = rebased(apply, owner, EDITED + "and another\n")
    assert [each.shared for each in (apply, first, second)] == [True, True, True]
    set_shared(apply, owner, False)
    assert not Apply.objects.filter(shared=True).exists()


def test_people_are_added_once_with_names_that_can_be_typed() -> None:
    ada = add_person("ada", "Ada Lovelace")
    assert (name_of(ada), name_of(add_person("bo")), ada.has_usable_password()) == ("Ada Lovelace", "bo", False)
    assert person_named("ada") == ada
    assert person_named("owner").is_superuser
    for name, code in (("Ada", "name_taken"), ("two words", "invalid"), ("", "invalid")):
        with pytest.raises(Refused) as refused:
            add_person(name)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        person_named("nobody")
    assert refused.value.code == "unknown_person"
