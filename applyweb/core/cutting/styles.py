"""The plain styles: code in its many shapes, without a word that matters. Each gives the code, or None where it would
not determine the new file.

Must not know: packages, how merges are made, what prose can say.
"""

from __future__ import annotations

from collections.abc import Callable

from applyweb.core.cutting import words
from applyweb.core.cutting.change import Change, Window, dedented, indent
from applyweb.core.cutting.described import described_marker
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.patches import apply_patch, search_replace, udiff
from applyweb.core.syntax import Definition

_LONG = 9  # an unchanged stretch inside of a function that may be left out
_AROUND = 3  # lines of it that are shown on each side

Style = Callable[[Change, Draw], str | None]


def _view(change: Change, windows: list[Window], draw: Draw, headers: bool, described: bool = False) -> list[str]:
    """Windows with markers between; with `headers` the definitions around each are begun before it, and with
    `described` the markers say what they hide."""
    mark = described_marker if described else _marker
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
                lines.append(mark(change, shown, each.header, indent(change.new[each.header]), draw))
            head = _head(change, each, window.start)
            lines.extend(change.new[each.header : head])
            shown = head
            begun.append(each)
        if any(line.strip() for line in change.new[shown : window.start]):
            first = next((line for line in change.new[window.start : window.end] if line.strip()), "")
            lines.append(mark(change, shown, window.start, indent(first), draw))
            if draw.happens(0.5) and not indent(first):
                lines.append("")
        lines.extend(change.new[window.start : window.end])
        shown = window.end
    if any(line.strip() for line in change.new[shown:]):
        following = next(line for line in change.new[shown:] if line.strip())
        lines.append(mark(change, shown, len(change.new), indent(following), draw))
    return lines


def _marker(change: Change, start: int, end: int, margin: str, draw: Draw) -> str:
    """A marker for lines [start, end) of the new text."""
    following = next((line for line in change.new[end:] if line.strip()), "")
    return words.marker(change.language, margin, draw, inside_comment=following.lstrip().startswith("* "))


def _head(change: Change, definition: Definition, limit: int) -> int:
    """Where the header of a definition ends: at the line that opens its body."""
    for row in range(definition.header, min(limit, definition.header + 8)):
        if change.new[row].rstrip().endswith((":", "{", "then", "do")):
            return row + 1
    return definition.header + 1


def _lazy(context: int, headers: bool = False, described: bool = False) -> Style:
    """A view of the file: each change with some lines around it, markers for the rest. The lines around it reach to one
    that stands only there, so that each place is determined."""

    def style(change: Change, draw: Draw) -> str | None:
        windows = change.windows(context)
        if headers and not any(change.around(window.start, window.end) for window in windows):
            return None
        return words.fence(_view(change, windows, draw, headers, described), change.language, draw, change.path)

    return style


def _fences(change: Change, draw: Draw) -> str | None:
    """Each window in a fence of its own, under the name of what it is in."""
    windows = change.windows(draw.choice((1, 2, 3)))
    if len(windows) < 2 or any(change.looks_whole(window) for window in windows):
        return None
    parts = []
    for number, window in enumerate(windows, 1):
        around = change.around(window.start, window.end)
        form = draw.words(words.EACH if around else words.EACH_UNNAMED)
        parts.append(form.format(name=around[-1].name if around else "", number=number))
        lines = change.new[window.start : window.end]
        parts.append(words.fence(dedented(lines) if draw.happens(0.3) else lines, change.language, draw))
    return "\n\n".join(parts)


def _functions(apart: bool, elided: bool = False) -> Style:
    """The functions that change, whole and nothing else: each stands in the file once, so its name says where it goes.
    `elided`: long stretches of them that stay are left out."""

    def style(change: Change, draw: Draw) -> str | None:
        homes = change.homes()
        if not homes or len(homes) > 4 or (not apart and len(homes) < 2):
            return None
        if not apart and len({indent(change.new[home.header]) for home in homes}) > 1:
            return None
        pieces = []
        for home in homes:
            lines = _elided(change, home, draw) if elided else change.new[home.start : home.end]
            if lines is None:
                return None
            pieces.append(dedented(lines) if apart and draw.happens(0.5) else lines)
        if apart:
            return "\n\n".join(
                f"{draw.words(words.EACH).format(name=home.name, number=number)}\n\n"
                f"{words.fence(piece, change.language, draw)}"
                for number, (home, piece) in enumerate(zip(homes, pieces, strict=True), 1)
            )
        joined = pieces[0]
        for piece in pieces[1:]:
            joined = [*joined, "", *piece]
        return words.fence(joined, change.language, draw)

    return style


def _elided(change: Change, home: Definition, draw: Draw) -> list[str] | None:
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
            margin = min((indent(line) for line in stretch if line.strip()), key=len)
            lines += [*change.new[at:first], words.marker(change.language, margin, draw, words.IN_BODY)]
            at, found = last, True
    lines += change.new[at : home.end]
    return lines if found else None


def _members(change: Change, draw: Draw) -> str | None:
    """A class with the members that change shown whole, markers for the others."""
    lines = members(change, lambda margin: [words.marker(change.language, margin, draw), ""])
    return words.fence(lines, change.language, draw) if lines else None


def members(change: Change, gap: Callable[[str], list[str]]) -> list[str] | None:
    """The one class that holds all changes, its changed members whole, `gap` of their margin for the others."""
    homes = change.homes()
    if not homes:
        return None
    outer = {home.name.rpartition(".")[0] for home in homes}
    owners = [each for each in change.definitions if each.kind == "class" and each.name in outer]
    if len(outer) != 1 or len(owners) != 1 or change.is_changed(owners[0].header, owners[0].header + 1):
        return None
    owner = owners[0]
    inner = indent(change.new[homes[0].header])
    head = _head(change, owner, homes[0].start)
    lines = change.new[owner.header : head]
    shown = head
    for home in homes:
        if any(line.strip() for line in change.new[shown : home.start]):
            lines += gap(inner)
        lines += change.new[home.start : home.end]
        shown = home.end
        lines.append("")
    last = change.new[owner.end - 1].strip()
    if any(line.strip() for line in change.new[shown : owner.end - (last in ("}", "};", "end"))]):
        lines += gap(inner)
    while not lines[-1].strip():
        lines.pop()
    if last in ("}", "};", "end"):
        lines.append(change.new[owner.end - 1])
    return lines


def _skeleton(change: Change, draw: Draw) -> str | None:
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
            lines += [words.marker(change.language, "", draw), ""]
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
            braced = len(body) > 1 and change.language.name != "python" and closing.strip()[:1] in ("}", ")", "]")
            closed = braced or closing.strip() == "end"
            lines.append(words.marker(change.language, indent(body[0]), draw, words.IN_BODY))
            lines += [closing] if closed else []
        shown = each.end
    if any(line.strip() for line in change.new[shown:]):
        lines += change.new[shown:]
    return words.fence(lines, change.language, draw)


def _full(change: Change, draw: Draw) -> str | None:
    """The whole new file."""
    return words.fence(change.new, change.language, draw, change.path) if len(change.new) <= 600 else None


BASE: dict[str, tuple[str, Style]] = {
    "lazy-1": ("lazy", _lazy(1)),
    "lazy-2": ("lazy", _lazy(2)),
    "lazy-3": ("lazy", _lazy(3)),
    "lazy-5": ("lazy", _lazy(5)),
    "lazy-headers": ("lazy", _lazy(1, headers=True)),
    "lazy-described": ("lazy", _lazy(2, described=True)),
    "lazy-described-headers": ("lazy", _lazy(1, headers=True, described=True)),
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
