"""What a deletion takes along, what it leaves, and that its work does not grow with what is deleted."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from applyweb.actions import comments, proposals
from applyweb.actions.applies import begin_attempt, create_apply
from applyweb.actions.deletions import delete_apply, delete_changeset
from applyweb.actions.errors import Refused
from applyweb.actions.highlights import store_highlight
from applyweb.actions.reviews import decide_all, decide_hunk, undo_step, write_hunk
from applyweb.jobs.rebase import make_rebase
from applyweb.models import (
    Apply,
    Blob,
    Changeset,
    Comment,
    Decision,
    Discussion,
    Highlight,
    Hunk,
    Proposal,
    Review,
    Step,
    StepText,
    Thread,
    User,
)
from applyweb.queries.applies import find_apply
from applyweb.queries.deletions import Losses, doomed_with_apply, doomed_with_changeset, losses
from tests.factories import CHAT, MERGED, ORIGINAL, finish, make_apply, make_finished, make_person
from tests.queries.test_changesets import merged

TABLES = [Apply, Hunk, Review, Decision, Step, StepText, Thread, Comment, Discussion, Proposal, Changeset, Highlight]
EDITED = "# a shop\n" + ORIGINAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person()


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in [*TABLES, Blob]}


def reviewed(owner: User, word: str = "2.5", original: str = ORIGINAL, engine: str = "embedded") -> Apply:
    """A finished apply with everything on it that people can leave there; `word` makes its written texts its own."""
    apply = make_finished(owner, merged=MERGED.replace(ORIGINAL, original), original=original, engine=engine)
    first, second = [hunk.key for hunk in apply.hunks.all()]
    write_hunk(apply, owner, first, f"    return price * {word}\n")
    undo_step(apply, owner)  # the text stands in a step only
    write_hunk(apply, owner, first, f"    return price * {word} + 1\n")
    decide_hunk(apply, make_person(f"ida {word}"), second, "rejected")
    comments.start_line_thread(apply, owner, "new", 3, f"Is {word} right?")
    asked = proposals.ask_again(apply, owner, second, "shorter", "openai")
    begun = proposals.begin_proposal(asked.pk)
    assert begun is not None
    proposals.finish_proposal(asked.pk, begun.attempt, f'    return "{word}"\n', [], {})
    proposals.take_proposal(apply, owner, second, asked.pk)
    proposals.ask_again(apply, owner, second, "longer", "openai")
    store_highlight(apply.original, "python", b"x")
    return apply


def test_deleting_an_apply_leaves_nothing_of_it(person: User) -> None:
    apply = reviewed(person)
    before = counts()
    assert all(before[table.__name__] for table in TABLES if table is not Changeset), before
    told = delete_apply(apply, person)
    assert counts() == dict.fromkeys(before, 0)
    assert told.applies == (apply.id,)
    assert len(told.open_proposals) == 1


def test_texts_that_another_apply_uses_stay_and_only_those(person: User) -> None:
    kept = reviewed(person, "2.5")
    alone = set(Blob.objects.values_list("pk", flat=True))
    other = reviewed(person, "7.5")
    assert set(Blob.objects.values_list("pk", flat=True)) > alone
    delete_apply(other, person)
    assert set(Blob.objects.values_list("pk", flat=True)) == alone
    assert Highlight.objects.count() == 1
    found = find_apply(person, kept.id)
    assert found is not None
    assert found.original.text == ORIGINAL


def test_a_text_that_only_an_undo_needs_stays(person: User) -> None:
    """A text in a step is in no other row: two people wrote the same, and one of the applies goes."""
    kept, going = make_finished(person), make_finished(person)
    for apply in (kept, going):
        write_hunk(apply, person, apply.hunks.all()[0].key, "    return 0\n")
        undo_step(apply, person)
    delete_apply(going, person)
    (step,) = Step.objects.all()
    (text,) = [row[4] for change in step.changes for row in change["after"]]
    assert Blob.objects.get(pk=text).text == "    return 0\n"


def test_a_text_that_can_not_be_redone_any_more_goes(person: User) -> None:
    apply = make_finished(person)
    first, second = [hunk.key for hunk in apply.hunks.all()]
    before = Blob.objects.count()
    write_hunk(apply, person, first, "    return 0\n")
    undo_step(apply, person)
    assert Blob.objects.count() == before + 1
    decide_hunk(apply, person, second, "accepted")
    assert Blob.objects.count() == before


def test_every_reference_to_a_text_protects_it() -> None:
    """Else a text could go, and take a row along that nobody meant."""
    rules = {
        f"{field.related_model.__name__}.{field.field.name}": field.on_delete  # type: ignore[union-attr]
        for field in Blob._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignObjectRel)
    }
    assert rules.pop("Highlight.blob") is models.CASCADE
    assert set(rules.values()) == {models.PROTECT}


def test_a_large_apply_takes_as_many_queries_as_a_small_one(person: User) -> None:
    def queries(parts: int) -> int:
        original = "".join(f"def part_{n}(value):\n    return value + {n}\n\n\n" for n in range(parts))
        apply = make_finished(person, merged=original.replace("+", "*"), original=original)
        decide_all(apply, person, "accepted")
        review, hunks = apply.reviews.get(), list(apply.hunks.all())
        texts = [Blob(sha256=f"{n:064}", size=1, packed=b"") for n in range(parts)]
        Blob.objects.bulk_create(texts)
        Decision.objects.filter(review=review).delete()
        for text, hunk in zip(texts, hunks, strict=True):
            Decision.objects.create(review=review, hunk=hunk, removed=1, added=1, verdict="accepted", text=text)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            delete_apply(apply, person)
        assert counts() == dict.fromkeys(counts(), 0)
        return len(captured)

    assert queries(2) == queries(1_200)


def test_only_the_owner_deletes(person: User) -> None:
    apply = make_finished(person)
    with pytest.raises(Refused) as caught:
        delete_apply(apply, make_person("ida"))
    assert caught.value.code == "not_yours"
    assert Apply.objects.count() == 1


def test_work_on_a_deleted_apply_stores_nothing(person: User) -> None:
    apply = make_apply(person)
    begun = begin_attempt(apply.id)
    assert begun is not None
    assert begun.original.text == ORIGINAL  # loaded, as a job has it
    told = delete_apply(apply, person)
    assert told.open_applies == (apply.id,)
    with pytest.raises(AssertionError):
        finish(begun, MERGED)
    assert Apply.objects.count() == 0
    assert begin_attempt(apply.id) is None


def test_colours_of_a_deleted_text_are_not_kept(person: User) -> None:
    apply = make_finished(person)
    original = apply.original
    delete_apply(apply, person)
    store_highlight(original, "python", b"x")
    assert Highlight.objects.count() == 0


def rebased(apply: Apply, person: User, original: str) -> Apply:
    fresh = find_apply(person, make_rebase(apply, person, original).id)
    assert fresh is not None
    return fresh


def test_newer_versions_go_with_the_one_that_they_stand_on(person: User) -> None:
    first = make_finished(person)
    second = rebased(first, person, EDITED)
    third = rebased(second, person, "# the shop\n" + EDITED)
    assert doomed_with_apply(second).versions == (second.id, third.id)
    delete_apply(second, person)
    assert list(Apply.objects.values_list("pk", flat=True)) == [first.id]
    delete_apply(first, person)
    assert counts() == dict.fromkeys(counts(), 0)


def test_the_version_before_takes_its_place_in_the_changeset_again(person: User) -> None:
    changeset = merged(person)
    first, other = changeset.applies.order_by("position")
    original = find_apply(person, first.id)
    assert original is not None
    fresh = rebased(original, person, "# edited\n" + original.original.text)
    assert list(changeset.applies.order_by("position")) == [fresh, other]
    assert delete_apply(fresh, person).changeset == changeset.id
    assert list(changeset.applies.order_by("position")) == [first, other]


def test_a_changeset_without_a_file_goes_too(person: User) -> None:
    changeset = merged(person)
    first, second = changeset.applies.order_by("position")
    assert doomed_with_apply(first).staying == 1
    delete_apply(first, person)
    assert list(changeset.applies.all()) == [second]
    assert doomed_with_apply(second).changeset == changeset.id
    delete_apply(second, person)
    assert counts() == dict.fromkeys(counts(), 0)


def test_the_only_file_of_a_changeset_leaves_its_place_to_the_version_before(person: User) -> None:
    changeset = merged(person, 1)
    (first,) = changeset.applies.all()
    original = find_apply(person, first.id)
    assert original is not None
    fresh = rebased(original, person, "# edited\n" + original.original.text)
    assert doomed_with_apply(fresh).changeset == ""
    delete_apply(fresh, person)
    assert list(changeset.applies.all()) == [first]


def test_deleting_a_changeset_takes_all_versions_of_its_files_and_nothing_else(person: User) -> None:
    kept = make_finished(person)
    left = counts()
    changeset = merged(person)
    first, _ = changeset.applies.order_by("position")
    original = find_apply(person, first.id)
    assert original is not None
    rebased(original, person, "# edited\n" + original.original.text)
    assert len(doomed_with_changeset(changeset).versions) == 3
    delete_changeset(changeset, person)
    assert counts() == left
    assert list(Apply.objects.all()) == [kept]


def test_what_goes_is_counted_before(person: User) -> None:
    apply = reviewed(person)
    gone = comments.start_line_thread(apply, person, "new", 1, "Never mind.")
    comments.delete_comment(apply, person, gone.pk)
    expected = Losses(decided=3, comments=1, proposals=2, others=1)
    assert losses(doomed_with_apply(apply), person.pk) == expected


def test_an_open_apply_is_said_to_be_open(person: User) -> None:
    queued = create_apply(person, original=ORIGINAL, chat=CHAT, engine="embedded")
    assert doomed_with_apply(queued).is_open
    assert not doomed_with_apply(make_finished(person)).is_open
