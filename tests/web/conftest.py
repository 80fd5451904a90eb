"""Somebody who is signed in, and hypothesis without a deadline: how long an example takes depends on the machine and
proves nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import settings

from applyweb.models import User
from tests.factories import make_person

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def person() -> User:
    return make_person()


@pytest.fixture
def noor() -> User:
    """Another person, whose name a page must not take for markup."""
    return User.objects.create_user("noor", first_name="Noor", last_name="<de> Vries")


@pytest.fixture
def client(person: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(person)
    return client
