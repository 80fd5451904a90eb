"""Whether two functions of one name are two functions: overloads, a getter and its setter, two registrations.

Must not know: edits, placements."""

from __future__ import annotations

import re

from applyweb.core.merge.blocks import balance
from applyweb.core.merge.lines import Lines
from applyweb.core.merge.lists import parts
from applyweb.core.merge.members import Member

_OVERLOADS = frozenset({"java", "csharp", "cpp", "kotlin", "swift", "scala", "typescript", "tsx"})
_NAME_FIRST = frozenset({"kotlin", "swift", "scala", "typescript", "tsx"})
_ACCESSOR = re.compile(r"@\w+\.(?:setter|getter|deleter|register)\b|@(?:typing\.)?overload\b|@\w*property\b")
_GET_SET = re.compile(r"(?:(?:public|private|protected|static|override)\s+)*(get|set)\s+[\w#$]+\s*\(")


def are_siblings(edit: Lines, new: Member, original: Lines, old: Member, language: str) -> bool:
    """Whether a function of the edit and one of the original, of the same name, stand side by side. `language` "":
    types of parameters do not tell two functions."""
    if new.kind != "def":
        return False
    ours, theirs = (_ACCESSOR.findall(_above(lines, each)) for lines, each in ((edit, new), (original, old)))
    if ours and ours != theirs:
        return True
    first, second = _GET_SET.match(edit.keys[new.head]), _GET_SET.match(original.keys[old.head])
    if (first and first[1]) != (second and second[1]):
        return True
    if language not in _OVERLOADS:
        return False
    return _types(edit, new, language) != _types(original, old, language)


def _above(lines: Lines, member: Member) -> str:
    return "\n".join(lines.keys[member.start : member.head])


def _types(lines: Lines, member: Member, language: str) -> list[str]:
    """The types of a function's parameters, in order."""
    end = member.head + 1
    while end < member.end and balance([key.rstrip("{") for key in lines.keys[member.head : end]]) > 0:
        end += 1
    head = " ".join(lines.keys[member.head : end])
    inside = head[head.find("(") + 1 :]
    depth, stop = 1, len(inside)
    for index, char in enumerate(inside):
        depth += (char == "(") - (char == ")")
        if not depth:
            stop = index
            break
    types = []
    for part in parts(inside[:stop]):
        bare = re.sub(r"@\w+(?:\([^)]*\))?\s+|\s*=.*$|\b(?:final|const|readonly)\s+", "", part).strip()
        if language in _NAME_FIRST:
            types.append(bare.partition(":")[2].strip())
        else:
            types.append(re.sub(r"\s*\b[A-Za-z_]\w*$", "", bare) if re.search(r"[\s*&>\]]\w+$", bare) else bare)
    return [re.sub(r"\s+", "", each) for each in types]
