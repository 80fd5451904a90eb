"""Answers that show new imports: in a fence of their own, or above the functions of a fence; and files that are shown
from their first import on, without what stands above it.

An import alone has a place where it comes last, or where the imports are sorted; else the answer names the line above.
Must not know: other styles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from applyweb.core.cutting import words
from applyweb.core.cutting.answers import Cut, Told, paragraphs
from applyweb.core.cutting.change import Change, dedented, indent
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.lines import is_import
from applyweb.core.languages import Language
from applyweb.core.syntax import Definition

_MOST = 400  # lines of a file that is shown nearly whole

IMPORT = (
    "Add the import:",
    "At the top of the file:",
    "It needs an import:",
    "First the import:",
    "1. The new import",
    "You need this import:",
    "With the other imports:",
    "Import what is needed:",
)
BELOW = (
    "Right below `{a}`, import what is needed:",
    "Add the import after `{a}`:",
    "Under `{a}`:",
    "Put this import directly below `{a}`:",
)


@dataclass(frozen=True, slots=True)
class Imports:
    """New import lines of one place. `placed`: where an import goes that says nothing of its place; else `above` is
    the line above it."""

    lines: list[str]
    placed: bool
    above: str


def _split(change: Change) -> tuple[Change, Imports, list[Definition]] | None:
    """The change cut down to new imports and to functions that change; these imports and functions."""
    news = [index for index, span in enumerate(change.spans) if _is_new_import(change, span)]
    if len(news) != 1:
        return None
    functions = [
        index
        for index, span in enumerate(change.spans)
        if index not in news and change.only([index]).homes() is not None
    ]
    if not functions:
        return None
    part = change.only([*news, *functions])
    span = next((span for span in part.spans if _is_new_import(part, span)), None)
    homes = part.only([at for at, each in enumerate(part.spans) if each != span]).homes()
    if span is None or not homes or len(homes) > 3:
        return None
    # the homes of the part without the imports, moved to where they are in the whole
    own = {each.name: each for each in part.definitions}
    if any(home.name not in own for home in homes):
        return None
    return part, _imports(part, span), [own[home.name] for home in homes]


def _is_new_import(change: Change, span: tuple[int, int, int, int]) -> bool:
    low, high, start, end = span
    solid = [line for line in change.new[start:end] if line.strip()]
    return low == high and 0 < len(solid) <= 4 and all(is_import(line, change.language) for line in solid)


def _imports(change: Change, span: tuple[int, int, int, int]) -> Imports:
    low, _, start, end = span
    lines = [line for line in change.new[start:end] if line.strip()]
    above = change.old[low - 1] if low else ""
    known = [row for row, line in enumerate(change.old) if is_import(line, change.language)]
    last = bool(known) and low - 1 == known[-1]
    return Imports(lines, last or _is_sorted(change, low, lines), above if above.strip() else "")


def _is_sorted(change: Change, low: int, lines: list[str]) -> bool:
    """Whether the new lines stand among sorted ones of one kind, so that only one place keeps them sorted."""
    first = last = low
    while first > 0 and is_import(change.old[first - 1], change.language):
        first -= 1
    while last < len(change.old) and is_import(change.old[last], change.language):
        last += 1
    blocks = sum(
        is_import(line, change.language) and not (row and is_import(change.old[row - 1], change.language))
        for row, line in enumerate(change.old)
    )
    block = [*change.old[first:low], *lines, *change.old[low:last]]
    return blocks == 1 and last - first >= 3 and block == sorted(set(block))


def in_own_fence(change: Change, draw: Draw) -> Cut | None:
    """The imports in a fence, each function in one more."""
    split = _split(change)
    if split is None:
        return None
    part, imports, homes = split
    parts = []
    if imports.placed:
        parts = [draw.words(IMPORT), words.fence(imports.lines, part.language, draw)]
    elif imports.above and part.is_telling(imports.above) and "`" not in imports.above:
        if draw.happens(0.5):
            parts = [draw.words(BELOW).format(a=imports.above.strip()), words.fence(imports.lines, part.language, draw)]
        else:
            parts = [draw.words(IMPORT), words.fence([imports.above, *imports.lines], part.language, draw)]
    if not parts:
        return None
    for number, home in enumerate(homes, 2):
        lines = part.new[home.start : home.end]
        parts.append(draw.words(words.EACH).format(name=home.name, number=number))
        parts.append(words.fence(dedented(lines) if draw.happens(0.5) else lines, part.language, draw))
    return Cut(paragraphs(draw.words(words.INTRODUCTIONS), *parts, draw.words(words.REMARKS)), part.new_text, "multi")


def above_functions(change: Change, draw: Draw) -> Cut | None:
    """One fence that begins with the new imports, below the one that they follow where nothing else tells their place;
    the functions come after a blank line."""
    split = _split(change)
    if split is None:
        return None
    part, imports, homes = split
    anchored = is_import(imports.above, part.language) and part.is_telling(imports.above)
    if not imports.placed and not anchored:
        return None
    if len({indent(part.new[home.header]) for home in homes}) > 1:
        return None
    lines = list(imports.lines) if imports.placed else [imports.above, *imports.lines]
    outer = draw.happens(0.5)
    for home in homes:
        own = part.new[home.start : home.end]
        lines += [*([""] * draw.choice((1, 1, 2))), *(dedented(own) if outer else own)]
    code = words.fence(lines, part.language, draw, part.path)
    chat = paragraphs(draw.words(words.INTRODUCTIONS), code, draw.words(words.REMARKS))
    return Cut(chat, part.new_text, "function")


def from_the_imports(change: Change, draw: Draw) -> Cut | None:
    """The whole file but for the comments and the docstring above its first import, which stay."""
    first = next((row for row, line in enumerate(change.new) if is_import(line, change.language)), 0)
    head = [line for line in change.new[:first] if line.strip()]
    if not head or len(change.new) > _MOST or change.is_changed(0, first + 1) or change.cuts_an_edge:
        return None
    if any(start <= first for _, _, start, _ in change.spans) or not _is_remark(head, change.language):
        return None
    code = words.fence(change.new[first:], change.language, draw)
    return Cut(paragraphs(draw.words(words.INTRODUCTIONS), code, draw.words(words.REMARKS)), change.new_text, "lazy")


def _is_remark(lines: list[str], language: Language) -> bool:
    """Whether lines are nothing but comments, a docstring, or a directive such as "use strict"."""
    text = "\n".join(lines).strip()
    text = re.sub(r'^[rub]*"""[^"]*(?:"{1,2}[^"]+)*"""|^(["\'])use \w+\1;?', "", text, flags=re.M)
    for opening, closing in language.block_comments:
        text = re.sub(re.escape(opening) + r".*?" + re.escape(closing), "", text, flags=re.S)
    marks = (*language.line_comments, "#!")
    return all(line.lstrip().startswith(marks) for line in text.split("\n") if line.strip())


IMPORTED: dict[str, Told] = {
    "imports-apart": in_own_fence,
    "imports-above": above_functions,
    "imports-first": from_the_imports,
}
