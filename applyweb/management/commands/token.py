"""`manage.py token NAME`: a bearer token for tools. Must not know: how tokens are kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applyweb.actions.accounts import OWNER, issue_token, person_named
from applyweb.actions.errors import Refused
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Print a new bearer token for the API, alone on the last line. A former token of that name ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the token is for, such as 'ci'")
        parser.add_argument("--person", default=OWNER, help="whose it is (the owner)")

    def handle(self, *args: Any, name: str, person: str, **options: Any) -> None:
        prepare_database()
        try:
            secret = issue_token(person_named(person), name)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Send it as: Authorization: Bearer <token>. It is shown only now.")
        self.stdout.write(secret)
