"""Texts by their content: each stored once, compressed, out of the hot rows. Must not know: what a text is for."""

from __future__ import annotations

import zlib
from functools import cached_property

from django.db import models


class Blob(models.Model):
    """UTF-8 bytes, kept exactly and zlib-compressed. `size` is in bytes before compression."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"

    @cached_property
    def data(self) -> bytes:
        return zlib.decompress(bytes(self.packed))

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")


class Highlight(models.Model):
    """The coloured lines of a text, computed once: a cache that may be emptied at any time."""

    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="highlights")
    lexer = models.CharField(max_length=40)
    packed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["blob", "lexer"], name="highlight_once_a_lexer"),)

    def __str__(self) -> str:
        return f"{self.blob_id} as {self.lexer}"
