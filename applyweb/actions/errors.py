"""How an action says no. Must not know: HTTP statuses (web maps the codes)."""

from __future__ import annotations

from typing import Literal

RefusalCode = Literal[
    "required",
    "invalid",
    "binary",
    "undecodable",
    "too_large",
    "no_code",
    "ambiguous",
    "unknown_engine",
    "no_model",
    "unknown_hunk",
    "unknown_thread",
    "unknown_comment",
    "unknown_proposal",
    "unknown_person",
    "name_taken",
    "not_yours",
    "not_finished",
    "already_ended",
    "already_asked",
    "same_original",
    "changed_meanwhile",
    "nothing_to_undo",
    "nothing_to_redo",
    "too_many",
]


class Refused(Exception):
    """The request cannot be carried out; nothing was written. `field` names the input at fault, "" for none."""

    def __init__(self, code: RefusalCode, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code: RefusalCode = code
        self.field = field
