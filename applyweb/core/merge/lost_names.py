"""Names that a merge leaves without a declaration: what declared them went, and they are used all the same.

Must not know: edits, grammars, placements. By the look of lines alone, in any language; careful not to cry wolf: a name
that is bound in any way anywhere in the result is not lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from applyweb.core.merge.declared import declared
from applyweb.core.merge.lines import is_comment
from applyweb.core.merge.work import Work

_MOST = 40  # names looked for
_STRING = re.compile(r"\"(?:[^\"\\]|\\.){0,400}\"|'(?:[^'\\]|\\.){0,400}'")
_WORDS = (
    "def|function|func|fn|fun|lambda|catch|except|with|for|foreach|import|from|use|using|as|const|let|var|val|class|struct|"
    "enum|interface|type|trait|global|nonlocal|define|include|require"
)
_IMPORTED = re.compile(r"[A-Za-z_$][\w$]*")
_NAME = re.compile(r"--[\w-]+\Z|(?:(?:self|this)\.|@)?[A-Za-z_$][\w$]{2,}\Z")  # shorter ones are bound in too many ways
_NO_NAMES = frozenset(
    {"import", "from", "as", "type", "static", "using", "use", "require", "include", "const", "let", "var", "export"}
    | {
        "default",
        "function",
        "class",
        "def",
        "self",
        "this",
        "not",
        "and",
        "return",
        "yield",
        "await",
        "async",
        "print",
    }
)


def lost_names(original: str, merged: str, work: Work) -> list[str]:
    """In the order of the lines that went."""
    old, new = _keys(original), _keys(merged)
    gone = [key for key, count in (Counter(old) - Counter(new)).items() for _ in range(count)]
    names = list(dict.fromkeys(name for key in gone for name in _declares(key)))[:_MOST]
    if not names or not work.spend(len(new)):
        return []
    code = [_STRING.sub('""', key) for key in new if not is_comment(key)]
    whole = "\n".join(code)
    return [name for name in names if _is_used(name, whole) and not _is_bound(name, code)]


def _keys(text: str) -> list[str]:
    return [key for line in text.split("\n") if (key := line.strip())]


def _declares(key: str) -> Iterator[str]:
    """The names that a line binds for lines elsewhere."""
    kind, name = declared(key)
    if kind == "import":
        words = [word for word in _IMPORTED.findall(_STRING.sub("", key)) if word not in _NO_NAMES and len(word) > 2]
        if not re.search(r"[,{]", key):
            yield from words[-1:]
        else:
            yield from words[1:] if key.startswith("from") else words
    elif (
        _NAME.match(name)
        and name not in _NO_NAMES
        and (kind in ("value", "class") or (kind == "def" and "(" in key) or name.startswith("--"))
    ):
        yield name


def _is_used(name: str, code: str) -> bool:
    """As a word of its own, not as a part of something else and not as the name of an argument or a key."""
    return re.search(rf"(?<![\w$.@-]){re.escape(name)}(?![\w$-]|\s*(?:=[^=>]|:\s))", code) is not None


def _is_bound(name: str, code: list[str]) -> bool:
    """Whether any line binds it, in whatever way: by a declaration, an import, a parameter, a loop, a pattern."""
    binds = _binding(name)
    word = re.compile(rf"(?<![\w$.-]){re.escape(name)}(?![\w$-])")
    return any(
        word.search(line) and (declared(line)[1].rsplit(".", 1)[-1] == name or any(one.search(line) for one in binds))
        for line in code
    )


def _binding(name: str) -> list[re.Pattern[str]]:
    quoted = re.escape(name)
    word = rf"(?<![\w$.-]){quoted}(?![\w$-])"
    return [
        re.compile(rf"\b(?:{_WORDS})\b.*{word}"),
        re.compile(rf"{word}\s*(?:,[^()]*)?(?:\s*:[^=]{{1,80}})?\s*(?::?=(?!=)|=>)"),
        re.compile(rf"\|[^|]*{word}[^|]*\|"),
        re.compile(rf"\([^()]*{word}[^()]*\)\s*(?:->[^{{]*|:[^{{]*|throws[^{{]*)?(?:\{{|=>)"),
        re.compile(rf"^{quoted}(?:\s*[:(]|(?:\s+as\s+\w+)?,?$)"),
        re.compile(rf"^[*&]?\s*[\w<>\[\],.:*& ]+[ *&]{quoted}\s*(?:[;=,(\[{{]|$)"),
    ]
