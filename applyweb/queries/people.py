"""Finding people, and what they are called. Must not know: sessions, requests."""

from __future__ import annotations

from hashlib import sha256

from applyweb.models import Apply, User


def user_of_token(secret: str) -> User | None:
    """The active person whose bearer token this is, or None."""
    digest = sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    return User.objects.filter(tokens__digest=digest, is_active=True).first()


def person_reviewing(apply: Apply, person_id: int) -> User | None:
    """The person of that id who has a review of this apply, or None."""
    return User.objects.filter(pk=person_id, reviews__apply=apply).first()


def name_of(person: User) -> str:
    """What a person is called on pages."""
    return person.get_full_name() or person.username
