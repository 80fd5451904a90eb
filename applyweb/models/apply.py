"""An apply, its hunks, and each person's review of it. Must not know: how they are made."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models

from applyweb.models.blob import Blob
from applyweb.models.user import User

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> str:
    """Twelve characters without look-alikes, about 59 random bits: an address that cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


class Status(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN = (Status.QUEUED, Status.RUNNING)


class Verdict(models.TextChoices):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"


class Changeset(models.Model):
    """The applies of one answer that is about several files, reviewed as one. `left_out` is what of the answer became
    no apply, as a list of {path, kind, lines}: kinds of core.merge.assign, or `dropped` for code of no file."""

    id = models.CharField(max_length=12, primary_key=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="changesets")
    chat = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    engine = models.CharField(max_length=60)
    left_out: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["owner", "-created_at"], name="changeset_owner_newest"),)

    def __str__(self) -> str:
        return f"changeset {self.id}"


class Apply(models.Model):
    """One request and its outcome. `merged` is set only when `status` is finished. `attempt` counts how often the work
    was begun; event sequence numbers grow with it. `events` is the whole event log of an ended apply. In a changeset,
    `position` is the file's place, and `hidden` are the chat's lines that are for its other files, as [first, last].
    `rebased_from` is the version before, where the file was edited during the review; `rebase` tells what became of
    that one's hunks: `fates` as [id, state, ids here], and `conflicts` by the id here, with the line ranges of their
    texts and what each person `had` decided, by the person's id. `shared`: whoever signs in and has its address may
    review it too."""

    id = models.CharField(max_length=12, primary_key=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="applies")
    path = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=30)
    engine = models.CharField(max_length=60)
    engine_used = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    confidence = models.CharField(max_length=10, blank=True)
    original = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    chat = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    partial = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    events = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    notes = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    support = models.JSONField(default=dict)
    stats = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)
    changeset = models.ForeignKey(Changeset, on_delete=models.CASCADE, related_name="applies", null=True)
    position = models.PositiveIntegerField(default=0)
    hidden: models.JSONField[list[list[int]], list[list[int]]] = models.JSONField(default=list)
    rebased_from = models.ForeignKey("self", on_delete=models.RESTRICT, related_name="rebases", null=True)
    rebase = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-created_at"], name="apply_owner_newest"),
            models.Index(fields=["status"], name="apply_status"),
        )
        constraints = (
            models.CheckConstraint(
                name="apply_merged_only_when_finished",
                condition=models.Q(status=Status.FINISHED, merged__isnull=False)
                | (~models.Q(status=Status.FINISHED) & models.Q(merged__isnull=True)),
            ),
            models.UniqueConstraint(fields=["changeset", "position"], name="apply_once_a_place_of_a_changeset"),
            models.UniqueConstraint(fields=["changeset", "path"], name="apply_once_a_path_of_a_changeset"),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.path} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class Hunk(models.Model):
    """A reviewable change: line ranges (0-based, half open) into the original and the merged text. `key` is the public
    id, stable across reloads and free of offsets."""

    apply = models.ForeignKey(Apply, on_delete=models.CASCADE, related_name="hunks")
    key = models.CharField(max_length=24)
    position = models.PositiveIntegerField()
    old_start = models.PositiveIntegerField()
    old_end = models.PositiveIntegerField()
    new_start = models.PositiveIntegerField()
    new_end = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["apply", "key"], name="hunk_key_once_an_apply"),
            models.UniqueConstraint(fields=["apply", "position"], name="hunk_position_once_an_apply"),
        )

    def __str__(self) -> str:
        return f"{self.apply_id}/{self.key}"


class Review(models.Model):
    """The decisions of one person on one apply. `version` grows with every change; `undone` is how many of the newest
    steps are undone (and can be redone). `early` are verdicts by hunk id from before the apply's end; after it those
    that no hunk came to have, until the next step."""

    apply = models.ForeignKey(Apply, on_delete=models.CASCADE, related_name="reviews")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reviews")
    version = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    early: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["apply", "person"], name="review_once_a_person"),)

    def __str__(self) -> str:
        return f"review of {self.apply_id} by {self.person_id}"


class Decision(models.Model):
    """What one person decided on one part of a hunk: `removed` and `added` count its lines, and parts follow each other
    by `position` (core.parts tells how). A hunk without rows is one pending part. `text` is what the person wrote in
    place of the added lines, or took of a later `proposal`."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="decisions")
    hunk = models.ForeignKey(Hunk, on_delete=models.CASCADE, related_name="decisions")
    position = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=500, blank=True)
    text = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    joined = models.BooleanField(default=False)
    proposal = models.ForeignKey("Proposal", on_delete=models.RESTRICT, related_name="+", null=True)
    decided_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("hunk", "position")
        constraints = (
            models.UniqueConstraint(fields=["review", "hunk", "position"], name="decision_once_a_part"),
            models.CheckConstraint(
                name="decision_text_only_when_accepted",
                condition=models.Q(text__isnull=True) | models.Q(verdict=Verdict.ACCEPTED),
            ),
            models.CheckConstraint(
                name="decision_proposal_only_with_its_text",
                condition=models.Q(proposal__isnull=True) | models.Q(text__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.hunk}: {self.verdict}"


class Step(models.Model):
    """One undoable step of a review. `changes` is a list of {hunk, before, after}, a state being the rows that the
    hunk's parts have: [removed, added, verdict, reason, text's sha256 or null, joined], none for a pending hunk. A text
    that is a later proposal's is followed by its id. Steps that were taken at once in several files of a changeset have
    the same `together`."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    changes: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    together = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["review", "number"], name="step_number_once_a_review"),)

    def __str__(self) -> str:
        return f"step {self.number} of {self.review}"


class StepText(models.Model):
    """A text that a step names in its `changes`, so that it stays as long as the step does."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="texts")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "blob"], name="step_text_once_a_step"),)

    def __str__(self) -> str:
        return f"{self.blob_id} in {self.step}"
