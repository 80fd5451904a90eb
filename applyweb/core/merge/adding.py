"""A piece of code that only adds, and shows where by what it repeats: a class with its new method alone, a mapping with
one new key, a function to stand beside its namesake.

Must not know: alignments, markers' meaning. None where the piece is better read otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from applyweb.core.merge import prose
from applyweb.core.merge.alterations import alterations
from applyweb.core.merge.asks import leaves_rest_out, only_adds, says_overload, says_parameter, takes_away
from applyweb.core.merge.blocks import balance
from applyweb.core.merge.groups import Groups
from applyweb.core.merge.homes import home_of, named_block, named_home
from applyweb.core.merge.lines import RULED, Lines, weighs_little
from applyweb.core.merge.members import STYLES, Member, members_of
from applyweb.core.merge.piece import Piece
from applyweb.core.merge.plan import Plan
from applyweb.core.merge.rules import shows_rules
from applyweb.core.merge.siblings import are_siblings
from applyweb.core.merge.spots import find_place, place_within
from applyweb.core.merge.together import Together
from applyweb.core.merge.unanchored import plan_new

KEYED = RULED - {"makefile", "nginx"}  # languages whose members have names
_FEW = 4  # lines of a list of which one or two may be shown to say where it is


def plan_added(piece: Piece) -> Plan | None:
    """The plan that takes nothing away; None where the piece, or what is said of it, is not of this kind."""
    adds = only_adds(piece.edit)
    deep = piece.language == "json" and _is_part_of_root(piece) and not takes_away(piece.edit)
    kept = piece.bare and leaves_rest_out(piece.edit)
    ours = members_of(piece.lines, -1, piece.language, piece.gaps)
    renames = any(each.kind == "name" for each in alterations(piece.edit.before))
    plain = piece.bare and not (adds or kept or renames)
    alone = plain and _shows_classes(piece, ours)
    rules = (
        plain and not alone and piece.language in KEYED and shows_rules(piece.lines, 0) and not takes_away(piece.edit)
    )
    if not (deep or kept or alone or rules or (adds and piece.bare)) or piece.language == "markdown":
        return None
    if not ours or any(new.kind == "text" or piece.lines.name(new.head)[0] == "import" for new in ours):
        return None
    groups = Groups(piece.original, piece.language)
    counterparts = [_counterparts(piece, groups, new) for new in ours]
    if any(len(found) > 1 for found in counterparts):
        return None
    olds = [found[0] if found else None for found in counterparts]
    if rules and (_has_long_head(piece.lines) or any(_has_long_head(piece.original, old) for old in olds if old)):
        return None
    together = Together(piece, groups, adds=adds, overloads=says_overload(piece.edit))
    for new, old in zip(ours, olds, strict=True):
        if old is not None and not _join(piece, together, new, old):
            return None
    if not _place_new(piece, together, ours, olds) or together.left:
        return plan_new(piece, groups, ours) if adds and not any(olds) else None
    if not adds and together.between and not piece.bare:
        return None  # a member between two shown ones is meant to go
    if not (together.kept or together.siblings or None in olds):
        return None  # it shows all there is
    plan = Plan(splices=together.splices(), siblings=together.siblings)
    if plan.overlaps:
        return None
    plan.signal("added_to")
    if (alone or rules) and together.shown > together.kept:
        return None  # it shows most of them: the others may be meant to go
    if alone:
        plan.signal("members_alone")
    if alone or (rules and together.unchanged) or (deep and not adds and together.between_inside):
        plan.doubt("members_kept", "The members that are not shown were kept.", 0)
    for new, old in zip(ours, olds, strict=True):
        if old is not None and _is_unclear_overload(piece, new, old):
            plan.doubt(
                "overload_unsure", f"{new.name[:60]} may be a new version of the one with other types.", new.head
            )
    return plan


def _has_long_head(lines: Lines, member: Member | None = None) -> bool:
    """Whether a rule of a style sheet spreads its selectors over rows, which are no members."""
    rows = range(member.head, member.end) if member else range(lines.size)
    ends = (row for row in rows if lines.keys[row].endswith(","))
    return lines.ruled and any(row + 1 < lines.size and lines.indents[row + 1] == lines.indents[row] for row in ends)


def plan_member(piece: Piece) -> Plan | None:
    """The plan of members that the one class or block named above does not have: functions that another one has."""
    ruled = piece.original.ruled
    home = None
    if piece.bare and (only_adds(piece.edit) or not ruled):
        home = named_block(piece) if ruled else named_home(piece)
    ours = members_of(piece.lines, -1, piece.language, piece.gaps)
    if home is None or not ours or any(new.kind != "def" and not ruled for new in ours):
        return None
    groups = Groups(piece.original, piece.language)
    own = {each.name for each in groups.of(home).members}
    elsewhere = [piece.original.declaring(new.name.rsplit(".", 1)[-1].strip()) for new in ours]
    if any(new.name in own for new in ours) or not (ruled or (all(elsewhere) and home_of(piece, ours) == home)):
        return None
    together = Together(piece, groups, adds=True, overloads=False)
    together.insert_at(ours, groups.of(home).custom_place(ours[0]), home)
    plan = Plan(splices=together.splices(), siblings={new.name for new in ours})
    plan.signal("added_to")
    plan.doubt("place_guessed", "What is named has none of that name yet: it was added there.", ours[0].head)
    return plan


def _shows_classes(piece: Piece, ours: Sequence[Member]) -> bool:
    """Whether all that is shown are classes of the file, and nothing is said to go."""
    known = all(
        new.kind == "class" and piece.lines.keys[new.head] in piece.original.where and new.end > new.head + 1
        for new in ours
    )
    return known and bool(ours) and not takes_away(piece.edit) and piece.language not in STYLES


def _is_unclear_overload(piece: Piece, new: Member, old: Member) -> bool:
    """Whether nothing says that a function with other types stands beside the one of its name."""
    if says_overload(piece.edit) or are_siblings(piece.lines, new, piece.original, old, ""):
        return False
    return are_siblings(piece.lines, new, piece.original, old, piece.language)


def _is_part_of_root(piece: Piece) -> bool:
    """Whether the piece begins with the brace that the file begins with, and leaves members out."""
    lines, original = piece.lines, piece.original
    first, root = lines.solid[0], original.solid[0]
    code = [key for key, gap in zip(lines.keys, piece.gaps, strict=True) if not gap]
    if lines.keys[first] != "{" or original.keys[root] != "{" or balance(code):
        return False
    if not piece.bare:
        return True
    shown = {each.name for each in members_of(lines, first, piece.language, piece.gaps)}
    return any(each.name not in shown for each in members_of(original, root, piece.language))


def _join(piece: Piece, together: Together, new: Member, old: Member) -> bool:
    """Put one shown member together with the file's; False where it is no set of members, or a new version."""
    lines, original = piece.lines, piece.original
    if lines.keys[new.head : new.end] == original.keys[old.head : old.end]:
        return True
    if together.lists_fewer(new, old):
        return False
    if together.are_sets(new, old):
        is_root = lines.keys[new.head] == "{"  # of which lines of other objects say nothing
        if not (together.adds or is_root) and new.kind == "value" and _shows_most(piece, new, old):
            return False  # the whole of it, as it is to be
        together.join(new.head, old.head)
        return True
    if are_siblings(lines, new, original, old, "" if says_parameter(piece.edit) else piece.language):
        together.siblings.add(new.name)
        together.insert_at([new], _last_namesake(together.groups, old).end, original.parents[old.head])
        return True
    return new.kind == "value" and together.join_line(new, old)


