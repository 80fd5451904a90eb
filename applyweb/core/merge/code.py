"""A piece of plain code -> a plan: which reading it calls for, and that reading's splices.

Readings: a whole file; a view of the file with its gaps marked; bare definitions, each for its namesake; new code
that only prose or its own kind places. Must not know: patch formats, other edits of the answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import log1p

from applyweb.core.chat import Edit
from applyweb.core.chat.names import in_first_comment
from applyweb.core.merge import prose, requests
from applyweb.core.merge.adding import plan_added, plan_member
from applyweb.core.merge.align import Aligner, Alignment, Bonus
from applyweb.core.merge.asks import may_add, only_adds
from applyweb.core.merge.bindings import loose_names
from applyweb.core.merge.documents import Target, targets_of
from applyweb.core.merge.fill import Filler
from applyweb.core.merge.groups import Groups
from applyweb.core.merge.import_order import top_of
from applyweb.core.merge.imports import statement_end
from applyweb.core.merge.leads import ImportPlan, imports_end, lead_of
from applyweb.core.merge.lines import Lines, Owners, lines_of, weighs_little
from applyweb.core.merge.markers import find_markers
from applyweb.core.merge.piece import Piece
from applyweb.core.merge.plan import Plan, Splice
from applyweb.core.merge.preamble import is_preamble
from applyweb.core.merge.rules import shows_rules
from applyweb.core.merge.scene import Reading, Scene
from applyweb.core.merge.signatures import written_out
from applyweb.core.merge.spots import find_place
from applyweb.core.merge.unanchored import plan_unanchored, put_at
from applyweb.core.merge.work import Work

_WIDE = 3.0  # a second place this much worse is no rival
_SLACK = 1  # lines at an edge that a piece may drop which shows nearly all others
_NUMBERED = re.compile(r"[ \t]*(\d{1,6})(?:[|:.)]|[ \t]?[|\u2502\u2192]|(?=[ \t])|$)[ \t]?")
_FAR = 100  # lines from the edge of a file; farther ones are not at it


def plan_code(edit: Edit, original: Lines, language: str, cursor: int, work: Work) -> Plan:
    """The best plan for this piece; `placed` is False where it found no place."""
    edit = _without_line_numbers(_without_name_comment(edit, original), original)
    texts = edit.code.split("\n")
    while texts and not texts[-1].strip():
        texts.pop()
    while texts and not texts[0].strip():
        texts.pop(0)
    texts = written_out(texts, original, language)
    lines = lines_of(texts, language)
    gaps = find_markers(lines, original.where)
    if not original.solid:
        return _new_file(edit, lines, gaps, original)
    if language == "yaml" and (targets := targets_of(lines, original)):
        return _plan_documents(edit, lines, original, targets, work)
    piece = Piece(edit, lines, gaps, original, language, cursor, work)
    unshown: list[str] = []
    if not any(gaps) and _is_whole_file(edit, lines, original) and not _adds_to_more(piece):
        unshown = _unshown(edit, lines, original)
        used = _used_unshown(lines, original)
        if not used and (not unshown or not (_begins_with_definition(piece) or _shows_some_rules(piece))):
            return _whole_file(lines, original, unshown)
    plan = _plan_parts(piece) or _plan_piece(piece)
    if unshown:
        plan.doubt("definitions_kept", f"The code spans the file without {', '.join(unshown)[:120]}: kept.", 0)
    return plan


def _plan_documents(edit: Edit, lines: Lines, original: Lines, targets: Sequence[Target], work: Work) -> Plan:
    """The plan for documents of a YAML file of several; new ones go to the end."""
    plan = Plan()
    new: list[str] = []
    for target in targets:
        texts = lines.texts[target.first : target.last]
        if target.start == target.end:
            new += ["---", *texts]
            continue
        part = replace(edit, code="\n".join(texts), start=edit.start + target.first)
        inner = plan_code(part, lines_of(original.texts[target.start : target.end], "yaml"), "yaml", 0, work)
        inner.shift(target.first)
        plan.add(inner.moved(target.start))
    if new:
        plan.splices.append(Splice(original.size, original.size, tuple(new), targets[-1].first))
    return plan


def _begins_with_definition(piece: Piece) -> bool:
    """Whether a function or class comes first, imports aside: what one shows of a file that one does not show whole."""
    lines = piece.lines
    lead = lead_of(lines, piece.gaps, piece.original, piece.language)
    first = next((row for row in lines.solid if lead is None or row >= lead.end), lines.solid[0])
    return lines.name(first)[0] in ("def", "class")


def _shows_some_rules(piece: Piece) -> bool:
    """Whether it is whole blocks of a language of blocks, and lacks more of the file than one takes out."""
    known = piece.original.shared_once_with(piece.lines)
    return shows_rules(piece.lines, 0) and known * 4 < 3 * len(piece.original.solid)


def _plan_parts(piece: Piece) -> Plan | None:
    """The imports that lead a piece apart from what follows them; None where they are better read together."""
    lead = lead_of(piece.lines, piece.gaps, piece.original, piece.language)
    if lead is None:
        return None
    imports = ImportPlan(lead, piece.lines, piece.original, piece.language)
    if imports.stands and not piece.bare:
        return None  # a view of the file, whose imports it shows
    rest = piece.below(lead.end)
    if not rest.lines.solid:
        plan = _plan_lone_imports(piece, imports)
        if plan is None or plan.splices:
            return plan
    elif not imports.stands or imports.narrows or rest.stands_behind_definitions():
        plan = _plan_piece(rest, imports.end)
        if not plan.placed:
            return None if imports.stands else plan
        plan.shift(lead.end)
    else:
        return None
    before, after = imports.words_around(plan)
    splices = imports.splices(before.__contains__, after.__contains__)
    if not rest.lines.solid and not splices:
        return None
    plan.splices.extend(splices)
    if plan.overlaps:
        return None
    plan.signal("imports_apart")
    if imports.rebound:
        message = f"{imports.rebound[0][:60]} was imported from elsewhere; that import went."
        plan.doubt("import_rebound", message, 0)
    return plan


def _plan_lone_imports(piece: Piece, imports: ImportPlan) -> Plan | None:
    """The plan of imports alone that the words above put beside a line, an empty plan for those that are to join the
    file's; None where they are better read otherwise."""
    groups = Groups(piece.original, piece.language)
    place = find_place(piece.edit, groups)
    said = place is not None and place.row >= 0 and not (place.apart or place.guessed)
    stands = imports.stands_as_deep if said and piece.language != "go" else imports.stands
    if (stands or imports.narrows or not may_add(piece.edit)) and not only_adds(piece.edit):
        return None
    plan = Plan()
    if place is not None and said and not imports.joins:
        put_at(piece, groups, place, plan)
    return plan


