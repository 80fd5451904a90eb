"""`manage.py sign_in_link`: a new one-time link. Must not know: how links are made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from applyweb.actions.accounts import ensure_owner, make_sign_in_path
from applyweb.management import address
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Print a link that signs you in, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base", help="the site's address (that of its last start)")

    def handle(self, *args: Any, base: str | None, **options: Any) -> None:
        prepare_database()
        self.stdout.write((base or address.remembered()).rstrip("/") + make_sign_in_path(ensure_owner()))
