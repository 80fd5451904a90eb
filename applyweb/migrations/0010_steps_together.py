"""Steps that were taken at once in several files tell so, and go back at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applyweb", "0009_step_texts")]

    operations = [
        migrations.AddField("step", "together", models.CharField(blank=True, default="", max_length=12), preserve_default=False),
    ]
