"""Tables: fields, constraints, tiny properties.

Must not know: everything above it.
"""

from applyweb.models.apply import OPEN, Apply, Decision, Hunk, Review, Status, Step, Verdict
from applyweb.models.blob import Blob, Highlight
from applyweb.models.user import Token, User

__all__ = [
    "OPEN",
    "Apply",
    "Blob",
    "Decision",
    "Highlight",
    "Hunk",
    "Review",
    "Status",
    "Step",
    "Token",
    "User",
    "Verdict",
]
