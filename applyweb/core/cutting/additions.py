"""Answers that only add: a block with nothing in it but what is new, without a marker, or only the new members. They
say "add"; what is not shown stays.

Must not know: how blocks are found.
"""

from __future__ import annotations

from applyweb.core.cutting import words
from applyweb.core.cutting.answers import Cut, Told, paragraphs
from applyweb.core.cutting.change import Change, dedented, indent, leaf
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.places import Addition, added_names, addition

_LONGEST = 60  # lines of an addition
_KEYED = ("yaml", "json", "toml")

ADD = (
    "Add {what} to {whom}{where}:",
    "Add {what}{where} in {whom}:",
    "{whom} needs {what}. Add it{where}:",
    "I added {what} to {whom}{where}:",
    "You have to add {what} to {whom}{where}:",
    "Extend {whom} with {what}{where}:",
    "Just add {what} to {whom}{where}; nothing else changes:",
    "Put {what} into {whom}{where}:",
    "Here is {what} to add to {whom}{where}:",
    "In {whom}, add {what}{where}:",
)
UNNAMED = ("this", "the following", "these lines", "what is missing")
FIRST = (" at the top", " as the first entry", " at the very beginning of it")
LAST = ("", "", "", " at the end", " as the last entry", " below the others")
AFTER = (" after `{a}`", " right after `{a}`", " below `{a}`", ", just below `{a}`")


def adding(in_block: bool) -> Told:
    """One of the changes that only add to a block; the others are left out of what is wanted. `in_block`: the block's
    first and last lines stand around what is new."""

    def style(change: Change, draw: Draw) -> Cut | None:
        for index in draw.sample(range(len(change.spans)), len(change.spans)):
            old_start, old_end, start, end = change.spans[index]
            if old_end - old_start > 1 or not old_end - old_start < end - start <= _LONGEST:
                continue
            part = change.only([index])
            found = addition(part)
            if found is None:
                continue
            where = _where(part, found, draw)
            lines = _block(part, found, draw) if in_block else _bare(part, found, draw)
            if where is None or lines is None or not _is_known(part, found):
                continue
            text = draw.words(ADD).format(what=_what(part, found, draw), whom=_whom(part, found, draw), where=where)
            code = words.fence(lines, part.language, draw, part.path)
            if draw.happens(0.3):
                text = f"{draw.words(words.INTRODUCTIONS)}\n\n{text}".strip()
            return Cut(paragraphs(text, code, draw.words(words.REMARKS)), part.new_text, "lazy")
        return None

    return style


def _is_known(change: Change, found: Addition) -> bool:
    """Whether the block's first line, or its name where only that is told, stands once in the file."""
    header = change.new[found.header].strip()
    return sum(line.strip() == header for line in change.old) == 1 and bool(found.name or change.is_telling(header))


def _where(change: Change, found: Addition, draw: Draw) -> str | None:
    """The words for the place; None where no words would say it."""
    if found.last:
        return draw.choice(LAST)
    if found.after is None:
        return draw.words(FIRST)
    above = [each for each in change.definitions if found.header < each.start and each.end - 1 == found.after]
    names = [leaf(each.name) for each in change.definitions]
    if above and names.count(leaf(above[0].name)) == 1:
        return draw.words(AFTER).format(a=leaf(above[0].name))
    line = change.new[found.after].strip()
    if found.kind == "entries" and change.is_telling(line) and "`" not in line and line[-1] not in "}])":
        return draw.words(AFTER).format(a=line.rstrip(",;"))
    return None


def _what(change: Change, found: Addition, draw: Draw) -> str:
    names = added_names(change, found)
    if not names or len(names) > 3 or draw.happens(0.2):
        return draw.words(UNNAMED)
    told = [f"`{name}`" for name in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _whom(change: Change, found: Addition, draw: Draw) -> str:
    if found.name and (found.kind != "section" or draw.happens(0.8)):
        return f"`{found.name}`"
    return f"`{change.new[found.header].strip()}`" if "`" not in change.new[found.header] else "it"


def _block(change: Change, found: Addition, draw: Draw) -> list[str] | None:
    """The new lines between the first and the last line of their block; data formats show the blocks around it too."""
    lines = change.new[found.start : found.end]
    if draw.happens(0.3) and found.kind == "class":
        lines = ["", *lines]
    if change.language.name == "json":
        lines[-1] = lines[-1].removesuffix(",")
    lines = [change.new[found.header], *lines]
    closers = [change.new[found.closer]] if found.closer is not None else []
    if change.language.name in _KEYED:
        outer, row = change.new[found.header], found.header
        while indent(outer):
            row -= 1
            if row < 0:
                return None
            if change.new[row].strip() and len(indent(change.new[row])) < len(indent(outer)):
                outer = change.new[row]
                lines.insert(0, outer)
                if found.closer is not None:
                    closers.append(indent(outer) + ("]" if outer.rstrip().endswith("[") else "}"))
    lines += [closer.rstrip(",") if change.language.name == "json" else closer for closer in closers]
    return dedented(lines) if draw.happens(0.5) else lines


def _bare(change: Change, found: Addition, draw: Draw) -> list[str] | None:
    """Only the new lines, of a block that has a name to be told by."""
    if not found.name:
        return None
    lines = change.new[found.start : found.end]
    return dedented(lines) if draw.happens(0.4) else lines
