"""Decisions from before an apply's end."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applyweb", "0002_parts")]

    operations = [migrations.AddField("review", "early", models.JSONField(default=dict))]
