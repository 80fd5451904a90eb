"""What tree-sitter knows of a text: how broken it is, and which definitions it holds on which lines.

Must not know: edits, merges, hunks. Languages are the names of `core.languages`; where there is no grammar the answers
are None and (). Grammars are imported on first use; a parser belongs to one thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Literal

from tree_sitter import Language, Node, Parser, Query, QueryCursor

from applyweb.core.python_syntax import refused_line
from applyweb.core.text import split_end, split_lines

Kind = Literal["function", "class", "section"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A named piece of a text. `name` is qualified ("Class.method"); `start` and `end` are 0-based half-open
    lines, with the decorators and the comment directly above; `header` is the line that names it. `owner` is the name
    of the definition around it, "" for none: a name may have dots of its own."""

    name: str
    kind: Kind
    start: int
    end: int
    header: int
    owner: str = ""

    @property
    def own_name(self) -> str:
        """The name without its owner's."""
        return self.name.removeprefix(f"{self.owner}.") if self.owner else self.name


# grammar module, its language function, and the query patterns of definitions by kind
_JS_FUNCTIONS = """
(function_declaration) (generator_function_declaration) (method_definition)
(lexical_declaration (variable_declarator value: [(arrow_function) (function_expression) (generator_function)]))
(variable_declaration (variable_declarator value: [(arrow_function) (function_expression) (generator_function)]))
(expression_statement (assignment_expression right: [(arrow_function) (function_expression)]))
(pair value: [(arrow_function) (function_expression)])
"""
_TS_CLASSES = """
(class_declaration) (abstract_class_declaration) (interface_declaration) (type_alias_declaration)
(enum_declaration) (internal_module) (module)
"""
_TS_FUNCTIONS = _JS_FUNCTIONS + "(function_signature) (method_signature) (abstract_method_signature)"
_C_FUNCTIONS = "(function_definition)"
_GRAMMARS: dict[str, tuple[str, str, str, str, str]] = {
    "python": ("tree_sitter_python", "language", "(function_definition)", "(class_definition)", ""),
    "javascript": ("tree_sitter_javascript", "language", _JS_FUNCTIONS, "(class_declaration)", ""),
    "typescript": ("tree_sitter_typescript", "language_typescript", _TS_FUNCTIONS, _TS_CLASSES, ""),
    "tsx": ("tree_sitter_typescript", "language_tsx", _TS_FUNCTIONS, _TS_CLASSES, ""),
    "go": ("tree_sitter_go", "language", "(function_declaration) (method_declaration)", "(type_declaration)", ""),
    "rust": (
        "tree_sitter_rust",
        "language",
        "(function_item) (macro_definition) (function_signature_item)",
        "(struct_item) (enum_item) (trait_item) (impl_item) (mod_item)",
        "",
    ),
    "java": (
        "tree_sitter_java",
        "language",
        "(method_declaration) (constructor_declaration)",
        "(class_declaration) (interface_declaration) (enum_declaration) (record_declaration)",
        "",
    ),
    "c": ("tree_sitter_c", "language", _C_FUNCTIONS, "(struct_specifier body: (_)) (enum_specifier body: (_))", ""),
    "cpp": (
        "tree_sitter_cpp",
        "language",
        _C_FUNCTIONS,
        "(struct_specifier body: (_)) (class_specifier body: (_)) (enum_specifier body: (_)) (namespace_definition)",
        "",
    ),
    "csharp": (
        "tree_sitter_c_sharp",
        "language",
        "(method_declaration) (constructor_declaration) (property_declaration) (local_function_statement)",
        "(class_declaration) (interface_declaration) (struct_declaration) (enum_declaration) (record_declaration)"
        " (namespace_declaration)",
        "",
    ),
    "ruby": ("tree_sitter_ruby", "language", "(method) (singleton_method)", "(class) (module)", ""),
    "php": (
        "tree_sitter_php",
        "language_php",
        "(function_definition) (method_declaration)",
        "(class_declaration) (interface_declaration) (trait_declaration) (enum_declaration)",
        "",
    ),
    "css": ("tree_sitter_css", "language", "", "", "(rule_set) (media_statement)"),
    "html": ("tree_sitter_html", "language", "", "", ""),
    "json": ("tree_sitter_json", "language", "", "", "(pair value: [(object) (array)])"),
    "yaml": ("tree_sitter_yaml", "language", "", "", "(block_mapping_pair value: (block_node))"),
    "toml": ("tree_sitter_toml", "language", "", "", "(table) (table_array_element)"),
    "bash": ("tree_sitter_bash", "language", "(function_definition)", "", ""),
}
_WRAPPERS = {"decorated_definition", "export_statement", "template_declaration", "declaration_list_item"}
_ATTACHED = {"comment", "line_comment", "block_comment", "attribute_item", "decorator"}
_parsers = threading.local()


def error_count(text: str, language: str) -> int | None:
    """How many ERROR and missing nodes the tree has, or 1 where the grammar passes what Python's compiler refuses; 0 is
    sound syntax, None is no grammar for the language."""
    if language not in _GRAMMARS:
        return None
    count, pending = 0, [_parse(text, language)]
    while pending:
        node = pending.pop()
        if not node.has_error:
            continue
        count += node.is_error or node.is_missing
        pending.extend(node.children)
    return count or int(language == "python" and refused_line(text) is not None)


