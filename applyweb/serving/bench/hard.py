"""Files and answers that are hard to merge quickly: each of a shape that an answer could have, however unlikely.

Must not know: what is measured with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from applyweb.serving.bench.texts import LazyEdit


def rewritten(lines: int) -> tuple[str, LazyEdit]:
    """A module of assignments, and an answer that gives it whole with every line changed."""
    numbers = range(1, lines + 1)
    source = "".join(f"rate_{number} = assess({number}, {number % 7})\n" for number in numbers)
    merged = "".join(f"rate_{number} = assess({number}, {number % 5}, 1)\n" for number in numbers)
    return source, LazyEdit(f"Each has a third argument now.\n\n```python\n{merged}```\n", merged)


def functions(count: int, changed: frozenset[int] = frozenset()) -> str:
    """A module of `count` functions, four lines each; those of `changed` have another second line."""
    return "".join(_function(number, changed=number in changed) + "\n" for number in range(count))


def _function(number: int, *, changed: bool) -> str:
    return f"def berth_{number}(rate, days):\n{_line(number, changed=changed)}    return total * days\n"


def _line(number: int, *, changed: bool) -> str:
    return f"    total = rate {'-' if changed else '+'} {number}\n"


def in_fences(count: int, fences: int) -> LazyEdit:
    """Changes `fences` of `functions(count)`, each in a fence of its own."""
    numbers = list(_spread(count, fences))
    said = [f"In `berth_{each}`:\n\n```python\n{_function(each, changed=True)}```\n" for each in numbers]
    return LazyEdit("\n".join(said), functions(count, frozenset(numbers)))


def in_pieces(count: int, pieces: int) -> LazyEdit:
    """Changes `pieces` of `functions(count)`, all in one fence, each below a marker."""
    numbers = list(_spread(count, pieces))
    said = [f"# ...\n\n{_function(each, changed=True)}\n" for each in numbers]
    return LazyEdit(f"```python\n{''.join(said)}# ...\n```\n", functions(count, frozenset(numbers)))


def in_patches(count: int, patches: int) -> LazyEdit:
    """Changes `patches` of `functions(count)`, each by a search and replace block."""
    numbers = list(_spread(count, patches))
    said = [
        f"<<<<<<< SEARCH\n{_line(each, changed=False)}=======\n{_line(each, changed=True)}>>>>>>> REPLACE\n"
        for each in numbers
    ]
    return LazyEdit("\n".join(said), functions(count, frozenset(numbers)))


def nested(depth: int) -> tuple[str, LazyEdit]:
    """Blocks within blocks, and an answer that changes the innermost line."""
    heads = "".join(f"{' ' * level}if rate > {level}:\n" for level in range(depth))
    source, merged = (f"{heads}{' ' * depth}total = {value}\n" for value in (1, 2))
    return source, LazyEdit(f"```python\n{merged}```\n", merged)


def _spread(count: int, chosen: int) -> Iterator[int]:
    return (index * count // chosen for index in range(chosen))
