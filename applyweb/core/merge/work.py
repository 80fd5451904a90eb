"""How much may be searched for one answer, so that no answer can hold a merge up.

Must not know: what is searched.
"""

from __future__ import annotations

LIMIT = 8_000_000  # looks at lines: some 260 patch hunks, or 45 pieces of code, in a file of 30,000 lines


class Work:
    """Counts looks at lines. Once `limit` is reached nothing more is searched for, and what is left goes unplaced."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.spent = 0

    @property
    def over(self) -> bool:
        return self.spent >= self.limit

    def spend(self, looks: int) -> bool:
        """Count work about to be done. False where it should not be done any more."""
        if self.over:
            return False
        self.spent += looks
        return True
