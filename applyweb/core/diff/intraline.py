"""Which words changed inside a line.

Must not know: rows, HTML, other lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from diff_match_patch import diff_match_patch

_LONG = 2_000  # characters; beyond it only the common start and end are told apart
_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)
_FIRST_WORD = re.compile(r"\w+")
_LAST_WORD = re.compile(r"\w+$")
_KEPT = 0.3  # share of the shorter line that must stay for marks to help the reader
_PRIVATE = 0xE000  # words travel as one character each; diff-match-patch compares characters

Spans = tuple[tuple[int, int], ...]


def intraline(old: str, new: str) -> tuple[Spans, Spans]:
    """Changed character spans [start, end) of each side, for two line contents without their ends. Both are
    empty where the lines are equal, or so different that marks would say nothing."""
    if old == new:
        return (), ()
    changes = _ends_only(old, new) if max(len(old), len(new)) > _LONG else _by_words(old, new)
    kept = sum(len(piece.strip()) for kind, piece in changes if kind == 0)
    if kept < _KEPT * min(len(old.strip()), len(new.strip())) or not kept:
        return (), ()
    return _spans(changes, -1), _spans(changes, 1)


def _by_words(old: str, new: str) -> list[tuple[int, str]]:
    left, right = _WORD.findall(old), _WORD.findall(new)
    start, end = _common_ends(left, right)
    middle = left[start : len(left) - end], right[start : len(right) - end]
    if not set(middle[0]).isdisjoint(middle[1]):
        return _by_library(left, right)
    # one place changed, as in most lines: between the common ends nothing is left to be found
    return [
        (0, "".join(left[:start])),
        (-1, "".join(middle[0])),
        (1, "".join(middle[1])),
        (0, "".join(left[len(left) - end :])),
    ]


def _by_library(left: list[str], right: list[str]) -> list[tuple[int, str]]:
    numbers: dict[str, int] = {}
    coded = ["".join(chr(_PRIVATE + numbers.setdefault(word, len(numbers))) for word in side) for side in (left, right)]
    words = list(numbers)
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # no clock: the same lines give the same marks on any machine
    changes = [
        (kind, "".join(words[ord(letter) - _PRIVATE] for letter in piece))
        for kind, piece in engine.diff_main(*coded, False)
    ]
    engine.diff_cleanupSemantic(changes)
    return _whole(changes)


def _whole(changes: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The changes with whole words, which the library's clean-up takes apart where two begin or end alike. What is kept
    between two changes is taken into them where it is one sign and white space: "a + b" that became "c + d" reads as
    one change."""
    whole: list[tuple[int, str]] = []
    removed = added = ""
    for at, (kind, piece) in enumerate(changes):
        if kind:
            removed += piece if kind < 0 else ""
            added += piece if kind > 0 else ""
            continue
        following = "".join(changed[:1] for each, changed in changes[at + 1 : at + 3] if each)
        head = _FIRST_WORD.match(piece) if _is_word(removed[-1:], added[-1:]) else None
        tail = _LAST_WORD.search(piece) if _is_word(*following) else None
        start, end = head.end() if head else 0, tail.start() if tail else len(piece)
        if end <= start or ((removed or added) and following and len(piece[start:end].strip()) <= 1):
            removed, added = removed + piece, added + piece
            continue
        whole += [(-1, removed + piece[:start]), (1, added + piece[:start]), (0, piece[start:end])]
        removed = added = piece[end:]
    return [*whole, (-1, removed), (1, added)]


def _is_word(*letters: str) -> bool:
    return any(_FIRST_WORD.match(letter) for letter in letters)


def _ends_only(old: str, new: str) -> list[tuple[int, str]]:
    start, end = _common_ends(old, new)
    return [
        (0, old[:start]),
        (-1, old[start : len(old) - end]),
        (1, new[start : len(new) - end]),
        (0, old[len(old) - end :]),
    ]


def _common_ends(left: Sequence[str], right: Sequence[str]) -> tuple[int, int]:
    """How many members both share at the start, and of the rest at the end."""
    most = min(len(left), len(right))
    start = next((at for at in range(most) if left[at] != right[at]), most)
    most -= start
    return start, next((at for at in range(most) if left[-1 - at] != right[-1 - at]), most)


def _spans(changes: list[tuple[int, str]], side: int) -> Spans:
    """The pieces of one side (-1 old, 1 new) that changed, touching ones as one."""
    spans: list[tuple[int, int]] = []
    at = 0
    for kind, piece in changes:
        if kind == side and piece:
            if spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], at + len(piece))
            else:
                spans.append((at, at + len(piece)))
        if kind in (0, side):
            at += len(piece)
    return tuple(spans)
