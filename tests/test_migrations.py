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
