"""`manage.py sign_in_link`: a new one-time link. Must not know: how links are made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from applyweb.actions.accounts import ensure_owner, make_sign_in_path
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Print a link that signs you in, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base", default="http://127.0.0.1:8000", help="the site's address (%(default)s)")

    def handle(self, *args: Any, base: str, **options: Any) -> None:
        prepare_database()
        self.stdout.write(base.rstrip("/") + make_sign_in_path(ensure_owner()))
