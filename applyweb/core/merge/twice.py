"""Keys that a mapping holds twice in a merged text, and that it held once at most before: the later one would win, and
nothing would say so.

Must not know: edits, splices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from applyweb.core.merge.lines import Lines

MAPPINGS = frozenset({"yaml", "json", "toml", "ini"})


def keys_twice(original: Lines, merged: Lines) -> Iterator[str]:
    """The keys of a text of MAPPINGS, each once."""
    known = _counts(original)
    for (path, name), count in _counts(merged).items():
        if count > max(1, known[path, name]):
            yield name


def _counts(lines: Lines) -> Counter[tuple[tuple[str, ...], str]]:
    """How often each key is there, by what is around it. Items of lists and documents are mappings of their own."""
    found: Counter[tuple[tuple[str, ...], str]] = Counter()
    paths: dict[int, tuple[str, ...]] = {-1: ()}
    for row in lines.solid:
        key = lines.keys[row]
        around = paths.get(lines.parents[row], ())
        if key.startswith("---"):  # another document of a YAML file
            paths[-1] = (f"document {row}",)
            continue
        kind, name = ("", "") if key.startswith(("- ", "[[")) else lines.name(row)
        is_key = kind in ("key", "section") or (kind == "value" and lines.sections)
        if is_key:
            found[around, name] += 1
        if lines.ends[row] > row + 1:
            paths[row] = (*around, name if is_key else f"item {row}")
    return found