def first_error(text: str, language: str) -> int | None:
    """The 1-based line of the first error that `error_count` counts; None where there is none."""
    if language not in _GRAMMARS:
        return None
    lines, pending = [], [_parse(text, language)]
    while pending:
        node = pending.pop()
        if not node.has_error:
            continue
        if node.is_error or node.is_missing:
            lines.append(node.start_point.row + 1)
        pending.extend(node.children)
    return min(lines) if lines else refused_line(text) if language == "python" else None


def definitions(text: str, language: str) -> tuple[Definition, ...]:
    """The definitions of a text in order, outer before inner; () where there is no grammar."""
    query = _query(language)
    if query is None:
        return ()
    found: list[tuple[int, int, int, int, Kind, str]] = []
    for capture, nodes in QueryCursor(query).captures(_parse(text, language)).items():
        kind: Kind = "function" if capture == "function" else "class" if capture == "class" else "section"
        for node in nodes:
            name = _name(node, kind)
            if name:
                start, end = _extent(node)
                found.append((start, -end, node.start_byte, node.start_point.row, kind, name))
    found.sort()
    return _qualified(found)


def _qualified(found: list[tuple[int, int, int, int, Kind, str]]) -> tuple[Definition, ...]:
    result: list[Definition] = []
    owners: list[Definition] = []
    for start, minus_end, _, header, kind, name in found:
        end = -minus_end
        while owners and not (owners[-1].start <= start and end <= owners[-1].end):
            owners.pop()
        owner = owners[-1].name if owners else ""
        definition = Definition(f"{owner}.{name}" if owner else name, kind, start, end, header, owner)
        result.append(definition)
        owners.append(definition)
    return tuple(result)


def _extent(node: Node) -> tuple[int, int]:
    """The half-open lines of a definition, with its wrapper (decorators, `export`) and the comments directly above."""
    last = node
    while (parent := node.parent) is not None and parent.type in _WRAPPERS:
        node = parent
        last = node if node.end_point.row > last.end_point.row else last
    start = node.start_point.row
    above = node.prev_sibling
    while above is not None and above.type in _ATTACHED and _end_row(above) == start:
        before = above.prev_sibling
        if before is not None and before.end_point.row == above.start_point.row and before.end_point.column:
            break  # a comment that trails other code
        start = above.start_point.row
        above = before
    return start, _end_row(last)


def _end_row(node: Node) -> int:
    """The first line after a node."""
    row, column = node.end_point
    return row if column == 0 and row > node.start_point.row else row + 1


def _name(node: Node, kind: Kind) -> str:
    named = node.child_by_field_name("name") or node.child_by_field_name("key") or node.child_by_field_name("type")
    if node.type == "type_declaration":  # Go: the name is in its spec
        spec = node.named_child(0)
        named = spec.child_by_field_name("name") if spec is not None else None
    elif node.type in ("lexical_declaration", "variable_declaration"):
        for child in node.named_children:
            if child.type == "variable_declarator":
                named = child.child_by_field_name("name")
                break
    elif node.type == "expression_statement":
        inner = node.named_child(0)
        named = inner.child_by_field_name("left") if inner is not None else None
    elif node.type == "function_definition" and (declarator := node.child_by_field_name("declarator")):
        while (deeper := declarator.child_by_field_name("declarator")) is not None:
            declarator = deeper
        named = declarator
    elif node.type == "media_statement":  # with its word, or it would read as a piece of code
        return " ".join(_text_before_block(node).split())[:200]
    elif named is None and kind == "section":
        named = node.named_child(0)
    text = named.text if named is not None else None
    return " ".join(text.decode("utf-8", "replace").strip("\"'").split())[:200] if text else ""


def _text_before_block(node: Node) -> str:
    block = next((child for child in node.named_children if child.type == "block"), None)
    text = (node.text or b"")[: block.start_byte - node.start_byte] if block else node.text or b""
    return text.decode("utf-8", "replace")


def _parse(text: str, language: str) -> Node:
    """The root of a text's tree; a row of it is an index into `split_lines(text)`."""
    parsers: dict[str, Parser] = _parsers.__dict__.setdefault("by_language", {})
    if language not in parsers:
        parsers[language] = Parser(_grammar(language))
    if "\r" in text:
        text = "".join(split_end(line)[0] + "\n" for line in split_lines(text))
    return parsers[language].parse(text.encode("utf-8", "replace")).root_node


@cache
def _grammar(language: str) -> Language:
    module, function, *_ = _GRAMMARS[language]
    return Language(getattr(import_module(module), function)())


@cache
def _query(language: str) -> Query | None:
    if language not in _GRAMMARS:
        return None
    _, _, functions, classes, sections = _GRAMMARS[language]
    patterns = [
        f"[{nodes}] @{kind}"
        for kind, nodes in (("function", functions), ("class", classes), ("section", sections))
        if nodes
    ]
    return Query(_grammar(language), "\n".join(patterns)) if patterns else None
