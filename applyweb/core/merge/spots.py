"""Where in the file the words above a piece of code put it: beside something named, behind the imports, at an edge of
the file or of a block, before a section.

Must not know: what the code is, splices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from applyweb.core.chat import Edit
from applyweb.core.merge import prose
from applyweb.core.merge.groups import Group, Groups
from applyweb.core.merge.import_order import top_of
from applyweb.core.merge.leads import imports_end
from applyweb.core.merge.lines import Lines
from applyweb.core.merge.members import Member, holds_members

_AFTER = re.compile(r"\b(?:after|below|beneath|underneath|under|following|behind)\b", re.I)
_BEFORE = re.compile(r"\b(?:before|above|in front of|ahead of|preceding)\b", re.I)
_EDGE = re.compile(r"\b(?P<edge>end|bottom|top|start|beginning|head) of (?:the )?(?P<what>[^.,:;\n]{1,80})", re.I)
_IMPORTS = re.compile(
    r"[\s\"*_]*(?:(?:all|of|the|your|our|other|existing|last|current|module)\s+){0,3}(?:imports?|includes?|usings?|"
    r"import (?:statements?|block|lines?)|use statements?)\b",
    re.I,
)
_FILE = re.compile(
    r"(?:this |your )?(?:\w+ )?(?:file|module|script|document|page|stylesheet|readme)\b|`[^`]*\.\w{1,5}`", re.I
)
_QUOTED = re.compile(r"`([^`\n]{1,160})`")
_THING = (
    r"(?:function|method|class|struct|interface|constant|rule|section|component|handler|hook|key|job|service|block|"
    r"definition)"
)
_WORD = re.compile(
    rf"\W*(?:the\s+)?(?:existing\s+)?(?:(?P<kind>{_THING})\s+)?(?P<name>[A-Za-z_$][\w$.-]*)(?P<behind>\s+{_THING}\b)?",
    re.I,
)
_BETWEEN = re.compile(
    rf"\W*(?:(?:the|this|your|our|its|existing|current|new|old|first|last|lines?|statements?|declarations?|definitions?|of|"
    rf"calls?|to|in|where|for|imports?|fields?|propert(?:y|ies)|variables?|assignments?|{_THING})\W+){{0,5}}",
    re.I,
)
_OTHERS = r"(?:all )?(?:of )?the (?:others?|rest|existing|remaining)\b"
_FIRST = re.compile(
    r"\b(?:at|to) the (?:very )?(?:top|start|beginning|front|head)\b|\bprepend|\bas the first\b|"
    rf"\b(?:above|before) {_OTHERS}",
    re.I,
)
_LAST = re.compile(
    r"\b(?:at|to) the (?:very )?(?:end|bottom)\b|\bappend|\bas the last\b|"
    rf"\b(?:below|after|behind|under) {_OTHERS}",
    re.I,
)
_INTO = re.compile(r"\b(?:to|in|into|inside(?: of)?|within)\s+(?:the\s+|your\s+)?`(<[\w-]+[^`\n]{0,80}>)`", re.I)
_TAG = re.compile(r"<([\w-]+)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_FAR = 80  # characters from the preposition to what it is of


@dataclass(frozen=True, slots=True)
class Place:
    """Before row `row` of the file in the block of row `home` (-1: the file itself); `row` -1 is the end of that group.
    `apart`: blank lines part it from its neighbours. `guessed`: by custom, not by a word."""

    row: int
    home: int = -1
    apart: bool = False
    guessed: bool = False


def find_place(edit: Edit, groups: Groups) -> Place | None:
    """Where the sentence above puts the code, as far as it can be told; the one below where there is none above."""
    text = prose.last_paragraph(edit) or edit.after.split("\n\n", 1)[0]
    for places in (_beside(text, groups), _at_edges(text, groups), _in_elements(text, groups)):
        for place in places:
            return place
    return None


def place_within(edit: Edit, group: Group) -> int | None:
    """Before which row of a block the words above put what is new in it: beside a member that they name, or at an
    edge."""
    text = prose.last_paragraph(edit)
    for pattern, after in ((_AFTER, True), (_BEFORE, False)):
        for match in pattern.finditer(text):
            rest = text[match.end() : match.end() + _FAR]
            quoted = _QUOTED.search(rest)
            if quoted is None or not _BETWEEN.fullmatch(rest[: quoted.start()]):
                continue
            found = [member for member in group.members if _is_called(member, quoted[1].strip(), group)]
            if len(found) == 1:
                return found[0].end if after else found[0].start
    if _FIRST.search(text) and (first := next((each for each in group.members if each.kind != "text"), None)):
        return first.start
    return group.end if _LAST.search(text) else None


def _is_called(member: Member, said: str, group: Group) -> bool:
    bare = re.split(r"\.|::|#", re.sub(r"\(.*\)$", "", said))[-1].strip("\"'")
    key = group.lines.keys[member.head]
    return member.name.strip("\"'") in (said.strip("\"'"), bare) or key.rstrip(",;{ ") == said.rstrip(",;{ ")


def _beside(text: str, groups: Groups) -> Iterator[Place]:
    original, language = groups.lines, groups.language
    for pattern, after in ((_AFTER, True), (_BEFORE, False)):
        for match in pattern.finditer(text):
            rest = text[match.end() : match.end() + _FAR]
            if _IMPORTS.match(rest):
                yield from _beside_imports(original, language, after=after)
            elif language == "markdown":
                yield from _beside_heading(rest, original, after=after)
            else:
                for row, plain in _named(rest, original):
                    yield _place_at(row, groups, after=after, guessed=not plain)


def _beside_imports(original: Lines, language: str, *, after: bool) -> Iterator[Place]:
    end = imports_end(original, language)
    if end and after:
        yield Place(end, apart=True)
    elif end:
        yield Place(top_of(original, language), apart=True)


def _beside_heading(rest: str, original: Lines, *, after: bool) -> Iterator[Place]:
    """Before a heading, or after its section, to the next heading that is no deeper."""
    said = re.sub(r"^\W*(?:the\s+)?\W*", "", rest).lower()
    found: list[tuple[int, int, int]] = []
    fenced = False
    headings = []
    for row in original.solid:
        fenced ^= original.keys[row].startswith(("```", "~~~"))
        if not fenced and (match := _HEADING.match(original.keys[row])):
            headings.append((row, len(match[1])))
            title = re.sub(r"[`*_]", "", match[2]).lower()
            if title and re.match(rf"{re.escape(title)}\b", re.sub(r"[`*_]", "", said)):
                found.append((len(title), row, len(match[1])))
    if not found:
        return
    _, row, level = max(found)
    if not after:
        yield Place(row, apart=True)
        return
    yield Place(next((at for at, depth in headings if at > row and depth <= level), -1), apart=True)


def _named(rest: str, original: Lines) -> Iterator[tuple[int, bool]]:
    """The row of what the words begin with, a quoted name or line, else a word that is plainly a name; and whether no
    other words stand between."""
    if quoted := _QUOTED.search(rest):
        row = _row_of(quoted[1], original)
        if row is not None:
            yield row, _BETWEEN.fullmatch(rest[: quoted.start()]) is not None
        return
    word = _WORD.match(rest)
    if word is None:
        return
    name = word["name"].rstrip(".")
    if word["kind"] or word["behind"] or re.search(r"_|\d|[a-z][A-Z]", name):
        rows = [row for row in original.declaring(name.rsplit(".", 1)[-1]) if original.name(row)[0] != "key"]
        if len(rows) == 1:
            yield rows[0], True


def _row_of(quoted: str, original: Lines) -> int | None:
    name = re.sub(r"\(.*\)$", "", quoted.strip())
    leafs = [part for part in re.split(r"\.|::|#", name) if part]
    rows = original.declaring(leafs[-1]) if leafs else []
    if len(rows) > 1 and len(leafs) > 1:
        rows = [low for low, _ in prose.ranges(name, original)]
    if len(rows) != 1:
        rows = original.where.get(quoted.strip(), []) or [
            row for row in original.solid if quoted.strip() in original.keys[row]
        ]
    return rows[0] if len(rows) == 1 else None


def _place_at(row: int, groups: Groups, *, after: bool, guessed: bool) -> Place:
    home = groups.lines.parents[row]
    member = groups.of(home).holder(row)
    if member is None:
        return Place(groups.lines.ends[row] if after else row, home, guessed=guessed)
    return Place(member.end if after else member.start, home, guessed=guessed)


def _at_edges(text: str, groups: Groups) -> Iterator[Place]:
    original, language = groups.lines, groups.language
    for match in _EDGE.finditer(text):
        at_end = match["edge"].lower() in ("end", "bottom")
        if _FILE.match(match["what"]):
            yield Place(-1) if at_end else _top(original, language)
        elif language == "markdown" and at_end:
            yield from _beside_heading(match["what"], original, after=True)
        for row, _ in _named(match["what"], original):
            if holds_members(original, row, language):
                inside = groups.of(row).members
                yield Place(-1, row) if at_end or not inside else Place(inside[0].start, row)
        return
    spot = prose.spot(Edit("", "", "code", 0, 0, before=text), original)
    if spot is not None and spot.start in (0, original.size):
        yield Place(-1) if spot.start else _top(original, language)


def _in_elements(text: str, groups: Groups) -> Iterator[Place]:
    """The end of an element that is named by its tag."""
    lines = groups.lines
    for match in _INTO.finditer(text):
        tag = _TAG.match(match[1])
        rows = lines.where.get(match[1], []) or [
            row for row in lines.solid if tag and (found := _TAG.match(lines.keys[row])) and found[1] == tag[1]
        ]
        if len(rows) == 1 and lines.ends[rows[0]] > rows[0] + 1:
            inner = next((lines.keys[row] for row in range(rows[0] + 1, lines.ends[rows[0]]) if lines.keys[row]), "")
            yield Place(-1, rows[0], guessed=inner.startswith(("<ul", "<ol", "<table", "<tbody", "<select")))


def _top(original: Lines, language: str) -> Place:
    """The top of a file is below what has to stand first."""
    end = imports_end(original, language)
    return Place(end or top_of(original, language), apart=True)
