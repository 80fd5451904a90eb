"""`manage.py token NAME`: a bearer token for tools. Must not know: how tokens are kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from applyweb.actions.accounts import ensure_owner, issue_token
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Print a new bearer token for the API, alone on the last line. A former token of that name ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the token is for, such as 'ci'")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        prepare_database()
        secret = issue_token(ensure_owner(), name)
        self.stdout.write("Send it as: Authorization: Bearer <token>. It is shown only now.")
        self.stdout.write(secret)
