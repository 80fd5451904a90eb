"""`manage.py sign_in_link`: a new one-time link. Must not know: how links are made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applyweb.actions.accounts import OWNER, make_sign_in_path, person_named
from applyweb.actions.errors import Refused
from applyweb.management import address
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Print a link that signs you in, once; with a name, the person that `add_person` added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=OWNER, help="whom it is for (the owner)")
        parser.add_argument("--base", help="the site's address (that of its last start)")

    def handle(self, *args: Any, name: str, base: str | None, **options: Any) -> None:
        prepare_database()
        try:
            person = person_named(name)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write((base or address.remembered()).rstrip("/") + make_sign_in_path(person))
