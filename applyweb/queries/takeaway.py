"""What is taken away of a changeset: one patch, one archive. Must not know: who decided, where it is sent.

Paths come from people and from answers; a changeset holds only such as stay inside of their folder.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

from applyweb.core.decisions import unified_patch
from applyweb.queries.changesets import ChangesetState, ResolvedFile

_LONGEST_COMMENT = 65_535  # bytes
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive


def patch_of(state: ChangesetState, files: Sequence[ResolvedFile]) -> str:
    """A patch over all files that `git apply` and `patch -p1` take. What is still undecided, or has no result, stands
    above it in lines that both pass over."""
    remarks = [f"# {remark}\n" for remark in not_in(state, files)]
    return "".join([*remarks, *(unified_patch(file.path, file.original, file.text) for file in files)])


def archive_of(state: ChangesetState, files: Sequence[ResolvedFile]) -> bytes:
    """A zip of the files that changed, each under its path. Its comment, which `unzip` prints, tells what is still
    undecided, or has no result."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = "\n".join(not_in(state, files)).encode("utf-8")[:_LONGEST_COMMENT]
        for file in files:
            if file.is_changed:
                entry = zipfile.ZipInfo(file.path, _EPOCH)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.text.encode("utf-8"))
    return held.getvalue()


def not_in(state: ChangesetState, files: Sequence[ResolvedFile]) -> Iterator[str]:
    """Sentences about what a patch or an archive lacks."""
    for file in files:
        if file.undecided:
            hunks = "1 hunk is" if file.undecided == 1 else f"{file.undecided} hunks are"
            yield f"{file.path}: {hunks} undecided and not in here."
    for row in state.fallen:
        yield f"{row.path}: {row.status}, not in here."
