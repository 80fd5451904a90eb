"""Answers with fences that are not for the file: how to use it, what it prints, what to run, a test, the code as it
was, the gist of a neighbour, a way not taken. Each stands beside a plain answer, which alone is to be applied.

Must not know: how the code is cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from applyweb.core.cutting import words
from applyweb.core.cutting.answers import Cut, Told, paragraphs, plain
from applyweb.core.cutting.change import Change, dedented, indent, leaf
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.mentions import bystanders
from applyweb.core.cutting.snippets import call_of, test_of
from applyweb.core.languages import Language
from applyweb.core.syntax import Definition

_SHELL = Language("bash", "bash", (), aliases=("sh",))
_PLAIN = Language("", "text", ())
_SHORT = 4  # lines that a body needs to have a gist

Sample = Callable[[Change, Draw], str | None]

USED = (
    "You can then use it like this:",
    "Usage:",
    "For example:",
    "With that you can write:",
    "You can call `{a}` with:",
    "An example of how `{a}` is called:",
    "A caller would look like this:",
    "In your own code:",
    "If you replaced the call by hand so far, this is enough now:",
    "It lets you do this from `{a}`:",
)
TESTED = (
    "And a test for it:",
    "A test for `{a}`:",
    "I would add this test in the test suite:",
    "You can test `{a}` with:",
    "The test (in its own file):",
    "To be sure, here is a test:",
)
RUN = ("Then run:", "To try it:", "Install and run it:", "Afterwards, run the tests:", "Run this in the terminal:")
COMMANDS = (
    ("make test",),
    ("npm install", "npm test"),
    ("pip install -e .", "pytest -q"),
    ("git add -A", 'git commit -m "Change it"'),
    ("rm -rf build", "make all"),
    ("docker compose up --build",),
)
PRINTED = ("It prints:", "The output is then:", "Before the change it failed with:", "That gives:", "You will see:")
WAS = (
    "At the moment it looks like this:",
    "The problem is here:",
    "This is what you have now:",
    "The present code does this:",
    "Before:",
    "Currently:",
    "This is the part that goes wrong:",
    "Look at these lines as they are today:",
)
NOW = ("Change it to:", "Here is the new version:", "It should be this:", "After:", "With the fix:", "So:")
GIST = (
    "Simplified, `{a}` does this:",
    "In short, `{a}` is:",
    "Note how `{a}` works, in essence:",
    "For context, `{a}` boils down to this:",
    "Stripped of its details, `{a}` reads:",
    "Roughly, this is what `{a}` does:",
)
QUOTED = (
    "Note how `{a}` works:",
    "For reference, `{a}` (which stays as it is):",
    "It relies on `{a}`, which you already have:",
    "`{a}` is fine and need not change:",
    "As a reminder, this is `{a}`:",
    "I followed the style of `{a}`:",
)
REJECTED = (
    "I would not do it like this:",
    "Don't write it like this:",
    "This would be the wrong way:",
    "I also thought of this, but it is worse, so leave it:",
    "Not like this:",
    "Avoid this version:",
)
OFFERED = (
    "Alternatively, if you prefer it, you could write:",
    "Another option (I would stay with the one above):",
    "If you would rather see it logged, use this instead:",
    "A different way, for comparison only:",
    "You could also do this, but the version above is better:",
    "Option 2, which I do not recommend:",
)


def with_sample(sample: Sample, before: bool | None, bridge: tuple[str, ...] = words.INTRODUCTIONS) -> Told:
    """A plain answer with the sample above it (`before`), below it, or on either side (None)."""

    def style(change: Change, draw: Draw) -> Cut | None:
        code = plain(change, draw, patches=before is False)
        aside = sample(change, draw) if code else None
        if code is None or aside is None:
            return None
        first = draw.happens(0.4) if before is None else before
        if first:
            chat = paragraphs(aside, draw.words(bridge), code.code, draw.words(words.REMARKS))
        else:
            chat = paragraphs(draw.words(words.INTRODUCTIONS), code.code, aside, draw.choice(("", words.REMARKS[0])))
        return Cut(chat, change.new_text, code.format, code.base)

    return style


def usage(change: Change, draw: Draw) -> str | None:
    """Calls of a function of the file."""
    named = _some(change, draw)
    lines = call_of(change, named) if named else None
    return _shown(USED, named, lines, change.language, draw) if named and lines else None


def a_test(change: Change, draw: Draw) -> str | None:
    """A test of a function of the file."""
    named = _some(change, draw)
    lines = test_of(change, named) if named else None
    if named is None or lines is None:
        return None
    if draw.happens(0.2):
        suffix = change.path.rpartition(".")[2]
        return paragraphs(
            f"`tests/test_{leaf(named.name)}.{suffix}`:", words.fence(lines, change.language, draw)
        ).strip()
    return _shown(TESTED, named, lines, change.language, draw)


def commands(change: Change, draw: Draw) -> str | None:
    """What to run in a shell."""
    if change.language.name in ("bash", "makefile", "dockerfile", "markdown"):
        return None
    return paragraphs(draw.words(RUN), words.fence(list(draw.choice(COMMANDS)), _SHELL, draw)).strip()


def output(change: Change, draw: Draw) -> str | None:
    """What a program prints, with lines of the file in it."""
    named = _some(change, draw)
    if named is None or change.language.name in ("markdown", "text"):
        return None
    row = draw.randrange(named.header, named.end)
    lines = draw.choice(
        (
            [f'  File "{change.path}", line {row + 1}, in {leaf(named.name)}', f"    {change.new[row].strip()}"],
            [f"{leaf(named.name)} ... ok", "", f"Ran {draw.randrange(2, 90)} tests in 0.21s", "", "OK"],
            [f"{change.path}:{row + 1}: {leaf(named.name)}: done", "3 files checked"],
        )
    )
    return paragraphs(draw.words(PRINTED), words.fence(lines, _PLAIN, draw)).strip()


def as_it_was(change: Change, draw: Draw) -> str | None:
    """The old lines of one of the changes, quoted."""
    spans = [span for span in change.spans if any(line.strip() for line in change.old[span[0] : span[1]])]
    if not spans:
        return None
    old_start, old_end, *_ = draw.choice(spans)
    more = draw.choice((0, 1, 2))
    lines = change.old[max(0, old_start - more) : old_end + more]
    while lines and not lines[0].strip():
        lines.pop(0)
    return _shown(WAS, None, lines if draw.happens(0.6) else dedented(lines), change.language, draw)


def gist(change: Change, draw: Draw) -> str | None:
    """A function that stays, with lines of it left out and no sign of that."""
    others = [each for each in bystanders(change) if _body(change, each) is not None]
    if not others:
        return None
    other = draw.choice(others)
    header, body = _body(change, other) or ([], [])
    kept = sorted(draw.sample(range(len(body) - 1), min(2, len(body) - 1)))
    lines = [*header, *(body[at] for at in kept), body[-1]]
    if change.language.line_comments and draw.happens(0.3):
        lines.insert(len(header), f"{indent(body[0])}{change.language.line_comments[0]} the gist")
    return _shown(GIST, other, lines, change.language, draw)


def quoted(change: Change, draw: Draw) -> str | None:
    """A function that stays, as it is."""
    others = [each for each in bystanders(change) if each.kind == "function" and each.end - each.start <= 25]
    if not others:
        return None
    other = draw.choice(others)
    names = [each for each in change.old_definitions if each == other]
    return _shown(QUOTED, other, change.old[names[0].header : other.end], change.language, draw) if names else None


def rejected(change: Change, draw: Draw) -> str | None:
    """Another version of a function that changes, which is not to be taken."""
    lines = _variant(change, draw)
    return _shown(REJECTED, None, lines, change.language, draw) if lines else None


def offered(change: Change, draw: Draw) -> str | None:
    """Another version of a function that changes, offered after the one that is given."""
    lines = _variant(change, draw)
    return _shown(OFFERED, None, lines, change.language, draw) if lines else None


def _shown(texts: tuple[str, ...], named: Definition | None, lines: list[str], language: Language, draw: Draw) -> str:
    text = draw.words(texts).format(a=leaf(named.name) if named else "it")
    return paragraphs(text, words.fence(lines, language, draw)).strip()


def _some(change: Change, draw: Draw) -> Definition | None:
    """A function of the new file, rather one that changes."""
    functions = [each for each in change.definitions if each.kind == "function"]
    touched = [each for each in functions if change.is_changed(each.start, each.end)]
    if touched and draw.happens(0.6):
        functions = touched
    return draw.choice(functions) if functions else None


def _body(change: Change, definition: Definition) -> tuple[list[str], list[str]] | None:
    """The header of a function of the old file, and the statements that stand directly in it; None where there are few
    or the header is none of one line."""
    header = change.old[definition.header]
    if definition.kind != "function" or not header.rstrip().endswith((":", "{")):
        return None
    solid = [line for line in change.old[definition.header + 1 : definition.end] if line.strip()]
    margin = indent(solid[0]) if solid else ""
    body = [line for line in solid if indent(line) == margin and re.match(r"\s*[\w.]+[ (=].*[^(\[{,\\]$", line)]
    return ([header], body) if len(body) >= _SHORT else None


def _variant(change: Change, draw: Draw) -> list[str] | None:
    """A changed function with one line left out and one put in; None where none changes or it is not a plain one."""
    homes = [
        each
        for each in change.homes() or []
        if each.end - each.header > _SHORT and change.new[each.header].rstrip().endswith((":", "{"))
    ]
    if not homes:
        return None
    home = draw.choice(homes)
    body = change.new[home.header + 1 : home.end]
    solid = [row for row, line in enumerate(body) if re.search(r"\w", line)]
    if len(solid) < _SHORT:
        return None
    margin = indent(body[solid[0]])
    body.pop(draw.choice(solid[1:-1]))
    call = {"python": 'print("{}")', "ruby": 'puts "{}"', "php": 'error_log("{}");'}
    text = call.get(change.language.name, 'console.log("{}");').format(leaf(home.name))
    body.insert(solid[0], margin + text)
    return [change.new[home.header], *body]
