"""What an engine proposed later for a part of a hunk, because a person asked for it with a note. Must not know: how it
is asked for, or shown."""

from __future__ import annotations

from typing import Any

from django.db import models

from applyweb.models.apply import OPEN, Hunk, Status
from applyweb.models.blob import Blob
from applyweb.models.user import User


class Proposal(models.Model):
    """One request for other lines and what came of it. It is about lines [removed_start, removed_start + removed) of
    those that the hunk removes and of those that it adds likewise: a part, as the hunk was cut then. `text` is what is
    to stand there, and `number` counts a part's proposals from 2 on, since the merged text has the first; both are
    there only when it is finished. `doubts` are {code, message}, what speaks against it."""

    hunk = models.ForeignKey(Hunk, on_delete=models.CASCADE, related_name="proposals")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="proposals")
    removed_start = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    added_start = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    engine = models.CharField(max_length=60)
    note = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField(null=True)
    text = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    doubts: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    error: models.JSONField[dict[str, str] | None, dict[str, str] | None] = models.JSONField(null=True)
    stats: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["hunk", "person"], condition=models.Q(status__in=OPEN), name="proposal_one_open_a_hunk"
            ),
            models.CheckConstraint(
                name="proposal_text_only_when_finished",
                condition=models.Q(status=Status.FINISHED, text__isnull=False, number__isnull=False)
                | (~models.Q(status=Status.FINISHED) & models.Q(text__isnull=True, number__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"proposal {self.pk} for {self.hunk}: {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """Where in the hunk it is and how many lines it has; two of the same extent are about the same part."""
        return self.removed_start, self.added_start, self.removed, self.added
