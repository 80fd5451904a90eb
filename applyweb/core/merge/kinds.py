"""Where new code goes by its kind alone: a test to the tests, a method to the methods, a rule to its family, a function
to the end of the functions.

Must not know: splices, what prose says of places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.merge import prose
from applyweb.core.merge.groups import Groups
from applyweb.core.merge.leads import imports_end
from applyweb.core.merge.lines import Lines
from applyweb.core.merge.members import STYLES, Member, holds_members
from applyweb.core.merge.piece import Piece
from applyweb.core.merge.rules import shows_rules
from applyweb.core.merge.spots import Place

_TEST = re.compile(r"#\[(?:\w+::)*test\b|@Test\b|@pytest\b")
_CALL = re.compile(r"([A-Za-z_$][\w$]*)(?:\.[\w$]+)*\(")
_BASE = re.compile(r"^([.#]?[\w-]+(?:[.#][\w-]+)*)")
_INNER = re.compile(
    r"(?:public|private|protected|internal|static|async|override|\s)*(?:constructor|[\w$<>\[\], ]+\s)?[\w$]+\s*\("
)
_COMPANION = re.compile(
    r"\b(?:next to|beside|alongside|along with|together with|like|similar to|consistent with|go(?:es)? with)\b", re.I
)


def place_by_kind(piece: Piece, groups: Groups, news: Sequence[Member]) -> Place | None:
    """None where the kind of the new members says nothing."""
    original, language = piece.original, piece.language
    first = news[0] if news else Member(0, 0, 0, "text", "")
    if not news or any(each.kind != first.kind and "value" in (each.kind, first.kind) for each in news):
        return None
    if language not in STYLES and shows_rules(piece.lines, 0):
        return _beside_kin(piece, groups, first)
    if first.kind == "value":
        return _among_values(piece, groups, first) or _beside_calls(piece, groups, first)
    if language in STYLES:
        return _beside_family(groups, first)
    theirs = groups.of(-1).members
    if _is_test(piece, first) and (place := _among_tests(original, language, theirs)):
        return place
    if (named := _companion(piece, groups)) is not None:
        return named
    if language == "go" and "." in first.name:
        receiver = first.name.partition(".")[0] + "."
        kin = [each for each in theirs if each.name.startswith(receiver)]
        if kin:
            return Place(kin[-1].end, guessed=True)
    if _is_inner(piece, first):
        homes = [each for each in theirs if each.kind == "class" and holds_members(original, each.head, language)]
        return Place(-1, homes[0].head, guessed=True) if len(homes) == 1 else None
    kin = [each for each in theirs if each.kind in ("def", "class") and not _is_tests(original, each)]
    return Place(kin[-1].end, guessed=True) if kin else None


def _among_values(piece: Piece, groups: Groups, new: Member) -> Place | None:
    """A constant goes after the last one above the first function, else below the imports."""
    original, language = piece.original, piece.language
    if piece.lines.name(new.head)[0] != "value" or piece.lines.indents[new.head] > 0:
        return None
    theirs = groups.of(-1).members
    first = next((each.start for each in theirs if each.kind in ("def", "class")), original.size)
    kin = [each for each in theirs if each.end <= first and original.name(each.head)[0] == "value"]
    if kin:
        return Place(kin[-1].end, guessed=True)
    end = imports_end(original, language)
    return Place(end, apart=True, guessed=True) if end else None


def _beside_kin(piece: Piece, groups: Groups, new: Member) -> Place:
    """A block goes after the last that begins with the same word, else to the end."""
    word = piece.lines.keys[new.head].split(None, 1)[0]
    kin = [each for each in groups.of(-1).members if piece.original.keys[each.head].split(None, 1)[0] == word]
    return Place(kin[-1].end if kin else -1, guessed=True)


def _beside_calls(piece: Piece, groups: Groups, new: Member) -> Place | None:
    """A call goes after the last of what it calls, else after the last of the same object: routes, hooks, settings."""
    call = _CALL.match(piece.lines.keys[new.head])
    if call is None or piece.lines.indents[new.head] > 0:
        return None
    theirs = groups.of(-1).members
    for wanted in (call[0], call[1] + "."):
        kin = [
            each for each in theirs if piece.original.keys[each.head].startswith(wanted) and each.end > each.head + 1
        ]
        if kin:
            return Place(kin[-1].end, guessed=True)
    return None


def _beside_family(groups: Groups, new: Member) -> Place:
    """After the last rule that is for the same thing, in another state or part."""
    base = _BASE.match(new.name)
    family = [
        each for each in groups.of(-1).members if base and (found := _BASE.match(each.name)) and found[1] == base[1]
    ]
    return Place(family[-1].end) if family else Place(-1, guessed=True)


def _is_test(piece: Piece, new: Member) -> bool:
    above = piece.lines.keys[new.start : new.head]
    return re.match(r"(?:test_|Test|test[A-Z])", new.name) is not None or any(map(_TEST.match, above))


def _is_tests(original: Lines, member: Member) -> bool:
    return member.name in ("tests", "test") and any(
        key.startswith("#[cfg(test)]") for key in original.keys[member.start : member.head]
    )


def _among_tests(original: Lines, language: str, theirs: Sequence[Member]) -> Place | None:
    """The end of the one block of tests, or after the last test of the file."""
    found = [each for each in theirs if _is_tests(original, each)]
    if len(found) == 1:
        return Place(-1, found[0].head)
    tests = [each for each in theirs if re.match(r"(?:test_|Test[A-Z])", each.name)]
    return Place(tests[-1].end, guessed=True) if tests and language in ("python", "go") else None


def _companion(piece: Piece, groups: Groups) -> Place | None:
    """After the one function or class that the prose names, where it says that the new one belongs with it."""
    text = prose.last_paragraph(piece.edit)
    if not _COMPANION.search(text):
        return None
    rows = {low for name in prose.names_spoken(text) for low, _ in prose.ranges(name, piece.original)}
    rows = {row for row in rows if piece.original.name(row)[0] in ("def", "class")}
    if len(rows) != 1:
        return None
    row = rows.pop()
    found = groups.around(row).holder(row)
    return Place(found.end, piece.original.parents[row], guessed=True) if found else None


def _is_inner(piece: Piece, new: Member) -> bool:
    """Whether a function is plainly a member of a class."""
    lines = piece.lines
    key = lines.keys[new.head]
    if new.kind != "def":
        return False
    if piece.language == "python":
        return re.search(r"\((?:self|cls)\b", key) is not None
    if piece.language in ("java", "csharp"):
        return True
    if piece.language in ("javascript", "typescript", "tsx", "php"):
        words = key.startswith(("function", "export", "const", "let", "var", "async function"))
        return not words and _INNER.match(key) is not None
    if piece.language == "rust":
        return re.search(r"\(\s*&?\s*(?:mut\s+)?self\b", key) is not None
    return False
