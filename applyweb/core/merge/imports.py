"""Import statements of a text, in any language: where they stand, what they import from, the names they bind, and one
statement made of two.

Must not know: edits, where new imports go. Works by the look of lines, like `declared`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from applyweb.core.merge.blocks import balance
from applyweb.core.merge.lines import Lines

_FIRST = re.compile(
    r"(?P<python_from>from\s+[\w.]+\s+import\b)|(?P<script>import\s+(?:type\s+)?(?:[\w$*{][^'\"]*)?['\"]|import\s+(?:type\s+)?\{\s*$)|"
    r"(?P<go>import\s*\($)|(?P<include>#\s*(?:include|import)\b)|"
    r"(?P<require>(?:const|let|var)\s+[^=]{1,200}=\s*require\s*\(|(?:const|let|var)\s+\{\s*$)|(?P<load>require(?:_relative|_once)?[\s(]+['\"])|"
    r"(?P<use>(?:pub(?:\([^)]*\))?\s+)?use\s+[\w:\\{])|(?P<using>(?:global\s+)?using\s+(?:static\s+)?[A-Z][\w.]*\s*(?:=[^;(]*)?;)|"
    r"(?P<dotted>import\s+(?:static\s+)?[\w.]+(?:\.\*|\.\{[^}]*\}|\.\*)?\s*(?:as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*\s*;?\s*(?:#.*|//.*)?$)"
)
_FROM = r"from\s*['\"](?P<module>[^'\"]+)['\"]"
_LISTED = {  # head, names and tail of a statement whose names stand in a list
    form: re.compile(rf"^(?P<head>{head}\s*)(?P<names>{names})(?P<tail>,?\s*{tail})$", re.S)
    for form, head, names, tail in (
        ("python_from", r"from\s+(?P<module>[\w.]+)\s+import\s+\(?", r".*?", r"\)?\s*(?:#.*)?"),
        ("script", r"import\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{", r".*?", rf"\}}\s*{_FROM}.*"),
        (
            "require",
            r"(?:const|let|var)\s+\{",
            r".*?",
            r"\}\s*=\s*require\s*\(\s*['\"](?P<module>[^'\"]+)['\"].*",
        ),
        ("use", r"(?:pub(?:\([^)]*\))?\s+)?use\s+(?P<module>[\w:\\]+)\{", r"[^{}]*?", r"\}\s*;.*"),
    )
}
_QUOTED = re.compile(r"['\"<]([^'\">]+)['\">]")
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Import:
    """Rows [start, end) of a text. `form` is the kind of statement, `module` what it imports from; `names` are the
    bound local names with the words that bind each, empty where a statement binds none that can be told; `listed`:
    its names stand in a list that others can join. `text` is without outer white space; of Go it is only what stands
    after `import`, as in a block."""

    start: int
    end: int
    form: str
    module: str
    text: str
    names: Mapping[str, str] = field(default_factory=dict)
    listed: bool = False

    @property
    def key(self) -> str:
        return " ".join(self.text.split())


def imports_of(lines: Lines, language: str) -> list[Import]:
    """The statements at the outermost level, in order; a Go block gives one for each line of it."""
    found: list[Import] = []
    row = 0
    while row < lines.size:
        if lines.keys[row] and lines.indents[row] == 0 and (last := statement_end(lines, row)) > row:
            found.extend(read_import(lines, row, last, language))
            row = last
        else:
            row += 1
    return found


def statement_end(lines: Lines, row: int) -> int:
    """The row after the import statement that begins here; `row` itself where none does."""
    match = _FIRST.match(lines.keys[row][:400])
    if match is None:
        return row
    end = row + 1
    while (
        end < lines.size
        and end - row < 200
        and (lines.keys[end - 1].endswith("\\") or balance(lines.keys[row:end]) > 0)
    ):
        end += 1
    if balance(lines.keys[row:end]) > 0:
        return row
    if match.lastgroup == "require" and "require" not in lines.keys[end - 1]:
        return row
    return end


def read_import(lines: Lines, row: int, end: int, language: str) -> list[Import]:
    """What the statement of rows [row, end) imports."""
    match = _FIRST.match(lines.keys[row][:400])
    form = (match and match.lastgroup) or ""
    if form == "go":
        inner = [at for at in range(row + 1, end - 1) if _QUOTED.search(lines.keys[at])]
        return [_one(at, at + 1, "go", lines.keys[at]) for at in inner]
    text = "\n".join(lines.texts[row:end]).strip()
    if language == "go":
        return [_one(row, end, "go", text.removeprefix("import").strip())]
    return [_one(row, end, form, text)]


def _one(start: int, end: int, form: str, text: str) -> Import:
    flat = re.sub(r"\s+", " ", text)
    if (pattern := _LISTED.get(form)) and (match := pattern.match(text)):
        names = _bound(match["names"], form)
        if "self" in names:
            names[match["module"].rstrip(":").rpartition(":")[2]] = names.pop("self")
        if form == "script" and (default := re.match(r"import\s+(?:type\s+)?([\w$]+)\s*,", flat)):
            names = {default[1]: "default"} | names
        kind = form + (":type" if re.match(r"import\s+type\b", flat) else ":pub" if flat.startswith("pub") else "")
        return Import(start, end, kind, match["module"], text, names, listed=bool(names))
    module = quoted[1] if (quoted := _QUOTED.search(flat)) else flat
    names = {}
    if form == "go":
        alias = re.match(r"([\w.]+)\s+\"", flat)
        leaf = next((part for part in reversed(module.split("/")) if not re.fullmatch(r"v\d+", part)), module)
        names = {alias[1] if alias else leaf: module} if not alias or alias[1] not in "._" else {}
    elif form in ("script", "require"):
        local = re.match(r"(?:import(?:\s+type)?|const|let|var)\s+(?:\*\s*as\s+)?([\w$]+)\s*(?:from|=)", flat)
        names = {local[1]: "default"} if local else {}
    elif form in ("dotted", "use", "using"):
        module = re.sub(r"^(?:pub(?:\([^)]*\))? |global )?(?:import|use|using) (?:static )?|\s*;.*$|\s*#.*$", "", flat)
        for part in module.split(",") if "{" not in module else ():
            path, _, alias_name = part.strip().partition(" as ")
            names[alias_name.strip() or _leaf(path, form, flat)] = path
        names = {name: path for name, path in names.items() if re.fullmatch(r"[\w$]+", name)}
        if form == "using":
            names = {}
    return Import(start, end, form, module.strip(), text, names)


def _leaf(path: str, form: str, flat: str) -> str:
    """What a dotted path binds: its first part in Python, its last elsewhere."""
    parts = re.split(r"::|\\|\.", path.strip())
    is_python = form == "dotted" and not flat.rstrip().endswith(";") and (len(parts) == 1 or parts[0].islower())
    return parts[0] if is_python and not parts[-1][:1].isupper() else parts[-1]


def _bound(names: str, form: str) -> dict[str, str]:
    bound: dict[str, str] = {}
    for part in re.sub(r"(?:#|//).*", "", names).split(","):
        words = " ".join(part.split())
        if not words:
            continue
        local = re.split(r"\s+as\s+|\s*:\s*" if form == "require" else r"\s+as\s+", words)[-1]
        bound[local.removeprefix("type ")] = words
    return {name: words for name, words in bound.items() if name not in ("*", "_")}


def origin(statement: Import, name: str) -> str:
    """From where a bound name comes, however the statement is written."""
    words = statement.names.get(name, "")
    path = f"{statement.module}/{words}" if statement.listed else words if words != "default" else statement.module
    return "/".join(re.findall(r"[\w@-]+", path))


def bind_alike(first: str, second: str) -> bool:
    """Whether two lines may be versions of one import: not where both import something else and bind no name in common.
    True where a line is no whole import."""
    statements = [_of_line(key) for key in (first, second)]
    if None in statements:
        return True
    old, new = (each for each in statements if each is not None)
    return old.module == new.module or bool(set(old.names) & set(new.names))


def _of_line(key: str) -> Import | None:
    match = _FIRST.match(key[:400])
    if match is None or match.lastgroup == "go" or balance([key]) > 0 or key.endswith("\\"):
        return None
    return _one(0, 1, match.lastgroup or "", key)


def joined(old: Import, new: Import, without: Collection[str] = ()) -> str | None:
    """The statement that holds what both import but the names `without`, as the old one is written; None where they
    cannot be one."""
    if old.form != new.form or old.module != new.module or not new.listed:
        return None
    if not old.listed:
        return _with_default(old, new)
    if all(old.names.get(name, words) == words for name, words in new.names.items()):
        added = [words for name, words in new.names.items() if name not in old.names]
    else:
        return None
    if not added and not without:
        return old.text
    replaced = set(old.names) - set(without) <= set(new.names) and not set(without) & set(new.names)
    if replaced and "\n" not in old.text and "\n" not in new.text:
        return new.text
    if "default" in added:
        return None
    match = _LISTED[old.form.partition(":")[0]].match(old.text)
    if match is None:
        return None
    if "\n" not in match["names"] and "\n" not in match["head"]:
        names = [part.strip() for part in match["names"].split(",") if part.strip()]
        names = [part for part in names if not _bound(part, old.form).keys() & set(without)]
        text = match["head"] + ", ".join(_inserted(names, added)) + match["tail"]
        return text if len(text) <= max(_WIDEST, len(old.text)) else None
    return _in_rows(old, added, without)


def _with_default(old: Import, new: Import) -> str | None:
    """`import a from "x"` and `import { b } from "x"` as one."""
    if old.form != "script" or "\n" in new.text or list(old.names.values()) != ["default"] or "*" in old.text:
        return None
    if "default" in new.names.values():
        return new.text
    text = new.text.replace("{", f"{next(iter(old.names))}, {{", 1)
    return text if len(text) <= _WIDEST else None


def _in_rows(old: Import, added: Sequence[str], without: Collection[str]) -> str | None:
    """Names added to a list that has one a line, and taken out of it."""
    first, *inner, last = old.text.split("\n")
    inner = [line for line in inner if not _bound(line.strip().rstrip(","), old.form).keys() & set(without)]
    keys = [line.strip().rstrip(",") for line in inner]
    if not inner or any("," in key or not re.match(r"[\w$]", key) for key in keys):
        return None
    indent = inner[0][: len(inner[0]) - len(inner[0].lstrip())]
    trailing = inner[-1].rstrip().endswith(",")
    rows = [line if line.rstrip().endswith(",") else line + "," for line in inner]
    known = dict(zip(keys, rows, strict=True))
    body = [known.get(name, f"{indent}{name},") for name in _inserted(keys, added)]
    if not trailing:
        body[-1] = body[-1].rstrip().removesuffix(",")
    return "\n".join([first, *body, last])


def _inserted(names: list[str], added: Sequence[str]) -> list[str]:
    """In their order where they have one, at the end otherwise."""
    result = list(names)
    for key in (str, str.lower):
        if sorted(names, key=key) == names:
            for name in added:
                at = next((k for k, other in enumerate(result) if key(other) > key(name)), len(result))
                result.insert(at, name)
            return result
    return [*result, *added]
