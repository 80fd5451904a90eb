"""Two people: one who owns what is made, and another."""

from __future__ import annotations

import pytest

from applyweb.models import User
from tests.factories import make_person


@pytest.fixture
def mira() -> User:
    return make_person()


@pytest.fixture
def noor() -> User:
    return make_person("noor")
