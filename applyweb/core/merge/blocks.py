"""Blocks of a text by its indentation: the line that opens the block around each line, and where each block ends.

Must not know: what lines mean, beyond what closes a block and what begins a section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from applyweb.core.merge.declared import SECTION

CLOSER = re.compile(r"[)\]}]|</|(?:end|fi|done|esac|endif|endfor|endblock)\b|-->|\*/")


def blocks(keys: Sequence[str], indents: Sequence[int], sections: bool) -> tuple[list[int], list[int]]:
    """For each line the one that opens the block around it (-1 for none), and the line after the block that it opens
    itself. One pass: a block's end is known when it is left, whatever is nested in it."""
    parents = [-1] * len(keys)
    ends = list(range(1, len(keys) + 1))
    opened: list[int] = []  # the lines that open the blocks around the next one, outer ones first
    section = last = code = -1  # `code`: the last line that is no comment
    closed: set[int] = set()  # lines whose block has its end
    opens: list[int] = []  # how many brackets are open above each line, reckoned once it is asked
    for row, key in enumerate(keys):
        if not key:
            continue
        depth = indents[row]
        if sections and key[0] == "[" and depth == 0 and SECTION.match(key):
            for header in opened:
                ends[header] = last + 1
            if section >= 0:
                ends[section] = code + 1
            section, opened, last, code = row, [], row, row
            continue
        if not key.startswith(("#", ";")):
            code = row
        while opened and indents[opened[-1]] > depth:
            ends[opened.pop()] = last + 1
        if opened and indents[opened[-1]] == depth:
            header = opened[-1]
            closes = last > header and CLOSER.match(key) is not None
            if closes and header in closed and key[0] == "}":
                opens = opens or list(accumulate((balance([each]) for each in keys), initial=0))
                closes = opens[row] > opens[header]  # else of a block around it whose inside is no deeper
            if closes or (last == header and key[0] == "{"):
                parents[row] = header  # closes the block, or opens it on a line of its own
                last = row
                if closes and not key.endswith(("{", "(", "[", ":")):
                    closed.add(header)
                continue
            ends[opened.pop()] = last + 1
        parents[row] = opened[-1] if opened else section
        opened.append(row)
        last = row
    for header in opened:
        ends[header] = last + 1
    if section >= 0:
        ends[section] = last + 1
    return parents, ends


def balance(keys: Sequence[str]) -> int:
    """How many brackets the lines leave open, strings and comments not understood."""
    return sum(
        key.count("(") + key.count("[") + key.count("{") - key.count(")") - key.count("]") - key.count("}")
        for key in keys
    )
