"""Tables: fields, constraints, tiny properties.

Must not know: everything above it.
"""

from applyweb.models.apply import OPEN, Apply, Changeset, Decision, Hunk, Review, Status, Step, StepText, Verdict
from applyweb.models.blob import Blob, Highlight
from applyweb.models.comment import Comment, Discussion, Thread
from applyweb.models.proposal import Proposal
from applyweb.models.user import Token, User

__all__ = [
    "OPEN",
    "Apply",
    "Blob",
    "Changeset",
    "Comment",
    "Decision",
    "Discussion",
    "Highlight",
    "Hunk",
    "Proposal",
    "Review",
    "Status",
    "Step",
    "StepText",
    "Thread",
    "Token",
    "User",
    "Verdict",
]
