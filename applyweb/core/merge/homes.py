"""The block of the file that wholly new members belong into, by what they are: a class's methods, a mapping's entries,
a choice's cases.

Must not know: splices, where in the block they go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.merge import prose
from applyweb.core.merge.lines import Lines, head_of_rule
from applyweb.core.merge.members import Member, holds_members, members_of
from applyweb.core.merge.piece import Piece

_INTO = re.compile(r"\b(?:inside(?: of)?|into|within|under|to|in)\s+(?:the\s+|your\s+)?(`[^`\n]+`)", re.I)
_CASE = re.compile(r"case\s[^:]*:")
_MAPPINGS = frozenset({"json", "yaml", "toml"})


def home_of(piece: Piece, news: Sequence[Member]) -> int | None:
    """The block of the file whose members are of the kind of the new ones: the class that the prose names, or the only
    mapping whose parts have the same keys."""
    lines, original, language = piece.lines, piece.original, piece.language
    if language in _MAPPINGS and all(new.end > new.head + 1 for new in news):
        return _home_of_kin(piece, news)
    if any(new.kind == "text" for new in news) or language in _MAPPINGS:
        return None
    if all(_CASE.match(lines.keys[new.head]) for new in news):
        choices = {original.parents[row] for row in original.solid if _CASE.match(original.keys[row])}
        choices = {row for row in choices if row >= 0 and holds_members(original, row, language)}
        ranges = prose.scopes(piece.edit, original)
        choices = {row for row in choices if any(low <= row < high for low, high in ranges)} or choices
        return choices.pop() if len(choices) == 1 else None
    named = named_home(piece)
    return named if named is not None and _belongs_inside(piece, news[0], original, named) else None


def named_home(piece: Piece) -> int | None:
    """The one class that the words above name."""
    original = piece.original
    named = {
        low
        for low, _ in prose.scopes(piece.edit, original)
        if original.name(low)[0] == "class" and holds_members(original, low, piece.language)
    }
    return named.pop() if len(named) == 1 else None


def named_block(piece: Piece) -> int | None:
    """The one block of a language of blocks that the words above name by its head, and in which the piece is not."""
    original = piece.original
    if not original.ruled or piece.lines.keys[piece.lines.solid[0]] in prose.names_spoken(piece.edit.before):
        return None
    into = " ".join(found[1] for found in _INTO.finditer(piece.edit.before))
    heads = {low for name in prose.names_spoken(into) for low, _ in prose.ranges(name, original)}
    shown = {head_of_rule(piece.lines, row) for row in piece.lines.solid}
    heads = {row for row in heads if head_of_rule(original, row) not in shown}
    return heads.pop() if len(heads) == 1 else None


def _home_of_kin(piece: Piece, news: Sequence[Member]) -> int | None:
    """The only mapping with a part that has keys of the new one and stands as deep (-1: the file itself); the new one
    may be dedented."""
    lines, original, language = piece.lines, piece.original, piece.language
    depth = lines.indents[news[0].head]
    homes: set[int] = set()
    for name in {each.name for new in news for each in members_of(lines, new.head, language)}:
        for row in original.declaring(name):
            sibling = original.parents[row]
            if sibling >= 0 and original.indents[sibling] in (depth, depth or original.indents[sibling]):
                homes.add(original.parents[sibling])
    return homes.pop() if len(homes) == 1 else None


def _belongs_inside(piece: Piece, new: Member, original: Lines, header: int) -> bool:
    """Whether a new member is like those of a class: deeper than its head, or a function that takes its object."""
    lines = piece.lines
    if lines.indents[new.head] > original.indents[header]:
        return True
    key = lines.keys[new.head]
    if piece.language in ("python", "rust"):
        return new.kind == "def" and ("(self" in key or "(cls" in key or "&self" in key or "mut self" in key)
    if piece.language in ("java", "csharp", "kotlin", "php"):
        return new.kind == "def" or new.kind == "value"
    if piece.language in ("javascript", "typescript", "tsx"):
        return new.kind == "def" and not key.startswith(("function", "export", "const", "let", "var", "async function"))
    return piece.language == "ruby" and new.kind == "def"