def _plan_piece(piece: Piece, start: int = 0) -> Plan:
    """The plan of one reading; `start`: what stands above this row of the file is shown apart."""
    added = plan_added(piece) or plan_member(piece)
    if added is not None and "members_alone" not in added.signals:
        return added
    edit, lines, gaps, original = piece.edit, piece.lines, piece.gaps, piece.original
    bonus = _bonus(prose.scopes(edit, original), piece.cursor)
    alignment = Aligner(lines, gaps, original, bonus=bonus, work=piece.work).align()
    if not alignment.pairs or (not any(gaps) and _is_chance(edit, lines, alignment)):
        return plan_unanchored(piece)
    reading = Reading(
        min(start, alignment.pairs[0].at),
        original.size,
        bare=not any(gaps),
        removes=prose.asks_removal(edit.before + edit.after),
        work=piece.work,
    )
    plan = _aligned(lines, gaps, original, alignment, reading)
    _bring_below_the_top(plan, original, piece.language)
    if added is None or added.removes_less_than(plan, original.solid):
        return added or plan
    if plan.removes_less_than(added, original.solid):
        return plan
    added.doubts = [doubt for doubt in added.doubts if doubt[0] != "members_kept"]  # nothing would go either way
    return added


def _without_name_comment(edit: Edit, original: Lines) -> Edit:
    """A first comment line that only names the file is no code, unless the file itself begins so."""
    first, _, rest = edit.code.partition("\n")
    if not in_first_comment(edit.code) or not rest or first.strip() in original.where:
        return edit
    return replace(edit, code=rest, start=edit.start + 1)


