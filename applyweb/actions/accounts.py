"""The people of a site, their sign-in links and bearer tokens. Must not know: requests."""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction

from applyweb.actions.errors import Refused
from applyweb.models import Token, User

OWNER = "owner"


class _SignInTokens(PasswordResetTokenGenerator):
    """Django's one-time tokens under a salt of our own: void once the person has signed in with one, and after
    PASSWORD_RESET_TIMEOUT (three days)."""

    key_salt = "applyweb.actions.accounts.sign_in"


_sign_in = _SignInTokens()


def ensure_owner() -> User:
    """The person of a one-person site, made at the first start."""
    user, made = User.objects.get_or_create(username=OWNER, defaults={"is_superuser": True, "is_staff": True})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def add_person(username: str, called: str = "") -> User:
    """Somebody else who may sign in, `called` so on pages. Errors: Refused `invalid`, `name_taken`."""
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("name_taken", f"There is a person {username!r} already.")
    user = User(username=username, first_name=called)
    user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise Refused("invalid", " ".join(error.messages)) from error
    user.save()
    return user


def person_named(username: str) -> User:
    """The person of that name; the owner is made where there is none yet. Errors: Refused `unknown_person`."""
    if username == OWNER:
        return ensure_owner()
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused("unknown_person", f"There is no person {username!r}; `manage.py add_person` adds one.")
    return user


def make_sign_in_path(user: User) -> str:
    """The path of a link that signs `user` in, once."""
    return f"/sign-in/{user.pk}/{_sign_in.make_token(user)}/"


def user_of_sign_in(user_id: int, token: str) -> User | None:
    """The person whom an unused sign-in link is for, or None."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user is not None and _sign_in.check_token(user, token) else None


@transaction.atomic
def issue_token(user: User, name: str) -> str:
    """A new bearer token under `name`; a former one of that name ends. The result is kept nowhere."""
    secret = "aw_" + secrets.token_urlsafe(32)
    Token.objects.filter(user=user, name=name).delete()
    Token.objects.create(user=user, name=name, digest=digest_of(secret))
    return secret


def digest_of(secret: str) -> str:
    """What is kept of a token. A plain hash is enough: the secret has 256 random bits."""
    return sha256(secret.encode()).hexdigest()
