"""What a line declares, by its look alone: functions, classes, imports, bindings, keys, sections, in any language.

Must not know: other lines, grammars. It must work on half shown and broken code.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LONG = 400  # no more of a line is looked at
_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|async|abstract|final|override|virtual|inline|"
    r"declare|pub(?:\([^)]*\))?|unsafe|extern|readonly|sealed|partial|synchronized|open|data|suspend)\s+)*"
)
_KEYWORD = re.compile(
    _MODIFIERS + r"(?:def|function\b\s*\*?|func|fn|fun|sub|defp|defmacro)(?:\s+|(?<=\*)\s*)(?:\([^)]{0,80}\)\s*)?"
    r"([A-Za-z_$][\w$.:?!]*)"
)
_CLASS = re.compile(
    _MODIFIERS
    + r"(?:class|interface|type|enum|struct|trait|impl|module|namespace|mod|record|object|protocol|defmodule)\s+"
    r"(?:<[^>]{0,40}>\s*)?([A-Za-z_$][\w$.:]*)"
)
_IMPORT = re.compile(
    r"from\s+([\w.]+)\s+import\b|import\s+(?:type\s+)?[^'\";]{0,200}\sfrom\s+['\"]([^'\"]+)['\"]|import\s+['\"]([^'\"]+)['\"]|"
    r"(?:import|use|using)\s+(?:static\s+)?([\w.:\\]+)|#\s*include\s+[<\"]([^>\"]+)[>\"]|require(?:_relative)?\s+['\"]([^'\"]+)['\"]|"
    r"(?:const|let|var)\s+[\w${},: ]{1,120}=\s*require\(['\"]([^'\"]+)['\"]\)"
)
BINDING = re.compile(
    _MODIFIERS + r"(?:const|let|var|val|local)\s+(?:mut\s+)?([A-Za-z_$][\w$]*)\s*(?:(?::[^=]{0,120})?=|:\s)"
)
_ASSIGN = re.compile(r"([A-Za-z_$@][\w$.]*(?:\[[\"']?[\w$]+[\"']?\])?)\s*(?::\s*[^=()]{1,80})?\s*:?=(?![=>~])")
_METHOD = re.compile(
    _MODIFIERS + r"(?:(?:get|set)\s+|\*\s*)?(#?[A-Za-z_$~][\w$]*)\s*(?:<[^>(]{0,60}>)?\s*\((?!.*(?:=>|\bfunction\b))"
    r"[^;]*\)\s*(?::[^;={]{1,120})?(?:throws [\w, .]{1,80})?\{(?:\s*\})?$"
)
_TYPED = re.compile(
    r"(?=[\w$<\[])(?![\w$.\"'\[\]-]+\s*:\s)"
    + _MODIFIERS
    + r"[\w$<>\[\],.?&*: ]{1,100}?[\s*&]([A-Za-z_$~][\w$:~]*)\s*\([^;]*$"
)
_QUALIFIED = re.compile(r"([A-Za-z_]\w*(?:<[^>]{0,60}>)?(?:::~?[A-Za-z_]\w*)+)\s*\([^;]*\)[^;]*\{(?:\s*\})?$")
_BLOCK_CALL = re.compile(
    r"(?:describe|it|test|context|suite|specify|feature|scenario)(?:\.\w+)?\s*\(?\s*([\"'`])(.{1,120}?)\1\s*(?:,|do\b)"
)
FUNCTION = re.compile(r"=>|\bfunction\b|^[^(=]*=\s*lambda\b|=\s*(?:async\s*)?(?:<[^>]{0,80}>)?\($")
SECTION = re.compile(r"\[+\s*([^\[\]]{1,120}?)\s*\]+\s*(?:#.*)?$")
_REQUIREMENT = re.compile(
    r"([A-Za-z][\w.-]*(?:\[[\w,.-]{1,80}\])?)\s?(?:===?|~=|>=|<=|!=|[<>])\s?\d[\w.*+!]*(?:\s*[,;#].*)?$"
)
_KEY = re.compile(r"(?:-\s+)?[\"']?([\w.$/ -]{1,80}?)[\"']?\??\s*:(?:\s|$)")
_NOT_NAMES = frozenset(
    {
        "and",
        "assert",
        "await",
        "case",
        "catch",
        "del",
        "delete",
        "do",
        "elif",
        "else",
        "elseif",
        "for",
        "foreach",
        "if",
        "in",
        "lock",
        "new",
        "not",
        "or",
        "print",
        "raise",
        "return",
        "self",
        "super",
        "switch",
        "this",
        "throw",
        "try",
        "typeof",
        "unless",
        "until",
        "using",
        "void",
        "when",
        "while",
        "with",
        "yield",
    }
)


@lru_cache(maxsize=1 << 16)
def declared(key: str, sections: bool = False) -> tuple[str, str]:
    """What a line declares, as (kind, name): kind is "def", "class", "import", "value", "key", "section", or ""
    where it declares nothing."""
    key = key[:_LONG]
    if sections and (match := SECTION.match(key)):
        return "section", match[1]
    if match := _KEYWORD.match(key):
        return "def", match[1].rstrip(":.")
    if match := _BLOCK_CALL.match(key):
        return "def", match[2]
    if match := _IMPORT.match(key):
        return "import", next(group for group in match.groups() if group)
    if match := _CLASS.match(key):
        return "class", match[1].rstrip(":.")
    if match := BINDING.match(key):
        return "value", match[1]
    if (match := _ASSIGN.match(key)) and match[1] not in _NOT_NAMES:
        return "value", match[1]
    if (match := _METHOD.match(key)) and match[1] not in _NOT_NAMES:
        return "def", match[1]
    if match := _QUALIFIED.match(key):
        return "def", match[1]
    if (
        key.endswith(("{", "(", ",", ")"))
        and (match := _TYPED.match(key))
        and (key.startswith("void ") or key.split(None, 1)[0] not in _NOT_NAMES)
        and match[1] not in _NOT_NAMES
    ):
        return "def", match[1]
    if match := _REQUIREMENT.match(key):
        return "value", match[1]
    if (match := _KEY.match(key)) and match[1] not in _NOT_NAMES and not key.startswith(("//", "#", "*")):
        return "key", match[1].strip()
    return "", ""
