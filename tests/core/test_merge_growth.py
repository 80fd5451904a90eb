"""A merge, and what is said of it, takes work in proportion to the file and the answer: calls are counted, not time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applyweb.core import checks
from applyweb.core.diff import hunks
from applyweb.core.merge import merge
from applyweb.core.merge.declared import declared
from applyweb.core.support import read_rows, support
from applyweb.serving.bench.hard import functions, in_fences, in_patches, in_pieces, nested, rewritten
from applyweb.serving.bench.texts import LazyEdit
from tests.core import counting

Case = tuple[str, LazyEdit]


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, with nothing remembered."""
    declared.cache_clear()
    read_rows.cache_clear()
    return counting.calls(work)


def listed(lines: int) -> Case:
    """A list of which every line changes, and that is no declaration."""
    old = "".join(f'    "berth {number}",\n' for number in range(lines))
    return f"BERTHS = [\n{old}]\n", LazyEdit(f"```python\nBERTHS = [\n{old.replace('berth', 'quay')}]\n```\n", "")


def imported(lines: int) -> Case:
    """A file with imports of which the answer shows as many others."""
    old, new = ("".join(f"import {name}_{number}\n" for number in range(lines)) for name in ("quay", "berth"))
    return f"{old}\n\ndef f():\n    return 1\n", LazyEdit(f"```python\n{new}\n\ndef f():\n    return 2\n```\n", "")


def removed(lines: int) -> Case:
    """Sentences that say what goes, and does not."""
    said = "".join(f"I removed `berth_{number}`.\n" for number in range(lines))
    return functions(lines), LazyEdit(f"{said}{in_fences(lines, 1).chat}", "")


def one_search(lines: int) -> Case:
    """A search block that holds the whole file."""
    old, new = functions(lines), functions(lines, frozenset(range(lines)))
    return old, LazyEdit(f"<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n", new)


SHAPES: dict[str, Callable[[int], Case]] = {
    "every line changed": lambda n: rewritten(4 * n),
    "every line of a list changed": lambda n: listed(4 * n),
    "markers": lambda n: (functions(2 * n), in_pieces(2 * n, n // 8)),
    "nested blocks": lambda n: nested(2 * n),
    "imports": imported,
    "one search block": one_search,
    "one fence": lambda n: (functions(2 * n), in_fences(2 * n, 1)),
    "one patch": lambda n: (functions(2 * n), in_patches(2 * n, 1)),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_twice_as_much_is_twice_the_work_of_a_merge(shape: Callable[[int], Case]) -> None:
    small, large = shape(100), shape(200)
    fewer = calls(lambda: merge(small[0], small[1].chat, path="harbour.py"))
    more = calls(lambda: merge(large[0], large[1].chat, path="harbour.py"))
    assert more <= 2.4 * fewer


@pytest.mark.parametrize("shape", [in_fences, in_patches])
def test_each_further_change_costs_the_same(shape: Callable[[int, int], LazyEdit]) -> None:
    source = functions(200)
    few, some, many = (calls(lambda n=n: merge(source, shape(200, n).chat, path="harbour.py")) for n in (4, 12, 20))
    assert many - some <= 1.2 * (some - few)


@pytest.mark.parametrize("case", [rewritten, lambda n: (functions(n), in_patches(n, n // 2)), removed])
def test_twice_as_much_is_twice_the_work_of_support_and_checks(case: Callable[[int], Case]) -> None:
    def judged(size: int) -> int:
        source, edit = case(size)
        merged = merge(source, edit.chat, path="harbour.py").text
        found = hunks(source, merged)

        def work() -> None:
            checks.run(source, merged, chat=edit.chat, language="python", path="harbour.py")
            support(source, merged, found, edit.chat, path="harbour.py")

        return calls(work)

    assert judged(200) <= 2.4 * judged(100)
