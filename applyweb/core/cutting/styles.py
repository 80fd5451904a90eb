"""The styles of answers. Each gives the answer, or None where it would not determine the new file.

Must not know: packages, how merges are made.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from applyweb.core.cutting import words
from applyweb.core.cutting.change import Change, Window, dedented
from applyweb.core.cutting.patches import apply_patch, search_replace, udiff
from applyweb.core.syntax import Definition

_LONG = 9  # an unchanged stretch inside of a function that may be left out
_AROUND = 3  # lines of it that are shown on each side

Style = Callable[[Change, Random], str | None]


def cut(change: Change, style: str, random: Random) -> str | None:
    """The whole answer in a style of STYLES; None where the change cannot be told in it."""
    if not change.spans or (change.cuts_an_edge and style != "full"):
        return None
    code = STYLES[style][1](change, random)
    if code is None:
        return None
    parts = [random.choice(words.INTRODUCTIONS), code, random.choice(words.REMARKS)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _view(change: Change, windows: list[Window], random: Random, headers: bool) -> list[str]:
    """Windows with markers between; with `headers` the definitions around each are begun before it."""
    lines: list[str] = []
    shown = 0
    begun: list[Definition] = []
    for window in windows:
        chain = change.around(window.start, window.end) if headers else []
        chain = [each for each in chain if not change.is_changed(each.header, each.header + 1)]
        for each in chain:
            if each in begun or each.header < shown:
                continue
            if change.new[shown : each.header]:
                lines.append(words.marker(change.language, _indent(change.new[each.header]), random))
            head = _head(change, each, window.start)
            lines.extend(change.new[each.header : head])
            shown = head
            begun.append(each)
        if any(line.strip() for line in change.new[shown : window.start]):
            first = next((line for line in change.new[window.start : window.end] if line.strip()), "")
            starred = first.lstrip().startswith("* ")
            lines.append(words.marker(change.language, _indent(first), random, inside_comment=starred))
            if random.random() < 0.5 and not _indent(first):
                lines.append("")
        lines.extend(change.new[window.start : window.end])
        shown = window.end
    if any(line.strip() for line in change.new[shown:]):
        following = next(line for line in change.new[shown:] if line.strip())
        lines.append(words.marker(change.language, _indent(following), random))
    return lines


def _head(change: Change, definition: Definition, limit: int) -> int:
    """Where the header of a definition ends: at the line that opens its body."""
    for row in range(definition.header, min(limit, definition.header + 8)):
        if change.new[row].rstrip().endswith((":", "{", "then", "do")):
            return row + 1
    return definition.header + 1


def _lazy(context: int, headers: bool = False) -> Style:
    """A view of the file: each change with some lines around it, markers for the rest. The lines around it reach to one
    that stands only there, so that each place is determined."""

    def style(change: Change, random: Random) -> str | None:
        windows = change.windows(context)
        if headers and not any(change.around(window.start, window.end) for window in windows):
            return None
        return words.fence(_view(change, windows, random, headers), change.language, random, change.path)

    return style


def _fences(change: Change, random: Random) -> str | None:
    """Each window in a fence of its own, under the name of what it is in."""
    windows = change.windows(random.choice((1, 2, 3)))
    if len(windows) < 2 or any(change.looks_whole(window) for window in windows):
        return None
    parts = []
    for number, window in enumerate(windows, 1):
        around = change.around(window.start, window.end)
        form = random.choice(words.EACH if around else words.EACH_UNNAMED)
        parts.append(form.format(name=around[-1].name if around else "", number=number))
        lines = change.new[window.start : window.end]
        parts.append(words.fence(dedented(lines) if random.random() < 0.3 else lines, change.language, random))
    return "\n\n".join(parts)


def _functions(apart: bool, elided: bool = False) -> Style:
    """The functions that change, whole and nothing else: each stands in the file once, so its name says where it goes.
    `elided`: long stretches of them that stay are left out."""

    def style(change: Change, random: Random) -> str | None:
        homes = change.homes()
        if not homes or len(homes) > 4 or (not apart and len(homes) < 2):
            return None
        if not apart and len({_indent(change.new[home.header]) for home in homes}) > 1:
            return None
        pieces = []
        for home in homes:
            lines = _elided(change, home, random) if elided else change.new[home.start : home.end]
            if lines is None:
                return None
            pieces.append(dedented(lines) if apart and random.random() < 0.5 else lines)
        if apart:
            return "\n\n".join(
                f"{random.choice(words.EACH).format(name=home.name, number=number)}\n\n"
                f"{words.fence(piece, change.language, random)}"
                for number, (home, piece) in enumerate(zip(homes, pieces, strict=True), 1)
            )
        joined = pieces[0]
        for piece in pieces[1:]:
            joined = [*joined, "", *piece]
        return words.fence(joined, change.language, random)

    return style


def _elided(change: Change, home: Definition, random: Random) -> list[str] | None:
    """A function with a long unchanged stretch of it left out; None where it has none."""
    edges = [home.header]
    for _, _, start, end in change.spans:
        if home.start <= start < home.end:
            edges += [start, end]
    edges.append(home.end)
    lines = change.new[home.start : home.header]
    found = False
    at = home.header
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        first, last = low + _AROUND, high - _AROUND
        stretch = change.new[first:last]
        telling = any(map(change.is_telling, change.new[low:first])) and any(
            map(change.is_telling, change.new[last:high])
        )
        if low >= at and last - first >= _LONG - _AROUND and telling and any(line.strip() for line in stretch):
            indent = min((_indent(line) for line in stretch if line.strip()), key=len)
            lines += [*change.new[at:first], words.marker(change.language, indent, random, words.IN_BODY)]
            at, found = last, True
    lines += change.new[at : home.end]
    return lines if found else None


def _members(change: Change, random: Random) -> str | None:
    """A class with the members that change shown whole, markers for the others."""
    homes = change.homes()
    if not homes:
        return None
    outer = {home.name.rpartition(".")[0] for home in homes}
    owners = [each for each in change.definitions if each.kind == "class" and each.name in outer]
    if len(outer) != 1 or len(owners) != 1 or change.is_changed(owners[0].header, owners[0].header + 1):
        return None
    owner = owners[0]
    inner = _indent(change.new[homes[0].header])
    head = _head(change, owner, homes[0].start)
    lines = change.new[owner.header : head]
    shown = head
    for home in homes:
        if any(line.strip() for line in change.new[shown : home.start]):
            lines += [words.marker(change.language, inner, random), ""]
        lines += change.new[home.start : home.end]
        shown = home.end
        lines.append("")
    last = change.new[owner.end - 1].strip()
    if any(line.strip() for line in change.new[shown : owner.end - (last in ("}", "};", "end"))]):
        lines.append(words.marker(change.language, inner, random))
    else:
        lines.pop()
    if last in ("}", "};", "end"):
        lines.append(change.new[owner.end - 1])
    return words.fence(lines, change.language, random)


def _skeleton(change: Change, random: Random) -> str | None:
    """Every function of the file is begun; those that stay have a marker for a body."""
    homes = change.homes()
    functions = [each for each in change.definitions if each.kind == "function"]
    if not homes or not 3 <= len(functions) <= 14 or len({each.name for each in functions}) != len(functions):
        return None
    outermost = [
        each for each in functions if not any(o is not each and o.start <= each.start < o.end for o in functions)
    ]
    lines: list[str] = []
    shown = 0
    for each in outermost:
        if each.start < shown:
            return None
        between = change.new[shown : each.start]
        if len([line for line in between if line.strip()]) > 6 and shown == 0:
            lines += [words.marker(change.language, "", random), ""]
        else:
            lines += between
        if change.is_changed(each.start, each.end) or each in homes:
            lines += change.new[each.start : each.end]
        else:
            head = _head(change, each, each.end)
            body = [line for line in change.new[head : each.end] if line.strip()]
            if not body:
                return None
            lines += change.new[each.start : head]
            closing = change.new[each.end - 1]
            closed = (len(body) > 1 and closing.strip()[:1] in ("}", ")", "]")) or closing.strip() == "end"
            lines.append(words.marker(change.language, _indent(body[0]), random, words.IN_BODY))
            lines += [closing] if closed else []
        shown = each.end
    if any(line.strip() for line in change.new[shown:]):
        lines += change.new[shown:]
    return words.fence(lines, change.language, random)


def _full(change: Change, random: Random) -> str | None:
    """The whole new file."""
    return words.fence(change.new, change.language, random, change.path) if len(change.new) <= 600 else None


STYLES: dict[str, tuple[str, Style]] = {
    "lazy-1": ("lazy", _lazy(1)),
    "lazy-2": ("lazy", _lazy(2)),
    "lazy-3": ("lazy", _lazy(3)),
    "lazy-5": ("lazy", _lazy(5)),
    "lazy-headers": ("lazy", _lazy(1, headers=True)),
    "lazy-members": ("lazy", _members),
    "lazy-skeleton": ("lazy", _skeleton),
    "function-each": ("function", _functions(apart=True)),
    "function-list": ("function", _functions(apart=False)),
    "function-elided": ("function", _functions(apart=True, elided=True)),
    "fences": ("multi", _fences),
    "udiff": ("udiff", udiff("right")),
    "udiff-wrong-numbers": ("udiff", udiff("wrong")),
    "udiff-no-numbers": ("udiff", udiff("none")),
    "search-replace": ("search_replace", search_replace),
    "apply-patch": ("apply_patch", apply_patch),
    "full": ("full", _full),
}