def _without_line_numbers(edit: Edit, original: Lines) -> Edit:
    """Code of which each line begins with its number, as a listing shows it, is that code."""
    rows = edit.code.split("\n")
    numbered = [_NUMBERED.match(row) for row in rows if row.strip()]
    numbers = [int(found[1]) for found in numbered if found]
    if len(numbers) != len(numbered) or len(numbers) < 2:
        return edit
    plain = [_NUMBERED.sub("", row, count=1) for row in rows]
    steps = {second - first for first, second in pairwise(numbers)}
    known = any(row.strip() in original.where and not weighs_little(row.strip()) for row in plain)
    if steps != {1} or not known or any(row.strip() in original.where for row in rows if row.strip()):
        return edit  # numbers of its own
    return replace(edit, code="\n".join(plain))


def _new_file(edit: Edit, lines: Lines, gaps: Sequence[int], original: Lines) -> Plan:
    plan = Plan(whole=True)
    texts = tuple(text for text, gap in zip(lines.texts, gaps, strict=True) if not gap)
    plan.splices.append(Splice(0, original.size, texts))
    if not edit.fenced:
        plan.doubt("unfenced", "The answer was taken as the new file's text as it is.", 0)
    if any(gaps):
        plan.doubt(
            "marker_in_new_file", "The code leaves parts out, but the file is empty.", list(gaps).index(max(gaps))
        )
    return plan


def _is_whole_file(edit: Edit, lines: Lines, original: Lines) -> bool:
    """No marker, and either both ends of the file are shown and most of it between, or the prose says so."""
    if prose.asks_whole_file(edit):
        return True
    shared, known = lines.shared_with(original), original.shared_with(lines)
    if lines.indents[lines.solid[0]] != original.indents[original.solid[0]] or not shared:
        return False
    slack = _SLACK if known * 10 >= 9 * len(original.solid) else 0
    starts = _at_edge(lines, original, lines.solid, _statements(original), slack)
    ends = _at_edge(lines, original, lines.solid[::-1], original.solid[::-1], slack)
    total = len(original.solid)
    repeated = known - original.shared_once_with(lines)  # the file has them more often: blocks like a shown one
    return starts and ends and known * 2 >= total and repeated * 5 < total


def _statements(lines: Lines) -> list[int]:
    """The first lines that are not blank, of imports the first of each: how many lines one takes says nothing."""
    found: list[int] = []
    end = 0
    for row in lines.solid:
        if len(found) > _FAR:
            break
        if row >= end:
            found.append(row)
            end = statement_end(lines, row)
    return found


def _adds_to_more(piece: Piece) -> bool:
    """Whether a piece that spans the file only adds, and yet leaves much of the file out: it names what it adds to."""
    known = piece.original.shared_with(piece.lines)
    nearly = known * 10 >= 9 * len(piece.original.solid)
    return not nearly and only_adds(piece.edit) and not prose.asks_whole_file(piece.edit)


def _at_edge(lines: Lines, original: Lines, rows: list[int], ats: list[int], slack: int) -> bool:
    """Whether the piece reaches the edge of the file from which both lists of rows start: the first line of it that the
    file has is there, or stands behind no more lines that are not shown than the piece has new ones."""
    ranks = {at: rank for rank, at in enumerate(ats[:_FAR])}
    new = 0
    for index, row in enumerate(rows[:40]):
        key = lines.keys[row]
        places = original.where.get(key, ())
        if not places or weighs_little(key):
            new += not places
            continue
        nearest = min(ranks.get(at, _FAR) for at in (places[0], places[-1]))  # ranks rise or fall along the file
        return nearest - (index - new) <= new + slack
    return False


def _unshown(edit: Edit, lines: Lines, original: Lines) -> list[str]:
    """The functions and classes of the file that a piece which spans it does not show, and that the prose does not
    take away: they are either gone or merely left out."""
    if prose.asks_whole_file(edit):
        return []
    said = [removal.name for removal in requests.removals(edit.before + "\n" + edit.after)]
    shown = set(Owners(lines).all())
    unshown = [name for name in Owners(original).all() if name not in shown and name not in said]
    return unshown or ([] if said else _blocks_unshown(lines, original))


def _blocks_unshown(lines: Lines, original: Lines) -> list[str]:
    """The heads of outermost blocks that have no name (a rule, a resource), and of what stands right in them in a
    language of blocks, that a piece with fewer such does not show."""
    ours, theirs = (Counter(text.keys[row] for row in _heads(text)) for text in (lines, original))
    return [key.rstrip("{: ") for key in theirs - ours] if ours.total() < theirs.total() else []


