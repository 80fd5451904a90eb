"""`manage.py add_person NAME`: somebody else who may sign in. Must not know: how links are made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applyweb.actions.accounts import add_person, make_sign_in_path
from applyweb.actions.errors import Refused
from applyweb.management import address
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Add a person and print a link that signs them in, once. They see what is shared with them, and their own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="a short name, such as ada")
        parser.add_argument("--called", default="", help="what pages call them, such as 'Ada Lovelace'")
        parser.add_argument("--base", help="the site's address (that of its last start)")

    def handle(self, *args: Any, name: str, called: str, base: str | None, **options: Any) -> None:
        prepare_database()
        try:
            person = add_person(name, called)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write((base or address.remembered()).rstrip("/") + make_sign_in_path(person))