def _shows_most(piece: Piece, new: Member, old: Member) -> bool:
    """Whether a list of the piece has most lines of the file's."""
    shown = set(piece.lines.keys[new.head : new.end])
    lines = [key for key in piece.original.keys[old.head + 1 : old.end] if key and not weighs_little(key)]
    return sum(key in shown for key in lines) * 2 > len(lines) > _FEW


def _counterparts(piece: Piece, groups: Groups, new: Member) -> list[Member]:
    """The members of the file that may be the one shown: the same name, in the scope that the prose speaks of, the
    least deep; of several functions of one name one that is it, else the last."""
    lines, original, language = piece.lines, piece.original, piece.language
    found = _namesakes(piece, groups, new)
    home = named_home(piece) if lines.indents[new.head] > 0 else None
    if home is not None:
        found = [each for each in found if original.parents[each.head] == home]
    if len(found) > 1 and new.end > new.head + 1:
        found = [each for each in found if each.end > each.head + 1] or found
    if len(found) > 1:
        ranges = prose.scopes(piece.edit, original)
        spoken = [each for each in found if any(low <= each.head < high for low, high in ranges)]
        found = spoken or found
        depth = lines.indents[new.head]
        if not any(original.indents[each.head] == depth for each in found):
            depth = min(original.indents[each.head] for each in found)
        found = [each for each in found if original.indents[each.head] == depth]
    if len(found) > 1 and new.kind == "def" and len({original.parents[each.head] for each in found}) == 1:
        same = [each for each in found if not are_siblings(lines, new, original, each, language)]
        return same[:1] or found[-1:]
    return found


