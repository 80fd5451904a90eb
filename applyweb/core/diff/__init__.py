"""What changed between two texts: line blocks, hunks with lasting ids, paired lines, changed words.

Must not know: what a change is for, who decided what, or how it is drawn.
"""

from applyweb.core.diff.hunks import Hunk, HunkIds, hunks
from applyweb.core.diff.intraline import intraline
from applyweb.core.diff.lines import Block, changed_blocks
from applyweb.core.diff.moved import Moved, moved_blocks
from applyweb.core.diff.pairs import Row, pair_lines
from applyweb.core.diff.spaces import Spaces, spaces_of

__all__ = [
    "Block",
    "Hunk",
    "HunkIds",
    "Moved",
    "Row",
    "Spaces",
    "changed_blocks",
    "hunks",
    "intraline",
    "moved_blocks",
    "pair_lines",
    "spaces_of",
]
