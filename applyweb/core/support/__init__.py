"""Who asked for this change? Ties each hunk to the chat lines that justify it, and finds what never landed.

May live here: reading the chat as evidence. Must not know: engines, decisions, how a merge is made.
"""

from applyweb.core.support.judge import Support, support
from applyweb.core.support.rows import Row, is_marker, key_of, read_rows

__all__ = ["Row", "Support", "is_marker", "key_of", "read_rows", "support"]
