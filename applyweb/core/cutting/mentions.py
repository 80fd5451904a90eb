"""Answers whose prose names definitions that the change leaves alone: denied, later, elsewhere, by the way, asked
about. What they ask for is in their code only.

Must not know: how the code is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.cutting import words
from applyweb.core.cutting.answers import Cut, Told, paragraphs, plain
from applyweb.core.cutting.change import Change, leaf
from applyweb.core.cutting.draw import Draw
from applyweb.core.syntax import Definition

_NAME = re.compile(r"[A-Za-z_$][\w$]{2,40}")


def bystanders(change: Change) -> list[Definition]:
    """The functions and classes of the old text that no change touches, each known by its name alone."""
    new = {each.name for each in change.definitions}
    leafs = [leaf(each.name) for each in change.old_definitions]
    return [
        each
        for each in change.old_definitions
        if each.kind != "section"
        and each.name in new
        and leafs.count(leaf(each.name)) == 1
        and _NAME.fullmatch(leaf(each.name))
        and not any(_touches(span, each) for span in change.spans)
    ]


def _touches(span: tuple[int, int, int, int], definition: Definition) -> bool:
    low, high, *_ = span
    return (low < definition.end and high > definition.start) or low == high == definition.end


def mentioning(sayings: Sequence[str]) -> Told:
    """One or two of the sayings, right above the code, before it, or after it."""

    def style(change: Change, draw: Draw) -> Cut | None:
        others = bystanders(change)
        if len(others) < 2:
            return None
        code = plain(change, draw)
        if code is None:
            return None
        said = " ".join(_said(others, sayings, draw) for _ in range(draw.choice((1, 1, 2))))
        introduction, remark = draw.words(words.INTRODUCTIONS), draw.words(words.REMARKS)
        place = draw.choice(("above", "above", "before", "after"))
        if place == "above":
            introduction = f"{said} {introduction}".strip() if draw.happens(0.5) else f"{introduction} {said}".strip()
        elif place == "before":
            introduction = paragraphs(said, introduction).strip()
        else:
            remark = paragraphs(said, remark).strip() if draw.happens(0.5) else paragraphs(remark, said).strip()
        return Cut(paragraphs(introduction, code.code, remark), change.new_text, code.format, code.base)

    return style


def _said(others: Sequence[Definition], sayings: Sequence[str], draw: Draw) -> str:
    first, second = draw.sample(list(others), 2)
    members = [each for each in others if "." in each.name]
    saying = draw.words(sayings)
    if "{owner}" in saying and not members:
        saying = draw.words([each for each in sayings if "{owner}" not in each] or sayings)
    member = draw.choice(members) if members else first
    return saying.format(
        a=_called(first, draw),
        b=_called(second, draw),
        member=_called(member, draw, short=True),
        owner=leaf(member.name.rpartition(".")[0]) or leaf(second.name),
    )


def _called(definition: Definition, draw: Draw, *, short: bool = False) -> str:
    """A name as people write it: qualified or not, functions with or without brackets."""
    name = leaf(definition.name) if short or draw.happens(0.6) else definition.name
    return f"{name}()" if definition.kind == "function" and draw.happens(0.3) else name
