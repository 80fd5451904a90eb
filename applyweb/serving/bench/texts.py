"""Python source of any length and chats that change it, the same on every machine.

Must not know: what is measured with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_NOUNS = (
    "order",
    "parcel",
    "invoice",
    "ledger",
    "route",
    "berth",
    "crane",
    "manifest",
    "quota",
    "tariff",
    "vessel",
    "yard",
)
_VERBS = ("load", "close", "merge", "price", "check", "split", "rank", "store", "release", "assign", "count", "move")
_MARKER = "# ... existing code ..."


@dataclass(frozen=True, slots=True)
class LazyEdit:
    """An answer that shows only what changes, with markers for the rest, and the file that it asks for."""

    chat: str
    merged: str


def python_source(lines: int, seed: int = 1) -> str:
    """A module of exactly `lines` lines, each ended by a line feed: classes of short methods with doc strings."""
    if lines < 1:
        raise ValueError("a source has at least one line")
    random = Random(seed)
    written = ['"""Harbour accounts."""', "", "from __future__ import annotations", "", "import logging", ""]
    written += ["log = logging.getLogger(__name__)", ""]
    number = 0
    while len(written) < lines:
        written += ["", *_class(random, number)]
        number += 1
    return "\n".join(written[:lines]) + "\n"


def lazy_edit(source: str, edits: int = 4) -> LazyEdit:
    """Changes the last line of the first method in each of `edits` classes of `source`, evenly spread."""
    lines = source.split("\n")
    headers = [number for number, line in enumerate(lines) if line.startswith("class ") and number + 12 < len(lines)]
    if len(headers) < edits:
        raise ValueError(f"the source has {len(headers)} whole classes, not {edits}")
    shown: list[str] = []
    for header in (headers[index * len(headers) // edits] for index in range(edits)):
        start = next(number for number in range(header, len(lines)) if lines[number].startswith("    def "))
        end = next(number for number in range(start, len(lines)) if lines[number].startswith("        return "))
        lines[end] = lines[end].replace("return ", "return 2 * ")
        shown += [
            lines[header],
            f"    {_MARKER}",
            "",
            *lines[start : end + 1],
            "",
            f"    {_MARKER}",
            "",
            "",
            _MARKER,
            "",
            "",
        ]
    code = "\n".join(shown).rstrip("\n")
    chat = f"The totals count twice now. Everything else stays as it is.\n\n```python\n{_MARKER}\n\n\n{code}\n```\n"
    return LazyEdit(chat, "\n".join(lines))


def changed_lines(source: str, changes: int) -> str:
    """`source` with one word more in each of `changes` evenly spread lines of code."""
    lines = source.split("\n")
    places = [number for number, line in enumerate(lines) if line.startswith("        ") and "=" in line]
    if len(places) < changes:
        raise ValueError(f"the source has {len(places)} lines to change, not {changes}")
    for index in range(changes):
        number = places[index * len(places) // changes]
        lines[number] = lines[number] + "  # counted twice"
    return "\n".join(lines)


def whole_file_chat(text: str) -> str:
    """An answer that gives the whole new file."""
    return f"Here is the whole file again:\n\n```python\n{text}```\n"


def _class(random: Random, number: int) -> list[str]:
    noun = random.choice(_NOUNS)
    lines = [f"class {noun.title()}{number}:", f'    """One {noun} of series {number}."""', ""]
    for verb in random.sample(_VERBS, k=random.randint(3, 6)):
        lines += [*_method(random, noun, verb, number), ""]
    return lines


def _method(random: Random, noun: str, verb: str, number: int) -> list[str]:
    other = random.choice(_NOUNS)
    rate = random.randint(2, 97)
    return [
        f"    def {verb}_{other}(self, {noun}: dict[str, int], limit: int = {rate}) -> int:",
        f'        """How many to {verb} for this {other}."""',
        f"        total = {noun}.get({other!r}, {rate}) * {number + 1}",
        f"        for name, value in sorted({noun}.items()):",
        "            if value > limit:",
        f'                log.info("{verb} %s: %d over {rate}", name, value)',
        f"                total += value - limit + {random.randint(1, 9)}",
        "        return total",
    ]
