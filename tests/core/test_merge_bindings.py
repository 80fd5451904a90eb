"""Names without a declaration: found where they are, and never where something binds them."""

from __future__ import annotations

import pytest

from applyweb.core.merge import merge
from applyweb.core.merge.bindings import declares, lines_gone, loose_names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import os", ["os"]),
        ("import numpy as np", ["np"]),
        ("from contextlib import closing", ["closing"]),
        ("from typing import Any, Iterator", ["Any", "Iterator"]),
        ("import React, { useState } from 'react';", ["React", "useState"]),
        ("const total = 3;", ["total"]),
        ("tax = net * rate", ["tax"]),
        ("def helper(x):", ["helper"]),
        ("class Store {", ["Store"]),
        ("--accent: #222;", ["--accent"]),
        ("self.open = True", ["self.open"]),
        ("view.icon = 1", []),
        ("return total", []),
        ("x = 1", []),
    ],
)
def test_what_a_line_declares(line: str, names: list[str]) -> None:
    assert list(declares(line)) == names


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("print(total)\n", True),
        ("return total(1)\n", True),
        ("total = 1\nprint(total)\n", False),
        ("for total in items:\n    print(total)\n", False),
        ("def f(total):\n    return total\n", False),
        ("const f = (total) => total\n", False),
        ("from x import (\n    total,\n)\nprint(total)\n", False),
        ("with open(a) as total:\n    total.read()\n", False),
        ("let { total } = x;\nuse(total);\n", False),
        ("if (total := 3):\n    print(total)\n", False),
        ("int total;\nuse(total);\n", False),
        ("# total is gone\n", False),
        ("print('total')\n", False),
        ("order.total()\n", False),
        ("f(total=1)\n", False),
    ],
)
def test_a_name_is_loose_where_it_is_used_and_nothing_binds_it(text: str, loose: bool) -> None:
    assert loose_names(text, ["total = 3"]) == (["total"] if loose else [])


def test_a_property_of_css_is_loose_without_its_declaration() -> None:
    assert loose_names(".a {\n  color: var(--accent);\n}\n", ["--accent: #222;"]) == ["--accent"]
    assert loose_names(":root {\n  --accent: red;\n}\n.a { color: var(--accent); }\n", ["--accent: #222;"]) == []


def test_lines_that_are_gone_are_counted() -> None:
    assert lines_gone("a\nb\n  a\nc\n", "c\na\n") == ["a", "b"]


def test_a_constant_that_then_stands_twice_is_told() -> None:
    functions = "\n".join(f"function first{n} () {{\n  return depthOf({n})\n}}\n" for n in range(200))
    last = "/**\n * The last one.\n */\nfunction last () {\n  return depthOf(9)\n}\n"
    original = f"const is = 1\n\nconst depthOf = (colours) => 31 - far(colours)\n\n{functions}\n{last}"
    chat = f"```js\nconst depthOf = (colours) => 32 - near(Math.log2(colours))\n\n{last.replace('9', '8')}```\n"
    merged = merge(original, chat, path="depth.js")
    assert merged.text.count("const depthOf") == 2
    assert "declared_twice" in [note.code for note in merged.notes]
    assert merged.confidence == "unsure"


@pytest.mark.parametrize(
    ("text", "gone", "loose"),
    [
        ('print(f"{name:<{width}}")\n', ["width = 3"], ["width"]),
        ('print(f"{name} {width:>3}")\n', ["width = 3"], ["width"]),
        ('print(f"{{width}}")\n', ["width = 3"], []),
        ("os.getpid()\n", ["import os"], ["os"]),
        ("go(os)\n", ["import os"], []),
    ],
)
def test_names_in_strings_with_expressions_and_short_ones_of_imports(
    text: str, gone: list[str], loose: list[str]
) -> None:
    assert loose_names(text, gone) == loose
