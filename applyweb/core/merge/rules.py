"""Pieces that are whole named blocks of a language that has nothing else: rules, services, sections, targets.

In such a piece a block of a name that the file does not have is new, though it looks like every other; in a view with
markers or with half a block in it, it may as well be an old one with another name.

Must not know: alignments, functions and classes.
"""

from __future__ import annotations

from applyweb.core.merge.blocks import balance
from applyweb.core.merge.lines import Lines, decorates, head_of_rule


def shows_rules(lines: Lines, gaps: int) -> bool:
    """Whether a piece of code, which has so many markers, is whole blocks one after the other, in a language of
    blocks."""
    if gaps or not lines.ruled or not lines.solid or balance(lines.keys):
        return False
    depth = lines.indents[lines.solid[0]]
    row, found = lines.solid[0], False
    while row < lines.size:
        head = head_of_rule(lines, row)
        if not lines.keys[row] or (decorates(lines.keys[row]) and not head):
            row += 1
            continue
        if lines.indents[row] != depth or not (head or _is_setting(lines, row)):
            return False
        row, found = lines.ends[row], found or bool(head)
    return found


def _is_setting(lines: Lines, row: int) -> bool:
    """Whether a row is a key with its value, as a YAML document holds them beside its blocks; no declaration of a style
    sheet, which is part of a rule."""
    return lines.name(row)[0] in ("key", "value") and not lines.keys[row].endswith((";", ","))


def telling_parts(first: str, second: str) -> tuple[str, str]:
    """Two heads of blocks without the words with which both begin, or end."""
    ours, theirs = first.split(), second.split()
    while ours and theirs and ours[0] == theirs[0]:
        del ours[0], theirs[0]
    while ours and theirs and ours[-1] == theirs[-1]:
        del ours[-1], theirs[-1]
    return " ".join(ours), " ".join(theirs)
