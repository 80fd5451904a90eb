"""Names and what binds them, by the look of lines alone, in any language: which names a text uses that nothing in it
declares any more.

Must not know: edits, hunks, grammars. Careful not to cry wolf: a name that is bound in any way anywhere is not loose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from applyweb.core.merge.declared import declared
from applyweb.core.merge.lines import is_comment

_MOST = 40  # names looked for
_LONGEST = 2_000  # characters of a line that is looked at closely
_STRING = re.compile(r"\"(?:[^\"\\]|\\.){0,400}\"|'(?:[^'\\]|\\.){0,400}'")
_FORMATTED = re.compile(r"\b(?:[rR]?[fF]|[fF][rR])(?:\"(?:[^\"\\]|\\.){0,400}\"|'(?:[^'\\]|\\.){0,400}')")  # Python's
_EXPRESSION = re.compile(r"(?<!\{)\{([A-Za-z_][^{}!:]{0,200})")
_SHORT = 3  # names with fewer letters are used where something of theirs is
_HEADS = "def|function|func|fn|fun|lambda|catch|except|class|struct|enum|interface|trait|define"
_LONG_STRING = re.compile(r"(\"\"\"|\'\'\')(?s:.*?)(?:\1|\Z)")
_REMARK = re.compile(r"\s(?:#|//)\s.*$")
_WORDS = "with|for|foreach|import|from|use|using|as|const|let|var|val|type|global|nonlocal|include|require"
_VALUE = r"(?:\s(?:of|in)\s|[^=!<>]=[^=>])"  # what stands behind it is bound to something, and is not bound
_NO_TYPES = (
    "return|await|yield|throw|raise|new|in|not|and|or|if|elif|else|while|case|assert|del|delete|print|echo|typeof|"
    "void|go|defer|match|switch|when|unless|until|do|then"
)
_ASKS = (
    "if|for|foreach|while|switch|until|unless|match|when|with|using|synchronized"  # their brackets hold no parameters
)
_INHERITS = re.compile(r"^\s*class\s+\w+\s*\((?!\s*(?:object\s*)?\))|\bclass\b[^{\n]*\bextends\b", re.M)
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


def loose_names(text: str, lines: Iterable[str]) -> list[str]:
    """The names that `lines` declare and `text` uses though nothing in it declares them, in the order of the lines; at
    most the first 40 names are looked at."""
    names = list(dict.fromkeys(name for line in lines for name in declares(line.strip())))[:_MOST]
    names = [name for name in names if name in text]
    if any(map(_is_of_object, names)) and _INHERITS.search(text):  # what an object has may come from elsewhere
        names = [name for name in names if not _is_of_object(name)]
    if not names:
        return []
    code = [_REMARK.sub("", _STRING.sub('""', _FORMATTED.sub(_formatted, key))) for key in _keys_of_code(text)]
    whole = "\n".join(code)
    return [name for name in names if _is_used(name, whole) and not _is_bound(name, code)]


def _formatted(string: re.Match[str]) -> str:
    """What a string with expressions in it uses, as code."""
    return '"" + ' + " + ".join(f"({found})" for found in _EXPRESSION.findall(string[0])) if "{" in string[0] else '""'


def _is_of_object(name: str) -> bool:
    return name.startswith(("self.", "this."))


def _keys_of_code(text: str) -> Iterator[str]:
    """The lines without those of comments and of strings of several lines, which tell of names and use none."""
    code = _LONG_STRING.sub('""', text) if '"""' in text or "'''" in text else text
    return (key for line in code.split("\n") if (key := line.strip()) and not is_comment(key))


def lines_gone(before: str, after: str) -> list[str]:
    """The lines that `before` has more often, without outer white space, in its order."""
    lines = before.split("\n")
    old, new = Counter(lines), Counter(after.split("\n"))
    rest = _keys(old - new) - _keys(new - old)
    if len(rest) > 1:
        first = {key: row for row, line in reversed(list(enumerate(lines))) if (key := line.strip()) in rest}
        rest = Counter({key: rest[key] for key in sorted(rest, key=first.__getitem__)})
    return list(rest.elements())


def _keys(lines: Counter[str]) -> Counter[str]:
    keys: Counter[str] = Counter()
    for line, count in lines.items():
        if key := line.strip():
            keys[key] += count
    return keys


def declares(key: str) -> Iterator[str]:
    """The names that a line, without outer white space, binds for other lines."""
    kind, name = declared(key)
    if kind == "import":
        words = [word for word in _IMPORTED.findall(_STRING.sub("", key)) if word not in _NO_NAMES]
        single = re.search(r"[,{]", key) is None
        bound = words[-1:] if single else words[1:] if key.startswith("from") else words
        yield from (word for word in bound if len(word) > 1)  # shorter ones are bound in too many ways
    elif (
        _NAME.match(name)
        and name not in _NO_NAMES
        and (kind in ("value", "class") or (kind == "def" and "(" in key) or name.startswith("--"))
    ):
        yield name


def _is_used(name: str, code: str) -> bool:
    """As a word of its own, not as a part of something else and not as the name of an argument or a key."""
    if len(name) < _SHORT:
        return re.search(rf"(?<![\w$.@-]){re.escape(name)}\.", code) is not None
    used = re.compile(rf"(?<![\w$.@-]){re.escape(name)}(?![\w$-]|\s*(?:=[^=>]|:\s))")
    at = code.find(name)
    while at >= 0:
        if used.match(code, at):
            return True
        at = code.find(name, at + 1)
    return False


def _is_bound(name: str, code: list[str]) -> bool:
    """Whether any line binds it, in whatever way: by a declaration, an import, a parameter, a loop, a pattern."""
    binds = _binding(name)
    word = re.compile(rf"(?<![\w$.-]){re.escape(name)}(?![\w$-])")
    return any(
        name in line
        and word.search(line)
        and (
            len(line) > _LONGEST  # what else it holds cannot be told
            or declared(line)[1].rsplit(".", 1)[-1] == name
            or any(re.search(one, line) for one in binds)
        )
        for line in code
    )


def _binding(name: str) -> list[str]:
    quoted = re.escape(name)
    if name.startswith("--"):
        return [rf"^{quoted}\s*:"]
    word = rf"(?<![\w$.-]){quoted}(?![\w$-])"
    return [
        rf"\b(?:{_HEADS})\b.*{word}",
        rf"\b(?:{_WORDS})\b(?:(?!{_VALUE}).)*{word}",
        rf"(?<!: ){word}\s*(?:,[^()]*)?(?:\s*:[^=]{{1,80}})?\s*(?::?=(?!=)|=>)",
        rf"\|[^|]*{word}[^|]*\|",
        rf"(?:^|[^\w\s]|\b(?!(?:{_ASKS})\b)\w+)\s*\([^()]*{word}[^()]*\)\s*(?:->[^{{]*|:[^{{]*|throws[^{{]*)?(?:\{{|=>)",
        rf"^{quoted}(?:\s*[:(]|(?:\s+as\s+\w+)?,?$)",
        rf"^(?!(?:{_NO_TYPES})\b)[*&]?\s*[\w<>\[\],.:*& ]+(?<!:)[ *&]{quoted}\s*(?:[;=,(\[{{]|$)",
    ]
