"""The database made ready for a command. Must not know: what the command does with it."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError


def prepare_database() -> None:
    """Makes the tables where the data folder is new, and brings older ones up to date. Errors: CommandError."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise CommandError(f"The database in {settings.DATA_DIR} cannot be used: {error}.") from error
