"""People and their tokens. Must not know: sessions, requests."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person. Our own class from the first migration on, since Django cannot exchange it later."""


class Token(models.Model):
    """A bearer token for tools. Only its SHA-256 is kept: the token itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="token_name_once_a_user"),)

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
