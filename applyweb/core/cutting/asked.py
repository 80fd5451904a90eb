"""Answers whose prose asks for a part of the change that their code does not show: an import or a definition that goes,
a name that changes, a line that comes or goes.

Must not know: how the code is cut.
"""

from __future__ import annotations

import re

from applyweb.core.cutting import words
from applyweb.core.cutting.answers import Cut, Plain, Told, paragraphs, plain
from applyweb.core.cutting.change import Change, leaf
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.lines import bound_name, is_import

UNUSED = (
    "I dropped the unused `{a}` import.",
    "Remove the `{a}` import; nothing needs it any more.",
    "The import of `{a}` is gone.",
    "Also delete the import of `{a}`.",
    "`{a}` is no longer imported.",
    "You can delete the `{a}` import now.",
    "This makes the `{a}` import superfluous, so take it out.",
    "Get rid of the import of `{a}` as well.",
)
GONE = (
    "Remove `{a}`.",
    "I removed `{a}`, because nothing uses it.",
    "Also delete `{a}`.",
    "`{a}` is gone.",
    "`{a}` was no longer needed, so I dropped it.",
    "The old `{a}` goes away.",
    "Please delete `{a}` entirely.",
    "`{owner}` no longer has `{a}`.",
    "Drop `{a}` from `{owner}`.",
    "The file does without `{a}` from now on: delete it.",
    "This takes out `{a}`.",
    "`{a}` should be removed too.",
)
RENAMED = (
    "Rename `{a}` to `{b}` everywhere.",
    "`{a}` is now called `{b}`; rename it throughout the file.",
    "I renamed `{a}` to `{b}`.",
    "Change the name of `{a}` to `{b}` in the whole file.",
    "Replace every `{a}` with `{b}`.",
    "Use `{b}` instead of `{a}` in all places.",
)
REPLACED = (
    "Change `{a}` to `{b}`.",
    "Replace `{a}` with `{b}`.",
    "Also, `{a}` should be `{b}`.",
    "The line `{a}` becomes `{b}`.",
    "Instead of `{a}`, write `{b}`.",
    "Where it says `{a}`, it has to say `{b}`.",
)
ADDED = (
    "Add `{b}` right after `{a}`.",
    "Below `{a}`, add the line `{b}`.",
    "After `{a}` comes a new line: `{b}`.",
    "You also need `{b}`, directly after `{a}`.",
    "Insert `{b}` below `{a}`.",
    "Put `{b}` under `{a}`.",
)
DROPPED = (
    "Remove the line `{a}`.",
    "Also delete `{a}`.",
    "`{a}` is not needed any more; take it out.",
    "Drop `{a}`.",
    "I removed `{a}`.",
    "The line `{a}` goes.",
)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")


def _apart(change: Change, index: int, draw: Draw) -> Plain | None:
    """The code of all other changes; None where it shows lines around this one."""
    rest = change.only([at for at in range(len(change.spans)) if at != index])
    code = plain(rest, draw, patches=False) if rest.spans else None
    if code is None:
        return None
    low, high, *_ = change.spans[index]
    shown = {line.strip() for line in code.code.split("\n")}
    near = {line.strip() for line in change.old[max(0, low - 1) : high + 1] if change.is_telling(line)}
    return None if near & shown else code


def _joined(change: Change, code: Plain, said: str, draw: Draw) -> Cut:
    place = draw.choice(("above", "before", "after"))
    introduction, remark = draw.words(words.INTRODUCTIONS), draw.words(words.REMARKS)
    parts = {
        "above": (f"{said} {introduction}".strip(), code.code, remark),
        "before": (said, introduction, code.code, remark),
        "after": (introduction, code.code, said, remark),
    }
    return Cut(paragraphs(*parts[place]), change.new_text, code.format, code.base)


def _one_span(told: Told) -> Told:
    """`told` of each change of a file that has more."""

    def style(change: Change, draw: Draw) -> Cut | None:
        return told(change, draw) if len(change.spans) > 1 and not change.cuts_an_edge else None

    return style


