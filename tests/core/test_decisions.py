import itertools
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applyweb.core.decisions import Counts, count, layout_of, resolve, unified_patch
from applyweb.core.diff import Hunk, hunks
from applyweb.core.parts import Parts, Verdict, decide
from applyweb.core.text import split_lines
from tests.core.texts import text_pairs

verdict_lists = st.lists(st.sampled_from(["accepted", "rejected", "pending"]), min_size=20, max_size=20)


def layout(found: tuple[Hunk, ...], verdicts: dict[str, Verdict]) -> dict[str, Parts]:
    """Whole hunks with these verdicts, the others pending."""
    everything = layout_of(found, {})
    for hunk_id, verdict in verdicts.items():
        everything.update(decide(everything, hunk_id, verdict))
    return everything


@given(text_pairs())
def test_accept_all_is_merged_and_reject_all_is_original(pair: tuple[str, str]) -> None:
    original, merged = pair
    found = hunks(original, merged)
    accept, reject = (layout(found, {hunk.id: verdict for hunk in found}) for verdict in ("accepted", "rejected"))
    assert resolve(original, merged, found, accept).text == merged
    assert resolve(original, merged, found, reject).text == original
    assert resolve(original, merged, found, layout(found, {})).text == original
    assert resolve(original, merged, found, layout(found, {}), pending="accepted").text == merged


@given(text_pairs(), verdict_lists, st.sampled_from(["accepted", "rejected"]))
def test_any_subset_equals_a_rebuilding_from_the_end(
    pair: tuple[str, str], verdicts: list[Verdict], pending: str
) -> None:
    """The reference cuts the hunks into the original by slices, from the last to the first."""
    original, merged = pair
    found = hunks(original, merged)
    chosen = dict(zip([hunk.id for hunk in found], itertools.cycle(verdicts), strict=False))
    reference, new = split_lines(original), split_lines(merged)
    for hunk in reversed(found):
        if chosen[hunk.id] == "accepted" or (chosen[hunk.id], pending) == ("pending", "accepted"):
            reference[hunk.old_start : hunk.old_end] = new[hunk.new_start : hunk.new_end]
    counted: Verdict = "accepted" if pending == "accepted" else "rejected"
    assert resolve(original, merged, found, layout(found, chosen), counted).text == "".join(reference)


def test_parts_that_do_not_have_the_hunks_lines_or_no_hunk_are_refused() -> None:
    found = hunks("a\n", "b\nc\n")
    right = layout_of(found, {})[found[0].id]
    with pytest.raises(ValueError, match="do not have its lines"):
        layout_of(found, {found[0].id: (*right, *right)})
    with pytest.raises(ValueError, match=r"no hunks of this diff: .*nonsense"):
        layout_of(found, {"nonsense": right})


def test_a_hunk_without_a_verdict_counts_as_pending() -> None:
    original = "1\na\nb\nc\n2\nd\ne\nf\n3\n"
    found = hunks(original, original.replace("1", "x").replace("2", "y").replace("3", "z"))
    verdicts: dict[str, Verdict] = {found[0].id: "accepted", found[1].id: "rejected"}
    assert count(layout(found, verdicts)) == Counts(total=3, accepted=1, rejected=1, pending=1)


def git_apply(folder: Path, path: str, original: str, patch: str) -> bytes:
    """What `git apply` makes of the file."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if original:
        target.write_bytes(original.encode())
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=folder, input=patch.encode(), check=True, capture_output=True)
    return target.read_bytes()


@settings(max_examples=60)
@given(pair=text_pairs())
def test_git_applies_the_patch_exactly(pair: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    original, resolved = pair
    patch = unified_patch("src/app.py", original, resolved)
    if original == resolved:
        assert patch == ""
        return
    folder = tmp_path_factory.mktemp("tree")
    assert git_apply(folder, "src/app.py", original, patch) == resolved.encode()
    shutil.rmtree(folder)


CASES = {
    "crlf": ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
    "mixed ends and a lone return": ("a\rb\r\nc\nd", "a\rX\r\nc\nd"),
    "final newline lost": ("a\nb\n", "a\nb"),
    "final newline gained": ("a\nb", "a\nb\n"),
    "last lines without newline": ("a\nb", "a\nc"),
    "new file": ("", "hello\nworld"),
    "emptied file": ("hello\nworld\n", ""),
    "byte-order mark": ("\ufeffa\nb\n", "\ufeffa\nc\n"),
    "far apart": (
        "".join(f"{n}\n" for n in range(60)),
        "".join(f"{n * (n not in (2, 50))}\n" for n in range(60)),
    ),
    "lines that look like a patch": ("--- a\n+++ b\n@@ -1 +1 @@\nx\n", "--- a\n+++ c\n@@ -1 +1 @@\nx\n"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("tool", ["git", "patch"])
def test_both_tools_take_the_patch(case: str, tool: str, tmp_path: Path) -> None:
    original, resolved = CASES[case]
    patch = unified_patch("file.txt", original, resolved)
    if tool == "git":
        assert git_apply(tmp_path, "file.txt", original, patch) == resolved.encode()
        return
    target = tmp_path / "file.txt"
    if original:
        target.write_bytes(original.encode())
    (tmp_path / "change.patch").write_bytes(patch.encode())
    command = ["patch", "-p1", "--fuzz=0", "-i", "change.patch"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert target.read_bytes() == resolved.encode()


@pytest.mark.parametrize(
    "path",
    ["a b.py", "tab\there.py", 'quo"te.py', "back\\slash", "ünï/🙂.py", "../../up.py", "/abs/x.py", ""],
)
def test_odd_paths_are_quoted_and_stay_inside_the_tree(path: str, tmp_path: Path) -> None:
    """Both tools must find the file under the name that the patch gives it."""
    expected = {"../../up.py": "up.py", "/abs/x.py": "abs/x.py", "": "file", "back\\slash": "back/slash"}
    name = expected.get(path, path)
    patch = unified_patch(path, "a\n", "b\n")
    assert git_apply(tmp_path, name, "a\n", patch) == b"b\n"


def test_a_patch_shows_the_wanted_context() -> None:
    original = "".join(f"{n}\n" for n in range(9))
    patch = unified_patch("x", original, original.replace("4", "four"), context=1)
    assert patch == "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -4,3 +4,3 @@\n 3\n-4\n+four\n 5\n"
