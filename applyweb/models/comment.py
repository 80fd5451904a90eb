"""Comments on lines and hunks of an apply, in threads. Must not know: where a line stands by now."""

from __future__ import annotations

from django.db import models

from applyweb.models.apply import Apply
from applyweb.models.user import User


class Side(models.TextChoices):
    OLD = "old"
    NEW = "new"


class Discussion(models.Model):
    """All comments on one apply; `version` grows with every change of any of them."""

    apply = models.OneToOneField(Apply, on_delete=models.CASCADE, primary_key=True, related_name="discussion")
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"discussion of {self.apply_id}, version {self.version}"


class Thread(models.Model):
    """Comments below one line, or below a whole hunk (`on_hunk`). `line` (from 1), `line_text` (its beginning) and
    `hunk_key` ("" outside of hunks) are as they were when it was begun: they find the line again in a later diff."""

    apply = models.ForeignKey(Apply, on_delete=models.CASCADE, related_name="threads")
    on_hunk = models.BooleanField(default=False)
    side = models.CharField(max_length=3, choices=Side.choices)
    line = models.PositiveIntegerField()
    line_text = models.CharField(max_length=400, blank=True)
    hunk_key = models.CharField(max_length=24, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"thread {self.pk} on {self.side} line {self.line} of {self.apply_id}"


class Comment(models.Model):
    """What one person wrote in a thread. The words of a deleted one are kept for its undo, and shown to nobody."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    writer = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"comment {self.pk} by {self.writer_id}"
