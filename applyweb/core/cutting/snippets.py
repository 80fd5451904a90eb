"""Code made up around a function of a file: a call of it, a test of it.

Must not know: answers. The code looks right and need not run.
"""

from __future__ import annotations

import re

from applyweb.core.cutting.change import Change, leaf
from applyweb.core.syntax import Definition

_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_BRACED = frozenset({"java", "csharp", "cpp", "c", "php", "go", "rust"})
_NAME = re.compile(r"[A-Za-z_]\w*")
_NOT_GIVEN = frozenset({"self", "cls", "this", "void", "args", "kwargs"})


def call_of(change: Change, definition: Definition) -> list[str] | None:
    """Two or three lines that call it; None in a language that has no calls."""
    owner, own = _owner(change, definition), leaf(definition.name)
    if not _NAME.fullmatch(own):
        return None
    given = ", ".join(_parameters(change, definition))
    language = change.language.name
    if language == "python":
        if not owner or own.startswith("__"):
            return [f"found = {owner or own}({given})", "print(found)"]
        return [f"thing = {owner}()", f"found = thing.{own}({given})", "print(found)"]
    if language in _SCRIPTS:
        if not owner or own == "constructor":
            made = f"new {owner}" if owner else own
            return [f"const found = {made}({given});", "console.log(found);"]
        return [f"const thing = new {owner}();", f"const found = thing.{own}({given});", "console.log(found);"]
    if language in _BRACED:
        if owner:
            return [f"{owner} thing = new {owner}();", f"thing.{own}({given});"]
        return [f"result = {own}({given});", "show(result);"]
    return None


def test_of(change: Change, definition: Definition) -> list[str] | None:
    """A test function around a call; None where there is no call or no usual form of a test."""
    calls = call_of(change, definition)
    own = leaf(definition.name)
    if calls is None:
        return None
    module = re.sub(r"\.\w+$", "", change.path.rpartition("/")[2])
    if change.language.name == "python":
        imported = _owner(change, definition) or own
        body = [f"    {line}" for line in calls[:-1]]
        return [f"from {module} import {imported}", "", "", f"def test_{own.strip('_')}():", *body, "    assert found"]
    if change.language.name in _SCRIPTS:
        body = [f"  {line}" for line in calls[:-1]]
        return [f'test("{own}", () => {{', *body, "  expect(found).toBeTruthy();", "});"]
    return None


def _owner(change: Change, definition: Definition) -> str:
    """The class that a method is of, "" for a function that is of none."""
    name = definition.name.rpartition(".")[0]
    classes = {each.name for each in change.definitions if each.kind == "class"}
    return leaf(name) if name in classes else ""


def _parameters(change: Change, definition: Definition) -> list[str]:
    """The names of up to three parameters, as far as the header's own line tells them."""
    header = change.new[definition.header]
    inner = re.search(r"\(([^()]*)\)", header)
    parts = inner[1].split(",") if inner else []
    names = [found[0] for part in parts if (found := _NAME.search(part))]
    return [name for name in names if name not in _NOT_GIVEN][:3]
