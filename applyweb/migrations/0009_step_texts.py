"""The texts that steps name become rows, so that the database itself keeps a text which an undo still needs."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def hold_texts(apps: Any, schema_editor: Any) -> None:
    """Of every step that there is: a text's sha256 is the fifth of each row."""
    step_text = apps.get_model("applyweb", "StepText")
    for step in apps.get_model("applyweb", "Step").objects.all().iterator(chunk_size=200):
        rows = [row for change in step.changes for side in ("before", "after") for row in change[side]]
        texts = sorted({row[4] for row in rows if row[4] is not None})
        step_text.objects.bulk_create([step_text(step=step, blob_id=text) for text in texts])


class Migration(migrations.Migration):
    dependencies = [("applyweb", "0008_shared_applies")]

    operations = [
        migrations.CreateModel(
            name="StepText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applyweb.blob"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="applyweb.step"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("step", "blob"), name="step_text_once_a_step")],
            },
        ),
        migrations.RunPython(hold_texts, migrations.RunPython.noop),
    ]
