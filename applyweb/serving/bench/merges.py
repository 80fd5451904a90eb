"""The cases of `manage.py bench merge`: the time of the embedded merge on files of growing size, and of a diff.

Times are of the processor, so that other work on the machine counts little. Must not know: arguments, output.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from applyweb.core import checks
from applyweb.core.diff import hunks
from applyweb.core.merge import merge
from applyweb.core.support import support
from applyweb.serving.bench.figures import Figure, figure, percentile
from applyweb.serving.bench.hard import functions, in_fences, in_patches, in_pieces, nested, rewritten
from applyweb.serving.bench.sizes import Sizes
from applyweb.serving.bench.texts import LazyEdit, changed_lines, lazy_edit, python_source, whole_file_chat

_NOTE = "processor time, as all figures here but ratios; a lazy answer of four methods in four classes, about 60 lines"
_HARD = "what an answer may ask at worst; no goal is set, and a part that is too much work is left out with a note"
_TWICE = 2.0


class WrongMerge(Exception):
    """A merge came out wrong: its time says nothing."""


def run_cases(names: tuple[str, ...], sizes: Sizes) -> Iterator[tuple[str, list[Figure]]]:
    """(name, []) before each case and (name, its figures) after it. Errors: WrongMerge."""
    for name in names:
        yield name, []
        yield name, _CASES[name](sizes)


def _small(sizes: Sizes) -> list[Figure]:
    times = _edit_times(sizes.small_lines, sizes.merge_runs)
    return [figure("small", f"{sizes.small_lines:,} lines", times, goal=10, judged="p50", note=_NOTE)]


def _edit(sizes: Sizes) -> list[Figure]:
    times = _edit_times(sizes.merge_lines, sizes.merge_runs)
    return [figure("edit", f"{sizes.merge_lines:,} lines", times, goal=60)]


def _large(sizes: Sizes) -> list[Figure]:
    times = _edit_times(sizes.large_lines, sizes.large_runs)
    return [figure("large", f"{sizes.large_lines:,} lines", times, goal=150)]


def _huge(sizes: Sizes) -> list[Figure]:
    source = python_source(sizes.huge_lines)
    edit = lazy_edit(source)
    whole = LazyEdit(whole_file_chat(edit.merged), edit.merged)
    lines = f"{sizes.huge_lines:,} lines"
    return [
        figure("huge", lines, _times(source, edit, sizes.huge_runs), goal=1_000),
        figure("huge", f"{lines}, the answer is the whole file", _times(source, whole, sizes.huge_runs), goal=1_000),
    ]


def _changed(sizes: Sizes) -> list[Figure]:
    """A quarter of the lines and all of them in turn, so that a machine that slows down slows both."""
    few, many = sizes.large_lines // 4, sizes.large_lines
    pairs = [(_times(*rewritten(few), 1)[0], _times(*rewritten(many), 1)[0]) for _ in range(sizes.hard_runs)]
    ratios = [large / small / (many / few) for small, large in pairs]
    note = "time a line of the large file over that of the small one, which has a part that does not grow"
    return [
        figure("changed", f"every one of {many:,} lines changed", [large for _, large in pairs], note=_HARD),
        figure("changed", f"{many:,} over {few:,} lines", [percentile(ratios, 50)], unit="x", goal=_TWICE, note=note),
    ]


def _fences(sizes: Sizes) -> list[Figure]:
    count, what = sizes.large_lines // 4, f"{sizes.fences:,} fences for {sizes.large_lines:,} lines"
    return [figure("fences", what, _times(functions(count), in_fences(count, sizes.fences), sizes.hard_runs))]


def _pieces(sizes: Sizes) -> list[Figure]:
    count, what = sizes.huge_lines // 4, f"{sizes.pieces:,} markers for {sizes.huge_lines:,} lines"
    edit = in_pieces(count, sizes.pieces)
    return [figure("pieces", what, _times(functions(count), edit, sizes.hard_runs, may_give_up=True))]


def _patches(sizes: Sizes) -> list[Figure]:
    count, what = sizes.large_lines // 4, f"{sizes.patches:,} search blocks for {sizes.large_lines:,} lines"
    return [figure("patches", what, _times(functions(count), in_patches(count, sizes.patches), sizes.hard_runs))]


def _deep(sizes: Sizes) -> list[Figure]:
    times = _times(*nested(sizes.depth), sizes.hard_runs)
    return [figure("deep", f"{sizes.depth:,} blocks within one another", times)]


def _judged(sizes: Sizes) -> list[Figure]:
    """What the site does after a merge."""
    source = python_source(sizes.huge_lines)
    merged = lazy_edit(source).merged
    chat = whole_file_chat(merged)
    times = []
    for _ in range(sizes.hard_runs):
        began = time.process_time()
        checks.run(source, merged, chat=chat, language="python", path="harbour.py")
        support(source, merged, hunks(source, merged), chat, path="harbour.py")
        times.append((time.process_time() - began) * 1000)
    what = f"{sizes.huge_lines:,} lines, the answer is the whole file: diff, checks, support"
    return [figure("judged", what, times)]


def _linear(sizes: Sizes) -> list[Figure]:
    """The two sizes in turn, so that a machine that slows down slows both."""
    pairs = [
        (_edit_times(sizes.large_lines, 1)[0], _edit_times(sizes.huge_lines, 1)[0]) for _ in range(sizes.huge_runs)
    ]
    growth = sizes.huge_lines / sizes.large_lines
    ratios = [huge / large / growth for large, huge in pairs]
    note = "time a line of the huge file over that of the large one; 1 is linear, and below it there is a fixed part"
    what = f"{sizes.huge_lines:,} over {sizes.large_lines:,} lines"
    return [figure("linear", what, [percentile(ratios, 50)], unit="x", goal=_TWICE, note=note)]


def _diff(sizes: Sizes) -> list[Figure]:
    source = python_source(sizes.huge_lines)
    changed = changed_lines(source, sizes.diff_edits)
    times = []
    for _ in range(sizes.large_runs):
        began = time.process_time()
        found = hunks(source, changed)
        times.append((time.process_time() - began) * 1000)
        if len(found) != sizes.diff_edits:
            raise WrongMerge(f"The measured diff has {len(found)} hunks, not {sizes.diff_edits}.")
    what = f"diff of {sizes.huge_lines:,} lines with {sizes.diff_edits} edits"
    return [figure("diff", what, times, goal=150, note="processor time, from two texts to hunks with their ids")]


_CASES: dict[str, Callable[[Sizes], list[Figure]]] = {
    "small": _small,
    "edit": _edit,
    "large": _large,
    "huge": _huge,
    "linear": _linear,
    "changed": _changed,
    "fences": _fences,
    "pieces": _pieces,
    "patches": _patches,
    "deep": _deep,
    "judged": _judged,
    "diff": _diff,
}
NAMES = tuple(_CASES)


def _edit_times(lines: int, runs: int) -> list[float]:
    source = python_source(lines)
    return _times(source, lazy_edit(source), runs)


def _times(source: str, edit: LazyEdit, runs: int, *, may_give_up: bool = False) -> list[float]:
    """Milliseconds of each run. A merge that may give up must not be certain and wrong, any other must be certain and
    right. Errors: WrongMerge."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        found = merge(source, edit.chat, path="harbour.py")
        times.append((time.process_time() - began) * 1000)
        right, certain = found.text == edit.merged, found.confidence == "certain"
        if (certain and not right) or not (may_give_up or (right and certain)):
            raise WrongMerge("The merge of a measured case is wrong or unsure, so its time says nothing.")
    return times
