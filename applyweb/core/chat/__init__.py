"""An assistant's whole answer -> its edits, each with its format, its chat lines, its file and the prose around it.

May live here: everything that can be read from the answer alone. Must not know: the original file, merging.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from applyweb.core import languages
from applyweb.core.chat import names
from applyweb.core.chat.answer import Answer, Edit, Format, PathSource
from applyweb.core.chat.blocks import Block, split_blocks
from applyweb.core.chat.formats import format_of, looks_like_code
from applyweb.core.text import BOM, contents

__all__ = ["Answer", "Edit", "Format", "PathSource", "bare", "parse", "spoken_language"]


def parse(chat: str) -> Answer:
    """Read an answer. Any text can be read; one without code gives no edits. A text without any fence is taken as one
    bare edit where it is code or a patch, else as prose."""
    lines = contents(chat.removeprefix(BOM))
    blocks = split_blocks(lines)
    if all(block.kind == "prose" for block in blocks):
        return _bare_answer(lines)
    edits: list[Edit] = []
    prose: list[str] = []
    pending: list[str] = []  # the prose, and the name, that stand before the next edit
    named = ""
    for block in blocks:
        text = "\n".join(block.lines)
        if block.kind == "prose":
            pending.append(text)
            prose.append(text)
            continue
        if not text.strip():
            continue
        if len(block.lines) <= 2 and names.on_own_line(text):  # a fence that holds only a file name
            named = names.on_own_line(text)
            continue
        edits.append(_edit(block, text, _joined(pending), named))
        pending, named = [], ""
    edits = [
        replace(edit, after=edits[index + 1].before if index + 1 < len(edits) else _joined(pending))
        for index, edit in enumerate(edits)
    ]
    return Answer(tuple(edits), "\n".join(prose))


def _joined(prose: list[str]) -> str:
    return "\n".join(part for text in prose if (part := text.rstrip("\n"))).strip("\n")


def _edit(block: Block, text: str, before: str, named: str) -> Edit:
    edit = Edit(text, block.info, "code", block.start + 1, block.end, before=before, closed=block.closed)
    edit = replace(edit, format=format_of(text, edit.language), fenced=block.kind == "fence")
    path, source = _path(edit, named)
    return replace(edit, path=path, path_source=source)


def _path(edit: Edit, named: str) -> tuple[str, PathSource]:
    own = names.in_info(edit.info) or named
    above = [line for line in edit.before.split("\n") if line.strip()]
    if not own and above:
        own = names.on_own_line(above[-1])
    if not own and edit.format == "code":
        own = names.in_first_comment(edit.code)
    if own:
        return own, "own"
    sentence = names.in_sentence(above[-1]) if above else ""
    return (sentence, "prose") if sentence else ("", "")


def spoken_language(answer: Answer) -> str:
    """The language, a name of `core.languages`, of most of the answer's code by its fences and the paths it names; ""
    where nothing tells. Commands and patches do not count."""
    lines: Counter[str] = Counter()
    for edit in answer.edits:
        found = languages.by_path(edit.path) or languages.by_name(edit.language)
        if found is not None and found.name not in ("bash", "text"):
            lines[found.name] += edit.end - edit.start + 1
    return max(lines, key=lambda name: lines[name], default="")


def bare(chat: str) -> Answer:
    """The whole answer as one piece of code, its fences a part of it: a Markdown file given without one around it."""
    text = "\n".join(contents(chat.removeprefix(BOM)))
    return Answer((Edit(text, "markdown", "code", 1, text.count("\n") + 1, fenced=False),), "")


def _bare_answer(lines: list[str]) -> Answer:
    text = "\n".join(lines)
    form = format_of(text, "")
    if not text.strip() or (form == "code" and not looks_like_code(text)):
        return Answer((), text)
    edit = Edit(text, "", form, 1, len(lines), fenced=False)
    path = names.in_first_comment(text) if form == "code" else ""
    return Answer((replace(edit, path=path, path_source="own" if path else ""),), "")
