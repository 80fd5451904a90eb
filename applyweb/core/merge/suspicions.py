"""What speaks against splices before they are made: definitions that go unasked or come twice, repeated lines, emptied
blocks.

Must not know: why a splice was planned, how edits are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from applyweb.core.merge import words
from applyweb.core.merge.declared import declared
from applyweb.core.merge.lines import (
    Lines,
    Owners,
    decorates,
    head_of_rule,
    is_closer,
    is_comment,
    is_function,
    likeness,
    lines_of,
    weighs_little,
)
from applyweb.core.merge.plan import Plan, Splice
from applyweb.core.merge.prose import Spot
from applyweb.core.merge.ranges import Ranges
from applyweb.core.merge.said import Said

_SAME_TWICE = re.compile(r"overload|property|setter|getter|deleter|register|dispatch|override", re.I)
_NEAR = 15
_TELLING = 14  # shorter lines come twice without a reason
_FEW = 3  # so many lines are taken out by showing their neighbours
_KIN = 0.45  # less alike lines have nothing to do with one another
_LEAVES = re.compile(r"return\b|raise\b|throw\b|panic!?\(|yield\b|\}|end\b")
_IDENTITIES = frozenset({"name", "job_name", "id", "key", "alias", "container_name", "host"})  # of items of a list
_WORDS = re.compile(r"\w+")
_ROWS_READ = 200  # of one splice
_COMPARED = 4_000  # pairs of lines that are compared for likeness in one splice


def unasked_removals(lines: Lines, plan: Plan, said: Said) -> list[tuple[str, int]]:
    """Functions and classes of rows that give way, outside the functions that the edit shows from end to end, whose
    names `said` holds nowhere, each with the edit row of its splice. Those inside another one that goes are not
    told, nor those that were used and of which every use goes too."""
    found: list[tuple[str, int]] = []
    going = Ranges((splice.start, splice.end) for splice in plan.splices)
    owners = Owners(lines)
    shown = Ranges((start + 1, end) for start, end in plan.shown if lines.name(start)[0] != "class")
    for splice in _effective(lines, plan.splices):
        inner = -1
        for row in range(splice.start, splice.end):
            if row < inner or shown.hold(row):
                continue
            kind, name = lines.name(row)
            is_block = lines.ruled and lines.keys[row].endswith(":") and bool(head_of_rule(lines, row))
            if not is_block and (kind not in ("def", "class", "value") or not owners.is_header(row)):
                continue
            inner = lines.ends[row]
            if not said.names(name) and not _goes_with_its_uses(lines, row, name, going):
                found.append((name, splice.row))
    return list(dict.fromkeys(found))


def _goes_with_its_uses(lines: Lines, row: int, name: str, going: Ranges) -> bool:
    """Whether a definition is used elsewhere in the file, and every line that uses it gives way."""
    last = name.rsplit(".", 1)[-1]
    inside = range(row, lines.ends[row])
    uses = [at for at in lines.holding(last) if at not in inside and words.count(last, lines.keys[at])]
    return bool(uses) and all(map(going.hold, uses))


def changes_something(lines: Lines, splices: Sequence[Splice]) -> bool:
    return next(_effective(lines, splices), None) is not None


def overwrites(lines: Lines, splices: Sequence[Splice], origins: Sequence[int]) -> bool:
    """Whether lines that are new already, which have no row of the original in `origins`, give way to others."""
    rows = (row for splice in _effective(lines, splices) for row in range(splice.start, splice.end))
    return any(origins[row] < 0 and _tells(lines.keys[row]) for row in rows)


def is_elsewhere(lines: Lines, splices: Sequence[Splice], spot: Spot | None) -> bool:
    """Whether all that the splices do is to insert, and nowhere beside the row that `spot` names."""
    made = list(_effective(lines, splices))
    if spot is None or not 0 < spot.start < lines.size or not made or any(splice.start < splice.end for splice in made):
        return False
    edge = spot.end if spot.side == "after" else spot.start
    gaps = (range(min(edge, splice.start), max(edge, splice.start)) for splice in made)
    return not any(all(not lines.keys[row] or decorates(lines.keys[row]) for row in gap) for gap in gaps)


def unsaid_losses(
    lines: Lines, plan: Plan, said: Said, *, adds: bool, whole: bool = False
) -> Iterator[tuple[str, int]]:
    """Lines that give way to nothing like them, of which `said` holds nothing, each with the edit row of its splice.

    `whole`: the edit is whole blocks of a language of blocks, which may show only what changes in them: all keys count.
    `adds`: by its words the edit only adds, so that every line must be there still, perhaps with more in it. Else only
    what stands directly in classes, tables, lists and the like counts, where more goes than comes: a function that is
    shown is meant as a whole. A line or a few between two neighbours that stand together now, and open or close
    nothing, were taken out by showing just that."""
    owners = Owners(lines)
    for splice in _effective(lines, plan.splices):
        fresh_lines = lines_of(splice.texts)
        gone = _outermost_blocks(lines, range(splice.start, splice.end))
        if not adds and len(gone) > len(_outermost_blocks(fresh_lines, range(fresh_lines.size))) > 0:
            lost = [row for row in gone if not said.holds(lines.keys[row]) and not _is_in_function(owners, row)]
            yield from ((lines.keys[row], splice.row) for row in lost)
        new = [text.strip() for text in splice.texts if text.strip()]
        rows = [row for row in range(splice.start, splice.end) if _tells(lines.keys[row])]
        if whole:
            shown = {_label(key) for key in new}
            keyed = [row for row in rows if _label(lines.keys[row]) not in shown]
            unsaid = (lines.keys[row] for row in keyed if not said.holds(lines.keys[row]))
            yield from ((key, splice.row) for key in unsaid if f"`{_label(key)}" not in said.text)
        lost, fresh = (_not_within if adds else _unlike)(rows, new, lines)
        if not adds and (len(lost) <= fresh or (not new and len(lost) <= _FEW and not _at_an_edge(lines, splice))):
            continue
        for row in lost:
            name = lines.name(row)[1]
            if not adds and (_is_in_function(owners, row) or _belongs_elsewhere(lines, row)):
                continue
            if lines.name(row)[0] != "import" and not (name and said.names(name)) and not said.holds(lines.keys[row]):
                yield lines.keys[row], splice.row


def lost_returns(lines: Lines, splices: Sequence[Splice]) -> Iterator[tuple[str, int]]:
    """What functions that stay give back at their ends, and would no more: nothing that leaves them comes in its
    place."""
    going = Ranges((splice.start, splice.end) for splice in splices)
    for splice in _effective(lines, splices):
        last = next((at for at in range(splice.end - 1, splice.start - 1, -1) if lines.keys[at]), -1)
        if last < 0 or not lines.keys[last].startswith("return ") or lines.parents[last] < 0:
            continue
        below = next((at for at in range(splice.end, lines.size) if lines.keys[at]), lines.size)
        header = lines.parents[last]
        ends = below >= lines.ends[header] or lines.closer_of(below) == header
        new = [text.strip() for text in splice.texts if text.strip()]
        if (
            ends
            and lines.name(header)[0] == "def"
            and not going.hold(header)
            and not any(_LEAVES.match(key) for key in new)
        ):
            yield lines.keys[last], splice.row


def _label(key: str) -> str:
    """What a line of a language of blocks is called by: its key, its head, else its first word."""
    name = declared(key)[1]
    if key.startswith("- ") and name in _IDENTITIES:
        return key
    return name or (key.rstrip("{ ") if key.endswith("{") else key.split(None, 1)[0])


def _outermost_blocks(lines: Lines, rows: range) -> list[int]:
    """The rows that open a block, those inside another such left out."""
    found: list[int] = []
    inner = rows.start
    for row in rows:
        if row >= inner and _tells(lines.keys[row]) and lines.ends[row] > row + 1:
            found.append(row)
            inner = lines.ends[row]
    return found


def _tells(key: str) -> bool:
    """Whether a line says something by itself: no bracket, no comment, no decorator."""
    return bool(key) and not (weighs_little(key) or is_closer(key) or is_comment(key) or key.startswith(("@", "#[")))


def _is_in_function(owners: Owners, row: int) -> bool:
    header = owners.row(row)
    if header < 0 or header == row:
        return False
    kind, _ = owners.lines.name(header)
    return kind == "def" or (kind == "value" and is_function(owners.lines, header))


def _belongs_elsewhere(lines: Lines, row: int) -> bool:
    """Whether a row is text under a YAML key, or an argument of a decorator."""
    parent = lines.parents[row]
    if parent < 0:
        return False
    key = lines.keys[parent]
    return key.endswith(("|", "|-", "|+", ">", ">-", ">+")) or key.startswith(("@", "#["))


def _at_an_edge(lines: Lines, splice: Splice) -> bool:
    """Whether a splice takes all lines of a block."""
    above, below = _neighbours(lines, splice)
    return above.rstrip().endswith(("{", "(", "[", ":")) and is_closer(below.strip())


def _unlike(rows: list[int], new: list[str], lines: Lines) -> tuple[list[int], int]:
    """The rows of which no new line is another version, and how many new lines are of none; each new line is that of
    one row only."""
    left = list(new)
    if len(rows) * len(new) > _COMPARED:
        kept = Counter(new)
        return [row for row in rows if not kept[lines.keys[row]]], len(new)
    lost = []
    for row in rows:
        best = max(left, key=lambda key: likeness(lines.keys[row], key), default=None)
        if best is not None and likeness(lines.keys[row], best) >= _KIN:
            left.remove(best)
        else:
            lost.append(row)
    return lost, sum(map(_tells, left))


def _not_within(rows: list[int], new: list[str], lines: Lines) -> tuple[list[int], int]:
    """The rows whose words are not all in one new line; each new line holds one row only."""
    left = [Counter(_WORDS.findall(key)) for key in new]
    lost = []
    for row in rows[:_ROWS_READ]:
        own = Counter(_WORDS.findall(lines.keys[row]))
        at = next((at for at, those in enumerate(left) if own <= those), None)
        if at is None:
            lost.append(row)
        else:
            del left[at]
    return lost, len(left)


def declared_twice(lines: Lines, splices: Sequence[Splice]) -> list[tuple[str, int]]:
    """Names of functions and classes that new lines declare where the rows that stay around them declare them already,
    each with the edit row of its splice."""
    going = Ranges((splice.start, splice.end) for splice in splices)
    found: list[tuple[str, int]] = []
    for splice in _effective(lines, splices):
        new = lines_of(splice.texts)
        gone = {lines.name(row) for row in range(splice.start, splice.end)}
        for row in new.solid:
            kind, name = new.name(row)
            if kind not in ("def", "class") or (kind, name) in gone or _SAME_TWICE.search(_above(new, row)):
                continue
            depth = new.indents[row]
            if new.parents[row] >= 0:
                continue  # inside what is new itself
            scope = _scope(lines, splice.start, depth)
            others = (at for at in lines.declaring(name.rsplit(".", 1)[-1].strip()) if lines.indents[at] == depth)
            for at in others:
                if not going.hold(at) and lines.name(at) == (kind, name) and _scope(lines, at, depth) == scope:
                    if not _SAME_TWICE.search(_above(lines, at)):
                        found.append((name, splice.row))
                    break
    return list(dict.fromkeys(found))


def repeated_lines(lines: Lines, splices: Sequence[Splice], shown: Counter[str]) -> Iterator[tuple[str, int]]:
    """New lines that are the same as the line beside them: they seem to stand beside what they should replace. `shown`
    counts the keys of the whole answer."""
    going = {at for splice in splices for at in range(splice.start, splice.end)}
    effective = list(_effective(lines, splices))
    yield from turned_lines(lines, effective)
    theirs = Owners(lines)
    for splice in effective:
        new = [text for text in splice.texts if text.strip()]
        above, below = _neighbours(lines, splice)
        same = {new[0]} & {above} | {new[-1]} & {below} if new else set()
        yield from ((text.strip(), splice.row) for text in same if _says_something(text.strip()))
        yield from ((key, splice.row) for key in _left_behind(theirs, splice, going, shown))


def _says_something(key: str) -> bool:
    return not is_closer(key) or key.startswith("</") or key.endswith(("{", "(", "["))


def _left_behind(theirs: Owners, splice: Splice, going: set[int], shown: Counter[str]) -> Iterator[str]:
    """New lines, outside new definitions, that stay a little way off in the same block, in the same words, though they
    were shown once."""
    lines, new = theirs.lines, lines_of(splice.texts)
    owners = Owners(new)
    for row in new.solid:
        key = new.keys[row]
        owner = owners.row(row)
        if len(key) < _TELLING or is_closer(key) or shown[key] > 1:
            continue
        if owner >= 0 and new.ends[owner] > owner + 1:
            continue
        for at in lines.where.get(key, ()):
            near = splice.start - _NEAR <= at < splice.end + _NEAR
            if near and at not in going and lines.texts[at] == new.texts[row]:
                alone = len(lines.where[key]) == 1
                if alone or theirs.row(at) == theirs.row(min(splice.start, lines.size - 1)):
                    yield key
                break


def emptied_blocks(lines: Lines, splices: Sequence[Splice]) -> Iterator[tuple[str, int]]:
    """Lines that stay and open a block of which nothing would stay, each with the edit row of its splice."""
    for splice in _effective(lines, splices):
        above = next((at for at in range(splice.start - 1, -1, -1) if lines.keys[at]), -1)
        if above >= 0 and not _WORDS.search(lines.keys[above]) and not lines.keys[above].endswith(("{", "[", "(")):
            continue  # the end of a text, or of something else
        first = next((at for at in range(splice.start, splice.end) if lines.keys[at]), -1)
        if above < 0 or first < 0 or lines.indents[first] <= lines.indents[above]:
            continue
        below = next((at for at in range(splice.end, lines.size) if lines.keys[at]), -1)
        new = lines_of(splice.texts)
        depth = new.indents[new.solid[0]] if new.solid else lines.indents[below] if below >= 0 else 0
        if depth <= lines.indents[above] and not is_comment(lines.keys[above]):
            yield lines.keys[above], splice.row


def turned_lines(lines: Lines, splices: Sequence[Splice]) -> Iterator[tuple[str, int]]:
    """Added lines that end with the line right above them or begin with the one right below: the same sign, which
    holds for patches too. Of whole blocks it says nothing: neighbours begin and end alike."""
    for splice in splices:
        if splice.start != splice.end:
            continue
        new = [text.strip() for text in splice.texts if text.strip()]
        if len(new) > 1 and not _is_whole_blocks(lines_of(splice.texts)):
            above, below = _neighbours(lines, splice)
            turned = {new[-1]} & {above.strip()} | {new[0]} & {below.strip()}
            yield from ((key, splice.row) for key in turned if not weighs_little(key))


def _is_whole_blocks(lines: Lines) -> bool:
    """Whether each line of the outermost level, comments and decorators aside, opens a block that ends."""
    depth = min(lines.indents[row] for row in lines.solid)
    outermost = (row for row in lines.solid if lines.indents[row] == depth and not decorates(lines.keys[row]))
    return all(lines.ends[row] > row + 1 or lines.closer_of(row) >= 0 for row in outermost)


def _neighbours(lines: Lines, splice: Splice) -> tuple[str, str]:
    """The nearest lines that are not blank above and below a splice, "" where there is none."""
    above = next((lines.texts[at] for at in range(splice.start - 1, -1, -1) if lines.keys[at]), "")
    below = next((lines.texts[at] for at in range(splice.end, lines.size) if lines.keys[at]), "")
    return above, below


def _effective(lines: Lines, splices: Sequence[Splice]) -> Iterator[Splice]:
    """The splices without the lines at their ends that stay as they are; those that change nothing left out."""
    for splice in _joined(splices):
        start, end, texts = splice.start, splice.end, list(splice.texts)
        first = 0
        while start < end and first < len(texts) and lines.texts[start] == texts[first]:
            start, first = start + 1, first + 1
        last = len(texts)
        while start < end and first < last and lines.texts[end - 1] == texts[last - 1]:
            end, last = end - 1, last - 1
        if start < end or first < last:
            yield Splice(start, end, tuple(texts[first:last]), splice.row + first)


def _joined(splices: Sequence[Splice]) -> list[Splice]:
    """The splices in order, those that touch made one."""
    groups: list[list[Splice]] = []
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if groups and groups[-1][-1].end == splice.start:
            groups[-1].append(splice)
        else:
            groups.append([splice])
    texts = [tuple(chain.from_iterable(splice.texts for splice in group)) for group in groups]
    return [Splice(group[0].start, group[-1].end, new, group[0].row) for group, new in zip(groups, texts, strict=True)]


def _scope(lines: Lines, at: int, depth: int) -> int:
    """The row that opens the block around a row of this indentation that stands at `at`; -1 at the outermost level."""
    row = at - 1
    while row >= 0 and (not lines.keys[row] or lines.indents[row] >= depth):
        row = row - 1 if not lines.keys[row] else lines.outer[row]
    return row


def _above(lines: Lines, row: int) -> str:
    """A declaration with the decorators above it."""
    first = row
    while first > 0 and lines.keys[first - 1].startswith("@"):
        first -= 1
    return "\n".join(lines.keys[first : row + 1])
