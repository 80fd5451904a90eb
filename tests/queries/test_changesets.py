"""What a changeset comes to: its rows, its patch, its archive."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applyweb.actions.applies import begin_attempt, fail_apply
from applyweb.actions.changesets import Original, create_changeset
from applyweb.actions.reviews import Lines, decide_all, decide_hunk, decide_lines, write_hunk
from applyweb.core.merge import merge
from applyweb.models import Changeset, User
from applyweb.queries.applies import own_chat
from applyweb.queries.changesets import changeset_state, find_changeset, resolved_files
from applyweb.queries.takeaway import archive_of, patch_of
from tests.factories import finish, make_person, many_files

pytestmark = pytest.mark.django_db

NEW = "### src/new.py\n\n```python\nn = 1\n```\n"


def merged(person: User, count: int = 2, more: str = "") -> Changeset:
    """A changeset whose files are finished, as the merge has them."""
    files, chat = many_files(count)
    originals = [Original(*file) for file in files]
    changeset = create_changeset(person, originals=originals, chat=chat + more, engine="embedded")
    for apply in changeset.applies.order_by("position"):
        begun = begin_attempt(apply.id)
        assert begun is not None
        finish(begun, merge(apply.original.text, own_chat(apply), path=apply.path).text)
    return changeset


def write(folder: Path, count: int) -> None:
    for path, text in many_files(count)[0]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_fifty_files_take_as_many_queries_as_one() -> None:
    person, noor = make_person(), make_person("noor")
    counts = []
    for owner, files in ((person, 1), (noor, 50)):
        changeset = merged(owner, files)
        for apply in changeset.applies.all():
            decide_all(apply, owner, "accepted")
        with CaptureQueriesContext(connection) as asked:
            state = changeset_state(changeset, owner)
            resolved = resolved_files(changeset, owner)
        assert (len(state.files), len(resolved)) == (files, files)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_rows_count_lines_and_the_persons_own_decisions() -> None:
    mira, noor = make_person(), make_person("noor")
    changeset = merged(mira, 2, NEW)
    first, _, new = changeset.applies.order_by("position")
    keys = [hunk.key for hunk in first.hunks.all()]
    decide_hunk(first, mira, keys[1], "accepted")
    decide_all(new, mira, "rejected")
    decide_all(first, noor, "rejected")

    state = changeset_state(changeset, mira)
    assert [(row.path, row.is_new, row.added, row.removed) for row in state.files] == [
        ("src/part_0.py", False, 2, 2),
        ("src/part_1.py", False, 2, 2),
        ("src/new.py", True, 1, 0),
    ]
    assert [(row.counts.total, row.counts.accepted, row.counts.pending) for row in state.files] == [
        (2, 1, 1),
        (2, 0, 2),
        (1, 0, 0),
    ]
    assert (state.counts.total, state.counts.accepted, state.counts.rejected, state.counts.pending) == (5, 1, 1, 3)


def test_the_patch_of_all_files_is_taken_by_git_and_holds_what_is_accepted(tmp_path: Path) -> None:
    person = make_person()
    changeset = merged(person, 3, NEW)
    first, second, third, new = changeset.applies.order_by("position")
    decide_hunk(first, person, first.hunks.all()[1].key, "accepted")
    decide_all(second, person, "accepted")
    decide_all(third, person, "rejected")
    decide_all(new, person, "accepted")
    patch = patch_of(changeset_state(changeset, person), resolved_files(changeset, person))

    assert patch.startswith("# src/part_0.py: 1 hunk is undecided and not in here.\ndiff --git ")
    assert "--- /dev/null\n+++ b/src/new.py\n" in patch
    assert "src/part_2.py" not in patch
    for command in (["git", "apply", "-"], ["patch", "-p1", "-s"]):
        folder = tmp_path / command[0]
        folder.mkdir()
        write(folder, 3)
        subprocess.run(command, cwd=folder, input=patch.encode(), check=True)
        files = dict(many_files(3)[0])
        assert tree(folder) == {
            "src/new.py": "n = 1\n",
            "src/part_0.py": files["src/part_0.py"].replace("def two():\n    return a", "def two():\n    return a + 1"),
            "src/part_1.py": second.merged.text
            if second.merged
            else merge(second.original.text, own_chat(second)).text,
            "src/part_2.py": files["src/part_2.py"],
        }


def test_parts_and_lines_of_ones_own_are_in_the_result() -> None:
    person = make_person()
    changeset = merged(person, 1)
    apply = changeset.applies.get()
    one, two = apply.hunks.all()
    decide_lines(apply, person, one.key, Lines(range(0, 1), range(0, 0)), "rejected")
    write_hunk(apply, person, two.key, "    return 7\n")
    (file,) = resolved_files(changeset, person)
    assert "def two():\n    return 7\n" in file.text
    assert file.undecided == 1


def test_undecided_hunks_can_be_taken_as_accepted() -> None:
    person = make_person()
    changeset = merged(person, 1)
    state = changeset_state(changeset, person)
    assert patch_of(state, resolved_files(changeset, person)).count("diff --git") == 0
    patch = patch_of(state, resolved_files(changeset, person, "accepted"))
    assert patch.startswith("diff --git ")


def test_the_archive_holds_the_files_that_changed() -> None:
    person = make_person()
    changeset = merged(person, 2, NEW)
    for apply in changeset.applies.order_by("position")[1:]:
        decide_all(apply, person, "accepted")
    state = changeset_state(changeset, person)
    data = archive_of(state, resolved_files(changeset, person))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["src/part_1.py", "src/new.py"]
        assert archive.read("src/new.py") == b"n = 1\n"
        assert b"a + 1" in archive.read("src/part_1.py")
        assert archive.comment == b"src/part_0.py: 2 hunks are undecided and not in here."
    assert data == archive_of(state, resolved_files(changeset, person))


def test_a_file_without_a_result_is_told_and_left_out() -> None:
    person = make_person()
    files, chat = many_files(2)
    changeset = create_changeset(person, originals=[Original(*file) for file in files], chat=chat, engine="embedded")
    first, second = changeset.applies.order_by("position")
    assert changeset_state(changeset, person).is_open
    for apply in (first, second):
        begun = begin_attempt(apply.id)
        assert begun is not None
        if apply == first:
            fail_apply(apply.id, 1, code="x", message="It broke.", events=[])
        else:
            finish(begun, merge(apply.original.text, own_chat(apply)).text)
    decide_all(second := changeset.applies.get(pk=second.pk), person, "accepted")
    state = changeset_state(changeset, person)
    assert (state.is_open, [row.error for row in state.fallen]) == (False, ["It broke."])
    patch = patch_of(state, resolved_files(changeset, person))
    assert patch.startswith("# src/part_0.py: failed, not in here.\ndiff --git a/src/part_1.py")


def test_nobody_sees_anothers_changeset() -> None:
    changeset = merged(make_person())
    assert find_changeset(make_person("noor"), changeset.id) is None
