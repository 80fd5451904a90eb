"""Decisions on parts of hunks: what was decided on whole hunks becomes their one part, in the steps to undo too."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def count_lines(apps: Any, schema_editor: Any) -> None:
    """Each decision was on all lines of its hunk."""
    hunks = apps.get_model("applyweb", "Hunk").objects.filter(pk=OuterRef("hunk_id"))
    apps.get_model("applyweb", "Decision").objects.update(
        removed=Subquery(hunks.values_list(F("old_end") - F("old_start"))[:1]),
        added=Subquery(hunks.values_list(F("new_end") - F("new_start"))[:1]),
    )


def rewrite_steps(apps: Any, schema_editor: Any) -> None:
    """[verdict, reason] becomes the rows of parts."""
    hunk_model, step_model = apps.get_model("applyweb", "Hunk"), apps.get_model("applyweb", "Step")
    for step in step_model.objects.all().iterator(chunk_size=200):
        sizes = {
            hunk.pk: (hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start)
            for hunk in hunk_model.objects.filter(pk__in=[change["hunk"] for change in step.changes])
        }
        step.changes = [
            {"hunk": change["hunk"], **{side: _rows(sizes[change["hunk"]], change[side]) for side in ("before", "after")}}
            for change in step.changes
        ]
        step.save(update_fields=["changes"])


def _rows(size: tuple[int, int], state: list[str]) -> list[list[Any]]:
    verdict, reason = state
    return [] if verdict == "pending" else [[*size, verdict, reason, None, False]]


class Migration(migrations.Migration):
    dependencies = [("applyweb", "0001_initial")]

    operations = [
        migrations.AddField("decision", "position", models.PositiveIntegerField(default=0)),
        migrations.AddField("decision", "removed", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.AddField("decision", "added", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.AddField("decision", "joined", models.BooleanField(default=False)),
        migrations.AddField(
            "decision",
            "text",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applyweb.blob"
            ),
        ),
        migrations.RunPython(count_lines, migrations.RunPython.noop),
        migrations.RunPython(rewrite_steps, migrations.RunPython.noop),
        migrations.RemoveConstraint("decision", "decision_once_a_hunk"),
        migrations.AlterModelOptions("decision", {"ordering": ("hunk", "position")}),
        migrations.AddConstraint(
            "decision",
            models.UniqueConstraint(fields=["review", "hunk", "position"], name="decision_once_a_part"),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(("text__isnull", True), ("verdict", "accepted"), _connector="OR"),
                name="decision_text_only_when_accepted",
            ),
        ),
    ]
