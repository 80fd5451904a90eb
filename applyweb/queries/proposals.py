"""Reading what was proposed anew, and the places in a file that it is for. Must not know: who writes it, pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from applyweb.core.anew import Place, place_of
from applyweb.core.parts import Parts, find, names, starts
from applyweb.core.text import split_lines
from applyweb.models import OPEN, Apply, Hunk, Proposal, User
from applyweb.queries.applies import Texts, own_chat, texts_of

Extent = tuple[int, int, int, int]  # Proposal.extent


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that an engine must know to propose other lines. `at` is the merged line (0-based) where the place
    begins; `chat` are the chat's lines for this file, and `asked` those that ask for the hunk, "" where none does."""

    place: Place
    at: int
    texts: Texts
    chat: str
    asked: str
    path: str
    language: str


def proposals_of(apply: Apply, person: User, keys: Collection[str] | None = None) -> dict[str, list[Proposal]]:
    """What `person` had proposed anew, by hunk key and in order: of all hunks of an apply, or of some."""
    rows = Proposal.objects.filter(hunk__apply=apply, person=person).select_related("hunk", "text")
    found: dict[str, list[Proposal]] = {}
    for row in rows if keys is None else rows.filter(hunk__key__in=keys):
        found.setdefault(row.hunk.key, []).append(row)
    return found


def find_proposal(apply: Apply, person: User, name: str, proposal_id: int) -> Proposal | None:
    """One that `person` asked for, of the hunk that `name` is or is a part of."""
    key = name.partition(".")[0]
    rows = Proposal.objects.filter(hunk__apply=apply, hunk__key=key, person=person)
    return rows.select_related("hunk", "text").filter(pk=proposal_id).first()


def person_id(proposal_id: int) -> int | None:
    """Who asked for it; None where it is gone."""
    return Proposal.objects.filter(pk=proposal_id).values_list("person_id", flat=True).first()


def is_open(proposal_id: int) -> bool:
    """Whether more may come of it."""
    return Proposal.objects.filter(pk=proposal_id, status__in=OPEN).exists()


def status_of(proposal_id: int) -> str:
    """ "" where there is none."""
    return Proposal.objects.filter(pk=proposal_id).values_list("status", flat=True).first() or ""


def open_proposal_ids() -> list[int]:
    """Those that a start of the server must take up again, oldest first."""
    return list(Proposal.objects.filter(status__in=OPEN).values_list("id", flat=True))


def extents(hunk_id: str, parts: Parts) -> dict[str, Extent]:
    """Where in the hunk each of its parts is, by name."""
    return {
        name: (*start, part.removed, part.added)
        for name, start, part in zip(names(hunk_id, parts), starts(parts), parts, strict=True)
    }


def extent_of(layout: Mapping[str, Parts], name: str) -> Extent | None:
    """Where the one part that `name` means is; None where it means several. Errors: core.parts.UnknownPart."""
    hunk_id, indexes = find(layout, name)
    return list(extents(hunk_id, layout[hunk_id]).values())[indexes[0]] if len(indexes) == 1 else None


def place_at(texts: Texts, hunk: Hunk, extent: Extent) -> Place:
    """The place of a part in its file."""
    removed_start, added_start, removed, added = extent
    old, new = hunk.old_start + removed_start, hunk.new_start + added_start
    lines = split_lines(texts.original), split_lines(texts.merged or "")
    return place_of(*lines, range(old, old + removed), range(new, new + added))


def asked(proposal: Proposal) -> Asked:
    """For a proposal with its hunk and the hunk's apply, and the apply's texts, loaded."""
    apply = proposal.hunk.apply
    texts = texts_of(apply)
    chat = own_chat(apply)
    lines = split_lines(chat)
    numbers: list[int] = apply.support.get("justified", {}).get(proposal.hunk.key, [])
    return Asked(
        place=place_at(texts, proposal.hunk, proposal.extent),
        at=proposal.hunk.new_start + proposal.added_start,
        texts=texts,
        chat=chat,
        asked="".join(lines[number - 1] for number in numbers),
        path=apply.path,
        language=apply.language,
    )
