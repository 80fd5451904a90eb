"""A review that is carried over where it is one of several files, and where later proposals were taken."""

from __future__ import annotations

import pytest

from applyweb.actions.proposals import ask_again, begin_proposal, finish_proposal, take_proposal
from applyweb.actions.rebases import NewBase, rebase_apply
from applyweb.actions.reviews import Lines, decide_all, decide_hunk, decide_lines, undo_step
from applyweb.core.rebase import rebase
from applyweb.models import Apply, Changeset, Proposal, User
from applyweb.queries.applies import find_apply, hunks_of, own_chat, texts_of
from applyweb.queries.changesets import changeset_state, resolved_files
from applyweb.queries.proposals import asked, proposals_of
from applyweb.queries.rebases import had_of, newer_versions, standing_of
from applyweb.queries.reviews import resolved_text, review_state
from tests.factories import make_finished, make_person
from tests.queries.test_changesets import merged

pytestmark = pytest.mark.django_db

ORIGINAL = "".join(f"line {number}\n" for number in range(12))
MERGED = ORIGINAL.replace("line 1\n", "ONE\n").replace("line 5\n", "FIVE\n")


@pytest.fixture
def person() -> User:
    return make_person()


def carried(apply: Apply, person: User, original: str) -> Apply:
    found = find_apply(person, apply.id)
    assert found is not None
    texts, standing = texts_of(found), standing_of(found)
    result = rebase(texts.original, texts.merged or "", standing.hunks, original, standing.layouts)
    fresh = rebase_apply(found, person, NewBase(original, result, standing.versions, "certain", [], {}))
    loaded = find_apply(person, fresh.id)
    assert loaded is not None
    return loaded


def ids(changeset: Changeset, person: User) -> list[str]:
    return [file.id for file in changeset_state(changeset, person).files]


def test_the_new_version_takes_the_place_among_the_files(person: User) -> None:
    changeset = merged(person, 3)
    first, second, third = changeset.applies.order_by("position")
    fresh = carried(second, person, "top = 0\n" + second.original.text)
    assert ids(changeset, person) == [first.id, fresh.id, third.id]
    assert own_chat(fresh) == own_chat(second)
    assert newer_versions(second) == [fresh.id]
    assert find_apply(person, second.id) is not None
    newest = carried(fresh, person, "top = 1\n" + second.original.text)
    assert ids(changeset, person) == [first.id, newest.id, third.id]


def test_the_place_goes_to_what_was_made_last_also_of_an_earlier_version(person: User) -> None:
    changeset = merged(person)
    first, second = changeset.applies.order_by("position")
    carried(carried(first, person, "a = 0\n"), person, "b = 0\n")
    anew = carried(first, person, "c = 0\n")
    assert ids(changeset, person) == [anew.id, second.id]


def test_a_conflict_of_one_file_is_in_no_patch_of_all_before_it_is_accepted(person: User) -> None:
    changeset = merged(person, 1)
    (apply,) = changeset.applies.all()
    edited = apply.original.text.replace("def two():\n    return a\n", "def two():\n    return a * 3\n")
    fresh = carried(apply, person, edited)
    (conflict,) = had_of(fresh, person)

    (file,) = resolved_files(changeset, person, "accepted")
    assert (file.text, file.undecided) == (edited.replace("a = 1\n", "a = 2\n"), 1)
    (file,) = resolved_files(changeset, person)
    assert (file.text, file.undecided) == (edited, 2)
    decide_hunk(fresh, person, conflict, "accepted")
    (file,) = resolved_files(changeset, person, "accepted")
    assert (file.text, file.undecided) == (texts_of(fresh).merged, 0)


def written(apply: Apply, person: User, key: str, text: str) -> Proposal:
    begun = begin_proposal(ask_again(apply, person, key, "otherwise", "openai").pk)
    assert begun is not None
    assert finish_proposal(begun.pk, begun.attempt, text, [], {})
    return Proposal.objects.get(pk=begun.pk)


def test_a_taken_proposal_goes_along_and_stays_what_it_is(person: User) -> None:
    apply = make_finished(person, MERGED, original=ORIGINAL)
    key = hunks_of(apply)[0].key
    written(apply, person, key, "first\n")
    taken = written(apply, person, key, "Uno\n")
    take_proposal(apply, person, key, taken.pk)
    fresh = carried(apply, person, "top\n" + ORIGINAL)
    assert resolved_text(fresh, person) == "top\n" + ORIGINAL.replace("line 1\n", "Uno\n")
    (part,) = review_state(fresh, person).layout[hunks_of(fresh)[0].key]
    ((copy,),) = proposals_of(fresh, person).values()
    assert (part.proposal, copy.number, copy.note, copy.created_at) == (copy.pk, 3, "otherwise", taken.created_at)
    assert [each.pk for each in proposals_of(apply, person)[key]][-1] == taken.pk
    assert written(fresh, person, copy.hunk.key, "Eins\n").number == 4
    decide_all(fresh, person, "rejected")
    undo_step(fresh, person)
    assert review_state(fresh, person).layout[copy.hunk.key] == (part,)


def test_a_taken_proposal_that_is_divided_is_undecided_again(person: User) -> None:
    merged_text = ORIGINAL.replace("line 1\nline 2\nline 3\n", "A\nB\nC\n")
    apply = make_finished(person, merged_text, original=ORIGINAL)
    (hunk,) = hunks_of(apply)
    take_proposal(apply, person, hunk.key, written(apply, person, hunk.key, "X\nY\n").pk)
    decide_lines(apply, make_person("noor"), hunk.key, Lines(range(1), range(1)), "accepted")  # cuts it for both
    fresh = carried(apply, person, ORIGINAL.replace("line 3\n", "line three\n"))
    layout = review_state(fresh, person).layout
    assert [(part.verdict, part.text, part.proposal) for parts in layout.values() for part in parts] == [
        ("pending", None, None),
        ("pending", None, None),
    ]
    assert list(had_of(fresh, person).values()) == ["written"]


def test_who_writes_anew_is_shown_what_the_answer_says_of_this_file(person: User) -> None:
    changeset = merged(person)
    for apply in changeset.applies.order_by("position"):
        begun = begin_proposal(ask_again(apply, person, hunks_of(apply)[0].key, "otherwise", "openai").pk)
        assert begun is not None
        assert asked(begun).chat == own_chat(apply) != apply.chat.text
