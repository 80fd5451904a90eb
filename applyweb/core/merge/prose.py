"""What the prose around an edit says: the names it speaks of, where to put new code, what the code is shown as.

Must not know: alignments. Prose is evidence only; it never places anything that the lines contradict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from applyweb.core.chat import Edit
from applyweb.core.merge import requests
from applyweb.core.merge.declared import declared
from applyweb.core.merge.lines import Lines, head_of_rule

_QUOTED = re.compile(r"`([^`\n]{1,160})`")
_AFTER = re.compile(r"\b(?:after|below|beneath|under(?:neath)?|following)\b", re.I)
_BEFORE = re.compile(r"\b(?:before|above|in front of|ahead of)\b", re.I)
_SENTENCE_END = re.compile(r"[.!?:;](?:\s|$)|\n\s*\n")
_END = re.compile(r"\b(?:at|to) the (?:very )?(?:end|bottom)\b|\bappend\b", re.I)
_TOP = re.compile(r"\b(?:at|to) the (?:very )?(?:top|start|beginning|head)\b|\bprepend\b", re.I)
_REMOVE = re.compile(
    r"\b(?:remove[sd]?|removing|delete[sd]?|deleting|drop(?:s|ped|ping)?|gone|goes away|get rid of|got rid of|"
    r"eliminate[sd]?|strip(?:s|ped)?)\b",
    re.I,
)
_OLD = re.compile(r"\b(?:replace|change|find|locate|current(?:ly)?|old|before|from|existing|was|swap|update)\b", re.I)
_NEW = re.compile(r"^\W*(?:\w+\s+)?(?:with|to|by|into|becomes?|after|new|now|this|should)\b", re.I)
_ORDER = re.compile(r"^\W*(?:\d+[.)]\s*)?(?:\w+,?\s+)?(?:remove|delete|drop|get rid of|take out)\b", re.I)
_WHOLE = re.compile(
    r"\b(?:full|whole|entire|complete)\s+(?:[\w`./-]+\s+){0,2}(?:file|module|source|script|contents?|listing|document)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where prose says that new code goes: right after or before original row range `start` to `end`, or at an edge."""

    side: Literal["after", "before"]
    start: int
    end: int


def names_spoken(text: str) -> list[str]:
    """What the prose quotes in backticks, in order."""
    return [name.strip() for name in _QUOTED.findall(text) if name.strip()]


def last_paragraph(edit: Edit) -> str:
    """The paragraph right above an edit, with a heading above it."""
    return "\n".join([part for part in re.split(r"\n\s*\n", edit.before) if part.strip()][-2:])


def asks_whole_file(edit: Edit) -> bool:
    return _WHOLE.search(last_paragraph(edit)) is not None


def shows_old(edit: Edit) -> bool:
    """Whether the line above announces code as it is now, or code to be found: "replace this", "currently",
    "before:"."""
    return _OLD.search(edit.before.rsplit("\n", 1)[-1]) is not None


def shows_new(edit: Edit) -> bool:
    """Whether the short text above announces what takes the place of the piece before: "with", "becomes", "after:"."""
    return len(edit.before) < 200 and _NEW.search(edit.before) is not None


def orders_removal(edit: Edit) -> bool:
    """Whether the line above tells to take the shown code away."""
    return _ORDER.search(edit.before.rsplit("\n", 1)[-1]) is not None


def last_line(edit: Edit) -> str:
    """The line right above an edit."""
    lines = [line for line in edit.before.split("\n") if line.strip()]
    return lines[-1] if lines else ""


def exchanged(edit: Edit) -> tuple[str, ...]:
    """What the sentences above set this code in the place of."""
    return requests.exchanged(last_paragraph(edit))


def asks_removal(text: str) -> bool:
    return _REMOVE.search(text) is not None


def scopes(edit: Edit, lines: Lines) -> list[tuple[int, int]]:
    """The original's row ranges of the definitions that the prose above the edit names, `A.b` inside `A` only; of
    several of one name those inside another that it names, where there are such."""
    text = edit.before if len(edit.before) < 1500 else last_paragraph(edit)
    named = [list(ranges(name, lines)) for name in dict.fromkeys(names_spoken(text))]
    outer = [found[0] for found in named if len(found) == 1]
    scopes: list[tuple[int, int]] = []
    for found in named:
        inner = [each for each in found if any(low < each[0] < high for low, high in outer)]
        scopes.extend(inner or found)
    return scopes


def ranges(name: str, lines: Lines) -> Iterator[tuple[int, int]]:
    """The row ranges of the definitions of that name, `A.b` inside `A` only; in a language of blocks of the block with
    that head."""
    if lines.ruled and (rows := [row for row in _beginning(name, lines) if head_of_rule(lines, row) == _bare(name)]):
        yield from ((row, lines.ends[row]) for row in rows)
        return
    leafs = [part for part in re.split(r"\.|::|#", re.sub(r"\(.*\)$", "", name)) if part]
    if not leafs or not re.fullmatch(r"[\w$-]+", leafs[-1]):
        return
    for row in lines.declaring(leafs[-1]):
        owner = lines.parents[row]
        if len(leafs) > 1:
            owners = []
            while owner >= 0:
                owners.append(declared(lines.keys[owner], lines.sections)[1].rsplit(".", 1)[-1])
                owner = lines.parents[owner]
            own = declared(lines.keys[row], lines.sections)[1]
            if leafs[-2] not in owners and not own.endswith(".".join(leafs[-2:])):
                continue
        yield row, lines.ends[row]


def _bare(name: str) -> str:
    return name.rstrip("{: ").strip("\"'")


def _beginning(name: str, lines: Lines) -> list[int]:
    return lines.holding(_bare(name)) if _bare(name) else []


def spot(edit: Edit, lines: Lines) -> Spot | None:
    """Where the sentence above an edit puts it, as far as it can be told."""
    text = last_paragraph(edit)
    for pattern, side in ((_AFTER, "after"), (_BEFORE, "before")):
        for match in pattern.finditer(text):
            rest = _SENTENCE_END.split(text[match.end() : match.end() + 120], maxsplit=1)[0]
            for quoted in _QUOTED.findall(rest)[:1]:
                row = _row_of(quoted, lines)
                if row is not None:
                    end = lines.ends[row]
                    return Spot("after" if side == "after" else "before", row, end)
    if _END.search(text):
        return Spot("after", lines.size, lines.size)
    if _TOP.search(text):
        return Spot("before", 0, 0)
    return None


def _row_of(quoted: str, lines: Lines) -> int | None:
    leaf = re.split(r"\.|::|#", re.sub(r"\(.*\)$", "", quoted.strip()))[-1]
    rows = lines.declaring(leaf) if leaf else []
    if len(rows) != 1:
        rows = [row for row in lines.solid if quoted.strip() in lines.keys[row]]
    return rows[0] if len(rows) == 1 else None