def _unused(change: Change, draw: Draw) -> Cut | None:
    for index, (low, high, start, end) in enumerate(change.spans):
        gone = [line for line in change.old[low:high] if line.strip()]
        if start != end or len(gone) != 1 or not is_import(gone[0], change.language):
            continue
        name = bound_name(gone[0])
        lines = [line for line in (*change.old, *change.new) if is_import(line, change.language)]
        if not name or sum(name in _WORD.findall(line) for line in lines) != 1:
            continue
        apart = _apart(change, index, draw)
        if apart:
            return _joined(change, apart, draw.words(UNUSED).format(a=name), draw)
    return None


def _gone(change: Change, draw: Draw) -> Cut | None:
    names = [leaf(each.name) for each in change.old_definitions]
    kept = set(_WORD.findall(change.new_text))
    for index, (low, high, start, end) in enumerate(change.spans):
        rows = [row for row in range(low, high) if change.old[row].strip()]
        if start != end or not rows:
            continue
        whole = [
            e for e in change.old_definitions if (e.start, e.end) == (rows[0], rows[-1] + 1) and e.kind != "section"
        ]
        if not whole or not _WORD.fullmatch(leaf(whole[0].name)):
            continue
        if leaf(whole[0].name) in kept or names.count(leaf(whole[0].name)) != 1:
            continue
        apart = _apart(change, index, draw)
        if apart:
            owner, own = whole[0].name.rpartition(".")[0], leaf(whole[0].name)
            said = draw.words([each for each in GONE if owner or "{owner}" not in each])
            told = own if "{owner}" in said or not owner or draw.happens(0.4) else f"{leaf(owner)}.{own}"
            return _joined(change, apart, said.format(a=told, owner=leaf(owner)), draw)
    return None


def _renamed(change: Change, draw: Draw) -> Cut | None:
    """A name that has another one in every line that changes but for those of one change, which the code shows."""
    pairs: dict[tuple[str, str], list[int]] = {}
    for index, span in enumerate(change.spans):
        pair = _other_name(change, span)
        if pair is not None:
            pairs.setdefault(pair, []).append(index)
    old_words = _WORD.findall(change.old_text)
    new_words = set(_WORD.findall(change.new_text))
    for (before, after), spans in pairs.items():
        if before in new_words or after in old_words or len(spans) < 2 or old_words.count(before) < 2:
            continue
        shown = [index for index in range(len(change.spans)) if index not in spans]
        shown = shown or [draw.choice(spans)]
        rest = change.only(shown)
        code = plain(rest, draw, patches=False)
        if code is None or (before in _WORD.findall(code.code)):
            continue
        return _joined(change, code, draw.words(RENAMED).format(a=before, b=after), draw)
    return None


def _other_name(change: Change, span: tuple[int, int, int, int]) -> tuple[str, str] | None:
    """The one name that a change replaces with another, if it does nothing else."""
    low, high, start, end = span
    before, after = "\n".join(change.old[low:high]), "\n".join(change.new[start:end])
    old, new = _WORD.findall(before), _WORD.findall(after)
    found = {(a, b) for a, b in zip(old, new, strict=False) if a != b}
    if len(old) != len(new) or len(found) != 1:
        return None
    a, b = found.pop()
    return (a, b) if re.sub(rf"(?<![\w$]){re.escape(a)}(?![\w$])", lambda _: b, before) == after else None


def _line(change: Change, draw: Draw) -> Cut | None:
    """One line that comes, goes or becomes another one, told by its text."""
    for index in draw.sample(range(len(change.spans)), len(change.spans)):
        low, high, start, end = change.spans[index]
        old, new = ([line.strip() for line in lines] for lines in (change.old[low:high], change.new[start:end]))
        above = change.old[low - 1].strip() if low else ""
        told = [*old, *new, *([] if old else [above])]
        if len(old) > 1 or len(new) > 1 or any("`" in line or not 6 <= len(line) <= 70 for line in told):
            continue
        if not all(change.is_telling(line) for line in (old or [above])):
            continue
        if not old and (low == 0 or change.old[low - 1][: -len(above)] != change.new[start][: -len(new[0])]):
            continue
        apart = _apart(change, index, draw)
        if apart:
            texts = REPLACED if old and new else DROPPED if old else ADDED
            said = draw.words(texts).format(a=old[0] if old else above, b=new[0] if new else "")
            return _joined(change, apart, said, draw)
    return None


unused_import = _one_span(_unused)
gone_definition = _one_span(_gone)
other_name = _one_span(_renamed)
one_line = _one_span(_line)