def _namesakes(piece: Piece, groups: Groups, new: Member) -> list[Member]:
    original, language = piece.original, piece.language
    key = piece.lines.keys[new.head]
    if language in STYLES or key in original.where or "." in new.name or not new.name.isidentifier():
        rows = list(original.where.get(key, ()))
    else:
        rows = []
    if new.kind != "text":
        leaf = new.name.rsplit(".", 1)[-1].strip()
        rows = sorted({*rows, *original.declaring(leaf)})
    found = [_member_at(groups, row, key) for row in rows]
    return [each for each in found if _same_name(each, new) or original.keys[each.head] == key]


def _member_at(groups: Groups, row: int, key: str) -> Member:
    """The member that a row is the head of; an argument that spreads over rows is called by its first one."""
    held = groups.around(row).holder(row)
    if held is not None and held.head == row:
        return held
    return Member(row, row, groups.lines.ends[row], "value", key)


def _same_name(first: Member, second: Member) -> bool:
    return (first.kind, first.name) == (second.kind, second.name)


def _last_namesake(groups: Groups, old: Member) -> Member:
    """The last of the functions of one name in a row."""
    group = groups.around(old.head)
    index = group.index[old.start]
    while index + 1 < len(group.members) and _same_name(group.members[index + 1], old):
        index += 1
    return group.members[index]


def _place_new(piece: Piece, together: Together, ours: Sequence[Member], olds: Sequence[Member | None]) -> bool:
    """Members that the file does not have go beside the shown ones, or into the block that is theirs."""
    original = piece.original
    news = [new for new, old in zip(ours, olds, strict=True) if old is None]
    if not news:
        return True
    if len(news) < len(ours):
        for index, new in enumerate(ours):
            if olds[index] is not None:
                continue
            near = next((old for old in [*olds[:index][::-1], *olds[index + 1 :]] if old is not None), None)
            if near is None:
                return False
            above = any(old is not None for old in olds[:index])
            together.insert_at([new], near.end if above else near.start, original.parents[near.head])
        return True
    place = find_place(piece.edit, together.groups)
    if place is not None and not place.apart and not place.guessed and place.home >= 0:
        together.insert_at(news, place.row, place.home)
        return True
    home = home_of(piece, news)
    if home is None:
        return False
    group = together.groups.of(home)
    spoken = place_within(piece.edit, group)
    together.insert_at(news, spoken if spoken is not None else group.custom_place(news[0]), home)
    return True
