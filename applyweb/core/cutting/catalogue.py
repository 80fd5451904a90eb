"""All styles by name, and the one way to cut an answer.

Must not know: packages, how merges are made.
"""

from __future__ import annotations

from applyweb.core.cutting import asides, asked, sayings, words
from applyweb.core.cutting.additions import adding
from applyweb.core.cutting.answers import Cut, Told, paragraphs, plain
from applyweb.core.cutting.asides import with_sample
from applyweb.core.cutting.change import Change, leaf
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.imported import IMPORTED
from applyweb.core.cutting.mentions import mentioning
from applyweb.core.cutting.styles import BASE, members


def _plain(name: str) -> Told:
    """A plain style with an introduction and a remark that say nothing."""
    form, style = BASE[name]

    def told(change: Change, draw: Draw) -> Cut | None:
        if change.cuts_an_edge and name != "full":
            return None
        code = style(change, draw)
        if code is None:
            return None
        chat = paragraphs(draw.words(words.INTRODUCTIONS), code, draw.words(words.REMARKS))
        return Cut(chat, change.new_text, form)

    return told


def _members_alone(change: Change, draw: Draw) -> Cut | None:
    """A class with nothing in it but the members that change, without a marker; the prose says that the others stay."""
    lines = members(change, lambda _: [])
    homes = change.homes()
    if not lines or not homes or "." not in homes[0].name:
        return None
    owner = leaf(homes[0].name.rpartition(".")[0])
    names = " and ".join(f"`{leaf(home.name)}`" for home in homes)
    said = draw.words(words.KEPT).format(names=names, owner=owner)
    chat = paragraphs(said, words.fence(lines, change.language, draw, change.path), draw.choice(("", words.REMARKS[0])))
    return Cut(chat, change.new_text, "lazy")


def _named_first(change: Change, draw: Draw) -> Cut | None:
    """A plain answer whose fences begin with the file's name in a comment."""
    language = change.language
    if language.name == "json" or not (language.line_comments or language.block_comments):
        return None
    code = plain(change, draw, patches=False)
    if code is None:
        return None
    parts = change.path.split("/")
    path = "/".join(parts[-draw.choice((1, 2, len(parts))) :])
    line = words.comment(language, "", draw, draw.choice((path, path, f"File: {path}")))
    lines: list[str] = []
    inside = False
    for text in code.code.split("\n"):
        lines.append(text)
        if text.startswith("```"):
            inside = not inside
            if inside and (draw.happens(0.7) or line not in lines):
                lines.append(line)
    chat = paragraphs(draw.words(words.INTRODUCTIONS), "\n".join(lines), draw.words(words.REMARKS))
    return Cut(chat, change.new_text, code.format, code.base)


STYLES: dict[str, Told] = {
    **{name: _plain(name) for name in BASE},
    "names-denied": mentioning(sayings.DENIED),
    "names-later": mentioning(sayings.LATER),
    "names-elsewhere": mentioning(sayings.ELSEWHERE),
    "names-owner": mentioning(sayings.OWNER),
    "names-with": mentioning(sayings.WITH),
    "names-question": mentioning(sayings.QUESTION),
    "asked-import": asked.unused_import,
    "asked-gone": asked.gone_definition,
    "asked-name": asked.other_name,
    "asked-line": asked.one_line,
    "adds-block": adding(in_block=True),
    "adds-members": adding(in_block=False),
    **IMPORTED,
    "members-alone": _members_alone,
    "named-first": _named_first,
    "beside-usage": with_sample(asides.usage, before=False),
    "beside-test": with_sample(asides.a_test, before=False),
    "beside-commands": with_sample(asides.commands, before=None),
    "beside-output": with_sample(asides.output, before=None),
    "beside-old": with_sample(asides.as_it_was, before=True, bridge=asides.NOW),
    "beside-gist": with_sample(asides.gist, before=True),
    "beside-quoted": with_sample(asides.quoted, before=None),
    "beside-rejected": with_sample(asides.rejected, before=None),
    "beside-offered": with_sample(asides.offered, before=False),
}


def cut(change: Change, style: str, draw: Draw) -> Cut | None:
    """The whole answer in a style of STYLES; None where the change cannot be told in it."""
    return STYLES[style](change, draw) if change.spans else None
