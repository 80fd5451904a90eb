"""Structure and syntax errors by tree-sitter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from applyweb.core.syntax import Definition, definitions, error_count, first_error

SAMPLES = {
    "python": ("class A:\n    def f(self):\n        pass\n", ["A", "A.f"]),
    "javascript": ("class A {\n  f() {}\n}\nconst g = () => 1;\n", ["A", "A.f", "g"]),
    "typescript": ("interface I {\n  f(): void;\n}\nexport function g(): void {}\n", ["I", "I.f", "g"]),
    "tsx": ("export function G() {\n  return <p>x</p>;\n}\n", ["G"]),
    "go": ("package a\n\ntype A struct {\n}\n\nfunc (a *A) F() {\n}\n", ["A", "F"]),
    "rust": ("struct A {}\nimpl A {\n    fn f() {}\n}\n", ["A", "A", "A.f"]),
    "java": ("class A {\n  void f() {}\n}\n", ["A", "A.f"]),
    "c": ("int *f(int a) {\n  return 0;\n}\n", ["f"]),
    "cpp": ("namespace n {\nclass A {\n};\n}\n", ["n", "n.A"]),
    "csharp": ("class A {\n  void F() {}\n}\n", ["A", "A.F"]),
    "ruby": ("class A\n  def f\n  end\nend\n", ["A", "A.f"]),
    "php": ("<?php\nclass A {\n  function f() {}\n}\n", ["A", "A.f"]),
    "css": (".a, .b { color: red }\n", [".a, .b"]),
    "html": ("<p>x</p>\n", []),
    "json": ('{"a": {"b": [1]}}\n', ["a", "a.b"]),
    "yaml": ("a:\n  b:\n    c: 1\n", ["a", "a.b"]),
    "toml": ("[a]\nx = 1\n[a.b]\ny = 2\n", ["a", "a.b"]),
    "bash": ("f() {\n  true\n}\n", ["f"]),
}


@pytest.mark.parametrize("language", SAMPLES)
def test_every_grammar_names_its_definitions(language: str) -> None:
    text, names = SAMPLES[language]
    assert [definition.name for definition in definitions(text, language)] == names
    assert error_count(text, language) == 0


def test_a_definition_has_its_decorators_and_comment() -> None:
    text = "import x\n\n# says hello\n@a\n@b(\n    1,\n)\ndef f():\n    pass\n\nx = 1\n"
    assert definitions(text, "python") == (Definition("f", "function", 2, 9, 7),)


def test_rules_of_a_style_sheet_are_named_by_their_selectors_whatever_dots_these_have() -> None:
    media = "@media screen and (max-width: 9px),\n  print {\n  .c > .d:hover { x: y }\n}\n"
    text = f".a.b {{ x: y }}\n{media}.e {{ & .f {{ x: y }} }}\n"
    wide = "@media screen and (max-width: 9px), print"
    assert [(each.owner, each.own_name) for each in definitions(text, "css")] == [
        ("", ".a.b"),
        ("", wide),
        (wide, ".c > .d:hover"),
        ("", ".e"),
        (".e", "& .f"),
    ]


def test_a_comment_after_code_is_not_the_definition_below() -> None:
    (definition,) = definitions("x = 1  # one\ndef f():\n    pass\n", "python")
    assert definition.start == 1


def test_lines_count_by_any_line_end() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(["x = 1", "", "def f():", "    pass", ""])
        assert [(d.start, d.end) for d in definitions(text, "python")] == [(2, 4)]


def test_errors_are_counted() -> None:
    assert error_count("def f(:\n    pass\n", "python") == 1
    assert error_count("function f( {", "javascript") not in (0, None)


def test_without_a_grammar_nothing_is_said() -> None:
    assert error_count("whatever", "text") is None
    assert definitions("whatever", "nonsense") == ()


def test_parsers_work_in_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: error_count("def f(:\n", "python"), range(40)))
    assert len(set(counts)) == 1
    assert counts[0]


def test_first_error_tells_the_line() -> None:
    assert first_error("a = 1\nb = (\nc = 2\n", "python") == 2
    assert first_error("a = 1\n", "python") is None
    assert first_error("a = (", "no such language") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f():\n    try:\n        a = 1\n    b = 2\n", 4),  # no except
        ("def f():\n    for x in y:\n    return x\n", 2),
        ("def f():\n\n\ndef g():\n    pass\n", 1),
        ("if a:\r\n    b = 1\r\n      c = 2\r\n", 3),
        ("a = 1\nreturn a\n", 2),
        ("def f(a=1, b):\n    pass\n", 1),
    ],
)
def test_python_that_only_its_compiler_refuses_is_an_error(text: str, line: int) -> None:
    assert (error_count(text, "python"), first_error(text, "python")) == (1, line)


@pytest.mark.parametrize(
    "text",
    [
        "type Pair = tuple[int, int]\n",  # newer than some Pythons
        "f\"{names['first']}\" f'{d[\"a\"]}'\n",
        "print 'older'\n",
        "await later()\n",  # in a notebook
        "pattern = '\\d'\n",  # a warning
        "# -*- coding: latin-1 -*-\nname = 'é'\n",
        "\ufeffa = 1\n",
        "a = " + "-" * 200_000 + "1\n",  # too deep for the compiler
    ],
)
def test_what_some_version_of_python_allows_is_no_error(text: str) -> None:
    assert (error_count(text, "python"), first_error(text, "python")) == (0, None)
