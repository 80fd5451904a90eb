"""A review's base exchanged: the changes from an original to a merged text, told as changes of another original.

Must not know: who decided, where anything is stored, how it is shown.
"""

from applyweb.core.rebase.run import Conflict, Fate, Rebased, State, rebase

__all__ = ["Conflict", "Fate", "Rebased", "State", "rebase"]
