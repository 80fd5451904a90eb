"""The files of a changeset as words and symbols: for its own page, and for the desk of one of them.

Must not know: requests, how files are read or counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applyweb.models import Apply, User
from applyweb.queries.changesets import ChangesetState, FileRow, changeset_state, find_changeset
from applyweb.web.pages.apply_rows import flag_words, state_words

_WHY = {
    "missing": "was not given, and the answer changes what it holds",
    "deleted": "is to be deleted, which is not done here",
    "unsafe": "would be written outside of the folder",
    "unwanted": "was not wanted",
    "dropped": "is for no file, as you said",
}


@dataclass(frozen=True, slots=True)
class SetRow:
    """One file. `symbol` and `state` are its disc, `flag` is what to look at; `where` is its place from 1 on. `short`
    is its name, with the folder where another file has the same one."""

    file: FileRow
    where: int
    folder: str
    name: str
    short: str
    state: str
    state_words: str
    symbol: str
    flag: str
    flag_icon: str
    flag_words: str

    @property
    def decided(self) -> int:
        return self.file.counts.total - self.file.counts.pending


@dataclass(frozen=True, slots=True)
class SetView:
    """What the changeset's page shows of it, and what changes while one looks."""

    id: str
    state: ChangesetState
    rows: tuple[SetRow, ...]
    left_out: tuple[str, ...]

    @property
    def decided(self) -> int:
        return self.state.counts.total - self.state.counts.pending

    @property
    def open_files(self) -> int:
        return sum(row.file.is_open for row in self.rows)

    @property
    def undecided_files(self) -> int:
        return sum(row.file.counts.pending > 0 for row in self.rows)

    @property
    def next(self) -> SetRow | None:
        """The first file with anything left to decide."""
        return next((row for row in self.rows if row.file.counts.pending), None)


@dataclass(frozen=True, slots=True)
class FileNav:
    """The files around one of them, for its desk. `others_decided` and `others_total` count the hunks of all others."""

    id: str
    rows: tuple[SetRow, ...]
    here: SetRow
    previous: SetRow | None
    next: SetRow | None
    others_decided: int
    others_total: int

    @property
    def decided(self) -> int:
        return self.others_decided + self.here.decided

    @property
    def total(self) -> int:
        return self.others_total + self.here.file.counts.total


def set_view(state: ChangesetState, left_out: Sequence[Mapping[str, Any]]) -> SetView:
    """The page's value."""
    return SetView(state.id, state, _rows(state), tuple(_sentence(each) for each in left_out))


def file_nav(apply: Apply, person: User) -> FileNav | None:
    """The files around an apply; None where it is in no changeset."""
    changeset = find_changeset(person, apply.changeset_id) if apply.changeset_id else None
    if changeset is None:
        return None
    rows = _rows(changeset_state(changeset, person))
    at = next((index for index, row in enumerate(rows) if row.file.id == apply.id), None)
    if at is None:  # a new version has taken its place since it was read
        return None
    others = [row for row in rows if row.file.id != apply.id]
    return FileNav(
        id=changeset.id,
        rows=rows,
        here=rows[at],
        previous=rows[at - 1] if at else None,
        next=rows[at + 1] if at + 1 < len(rows) else None,
        others_decided=sum(row.decided for row in others),
        others_total=sum(row.file.counts.total for row in others),
    )


def _rows(state: ChangesetState) -> tuple[SetRow, ...]:
    names = Counter(file.path.rpartition("/")[2] for file in state.files)
    return tuple(_row(file, where, names) for where, file in enumerate(state.files, 1))


def _row(file: FileRow, where: int, names: Mapping[str, int]) -> SetRow:
    folder, slash, name = file.path.rpartition("/")
    counts = file.counts
    disc, words, symbol = state_words(file.status, counts.total, counts.accepted, counts.rejected)
    flag, icon, said = flag_words(file.status, file.confidence)
    short = name if names[name] == 1 else file.path
    return SetRow(file, where, folder + slash, name, short, disc, words, symbol, flag, icon, said)


def _sentence(left_out: Mapping[str, Any]) -> str:
    lines = ", ".join(str(line) for line in left_out["lines"])
    where = f" (chat line{'s' if len(left_out['lines']) > 1 else ''} {lines})" if lines else ""
    return f"{left_out['path'] or 'Code'} {_WHY[left_out['kind']]}{where}."