def _heads(lines: Lines) -> Iterator[int]:
    outermost = (row for row in lines.solid if lines.indents[row] == 0 and lines.keys[row].endswith(" {"))
    yield from (row for row in outermost if statement_end(lines, row) == row)  # no import
    if lines.ruled:
        opening = (row for row in lines.solid if lines.keys[row].endswith(":") and lines.ends[row] > row + 1)
        yield from (row for row in opening if lines.parents[row] < 0 or lines.parents[lines.parents[row]] < 0)


def _used_unshown(lines: Lines, original: Lines) -> list[str]:
    """The names that the piece uses and that only code of the file declares which it does not show, imports aside."""
    unshown = (at for at in original.solid if original.indents[at] == 0 and original.keys[at] not in lines.where)
    gone = [original.keys[at] for at in unshown if original.name(at)[0] != "import"]
    return loose_names("\n".join(lines.texts), gone)


def _whole_file(lines: Lines, original: Lines, unshown: list[str]) -> Plan:
    plan = Plan(whole=True)
    plan.signal("whole")
    if lines.shared_with(original) * 4 < len(lines.solid):
        plan.doubt("rewritten", "Read as the whole file, of which hardly a line stays.", 0)
    if unshown:
        plan.doubt("definitions_dropped", f"Read as the whole file, which drops {', '.join(unshown)[:120]}.", 0)
    first = next((original.where[lines.keys[row]][0] for row in lines.solid if lines.keys[row] in original.where), 0)
    kept = first if lines.name(lines.solid[0])[0] == "import" and is_preamble(original, range(first)) else 0
    plan.splices.append(Splice(kept, original.size, tuple(lines.texts)))
    return plan


def _bonus(ranges: list[tuple[int, int]], cursor: int) -> Bonus:
    """Rows that the prose names are likelier; after them, rows below the edit before."""

    def bonus(at: int) -> float:
        inside = 0.5 if any(low <= at < high for low, high in ranges) else 0.0
        return inside + (0.01 if at >= cursor else 0.0)

    return bonus


def _aligned(lines: Lines, gaps: Sequence[int], original: Lines, alignment: Alignment, reading: Reading) -> Plan:
    plan = Filler(Scene(lines, gaps, original, alignment.pairs, reading)).plan_splices()
    for row in alignment.ambiguous:
        plan.doubt("ambiguous_place", "Its lines would fit in another place almost as well.", row)
    if alignment.margin < _WIDE:
        plan.signal("close_second", _WIDE - alignment.margin)
    plan.signal("thin_pieces", log1p(alignment.thin))
    plan.signal("renamed_lines", log1p(sum(not pair.same for pair in alignment.pairs)))
    plan.signal("pieces", log1p(sum(map(bool, gaps))))
    plan.signal("bare" if reading.bare else "view")
    return plan


def _bring_below_the_top(plan: Plan, original: Lines, language: str) -> None:
    """New imports that a marker below them would put above what has to stand first go to the others."""
    if original.name(original.solid[0])[0] == "import":
        return
    top = imports_end(original, language) or top_of(original, language)
    for index, splice in enumerate(plan.splices):
        if splice.start or splice.end or not top:
            continue
        new = lines_of([text for text in splice.texts if text.strip()], language)
        if new.solid and all(new.name(row)[0] == "import" for row in new.solid):
            apart = [""] if original.keys[top - 1] and original.name(top - 1)[0] != "import" else []
            plan.splices[index] = Splice(top, top, (*apart, *new.texts), splice.row)
            if plan.overlaps:
                plan.splices[index] = splice


def _is_chance(edit: Edit, lines: Lines, alignment: Alignment) -> bool:
    """Whether what a piece shares with the file says nothing: hardly anything of it and no line of its outermost level,
    or, of one that adds, brackets alone."""
    telling = [pair for pair in alignment.pairs if lines.name(pair.row)[0] or not weighs_little(lines.keys[pair.row])]
    if any(lines.parents[pair.row] < 0 for pair in telling):
        return False
    return len(alignment.pairs) * 4 < len(lines.solid) or (not telling and only_adds(edit))
