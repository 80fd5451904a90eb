"""Stored data from an earlier schema goes on meaning the same."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.mark.django_db(transaction=True)
def test_decisions_on_whole_hunks_become_decisions_on_their_one_part() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("applyweb", "0001_initial")])
    old = executor.loader.project_state([("applyweb", "0001_initial")]).apps
    person = old.get_model("applyweb", "User").objects.create(username="mira")
    blob = old.get_model("applyweb", "Blob").objects.create(sha256="0" * 64, size=0, packed=b"")
    apply = old.get_model("applyweb", "Apply").objects.create(owner=person, original=blob, chat=blob)
    hunk = old.get_model("applyweb", "Hunk").objects.create(
        apply=apply, key="k", position=0, old_start=3, old_end=5, new_start=3, new_end=7
    )
    review = old.get_model("applyweb", "Review").objects.create(apply=apply, person=person)
    old.get_model("applyweb", "Decision").objects.create(review=review, hunk=hunk, verdict="accepted", reason="good")
    change = {"hunk": hunk.pk, "before": ["pending", ""], "after": ["accepted", "good"]}
    old.get_model("applyweb", "Step").objects.create(review=review, number=1, changes=[change])

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("applyweb"))
    new = executor.loader.project_state(executor.loader.graph.leaf_nodes("applyweb")).apps
    decision = new.get_model("applyweb", "Decision").objects.get()
    assert (decision.removed, decision.added, decision.position) == (2, 4, 0)
    step = new.get_model("applyweb", "Step").objects.get()
    assert step.changes == [{"hunk": hunk.pk, "before": [], "after": [[2, 4, "accepted", "good", None, False]]}]


@pytest.mark.django_db(transaction=True)
def test_texts_that_steps_name_are_held_by_them() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("applyweb", "0008_shared_applies")])
    old = executor.loader.project_state([("applyweb", "0008_shared_applies")]).apps
    person = old.get_model("applyweb", "User").objects.create(username="mira")
    blobs = [old.get_model("applyweb", "Blob").objects.create(sha256=digit * 64, size=0, packed=b"") for digit in "012"]
    apply = old.get_model("applyweb", "Apply").objects.create(owner=person, original=blobs[0], chat=blobs[0])
    review = old.get_model("applyweb", "Review").objects.create(apply=apply, person=person)
    written = [[1, 1, "accepted", "", "1" * 64, False], [1, 1, "accepted", "", "2" * 64, False, 7]]
    changes = [{"hunk": 1, "before": [[2, 2, "rejected", "", None, False]], "after": written}]
    old.get_model("applyweb", "Step").objects.create(review=review, number=1, changes=changes)
    back = [{"hunk": 1, "before": written[:1], "after": []}]
    old.get_model("applyweb", "Step").objects.create(review=review, number=2, changes=back)

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("applyweb"))
    new = executor.loader.project_state(executor.loader.graph.leaf_nodes("applyweb")).apps
    held = new.get_model("applyweb", "StepText").objects.order_by("step__number", "blob")
    assert list(held.values_list("step__number", "blob")) == [(1, "1" * 64), (1, "2" * 64), (2, "1" * 64)]
