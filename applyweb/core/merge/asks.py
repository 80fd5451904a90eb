"""Whether the words above a piece of code only add to what the file has.

Must not know: the file, the code's lines.
"""

from __future__ import annotations

import re

from applyweb.core.chat import Edit
from applyweb.core.merge import announced, prose

_ADDS = re.compile(
    r"\b(?:add(?:s|ed|ing)?|append(?:s|ed|ing)?|insert(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|extend(?:s|ed|ing)?|"
    r"register(?:s|ed|ing)?|declare[sd]?|include[sd]?|enable[sd]?|handle[sd]?|support(?:s|ed)?|put|needs?|another|additional|also|"
    r"(?:a|one) (?:new|further|second|third)|new \w+)\b",
    re.I,
)
_GOES = (
    r"replac\w+|remov\w+|delet\w+|drop(?:s|ped|ping)?|instead|in (?:its|their|the) (?:place|stead)|rewrit\w+|rewrote|"
    r"keeps? only|only (?:these|those|the following|keeps?|has)|no longer|clean\w*|trim\w*|strip\w*|"
    r"full|complete|entire|whole"
)
_TAKES = re.compile(rf"\b(?:{_GOES})\b", re.I)
_CHANGES = re.compile(
    rf"\b(?:{_GOES}|chang\w+|renam\w+|refactor\w*|mov(?:e|es|ed|ing)|becom\w+|turn\w*|simplif\w+|shrink\w*|updat\w+|"
    r"modif\w+|swap\w*|switch(?:es|ed)?|convert\w*|wrap\w*|merg\w*|split\w*|extract\w*|inlin\w*|adjust\w*|reduc\w+|"
    r"fix\w*|edit(?:s|ed)?|should (?:now )?(?:look|be|read)|now (?:looks?|reads?|is|has only))\b",
    re.I,
)
_DOES = re.compile(r"\b(?:now|us(?:e|es|ing)|mak(?:e|es|ing)|support(?:s|ed)?|handle[sd]?|needs?)\b", re.I)
_RESTS = re.compile(
    r"\bfor brevity\b|\b(?:rest|others?|remaining|everything else)\b[^.:;]{0,50}\b(?:as|same|stays?|remains?|unchanged|"
    r"untouched|unaffected|omitted|left|identical)\b|\b(?:show(?:ing|n|s)?|here (?:is|are)|below (?:is|are)) only\b|"
    r"\bonly (?:the )?(?:\w+ )?(?:changed|changes|new|updated|modified|relevant|affected)\b|"
    r"\bkeep\w* (?:all )?(?:the |its )?(?:rest|others?|remaining)\b|\band nothing else\b|"
    r"\bonly x (?:of|in|from) x\b|\b(?:leav\w+|omit\w*|skip\w*) (?:out )?the (?:rest|others?)\b",
    re.I,
)
_NOTHING_ELSE = re.compile(
    r"\b(?:nothing else|no other (?:line|code|part)s?) (?:changes|(?:is|was) changed|(?:needs|has) to change)\b|"
    r"\b(?:there are )?no other changes\b",
    re.I,
)
_NONE_NEW = re.compile(r"\bno (?:new|additional|further|extra|other) \w+", re.I)
_OVERLOAD = re.compile(r"\b(?:overload\w*|constructors?|variants?|second|another|version that)\b", re.I)
_PARAMETER = re.compile(r"\b(?:param\w*|arguments?|args?|keyword|signature|types?|generic)\b", re.I)


def only_adds(edit: Edit) -> bool:
    """Whether the sentences right above the code, or right below where there are none above, speak of adding and of no
    other change."""
    said = _said(edit) or _bare_words(edit.after.split("\n\n", 1)[0])
    return _ADDS.search(said) is not None and _CHANGES.search(said) is None


def takes_nothing(edit: Edit) -> bool:
    """Whether the sentences right above the code speak of adding, and of nothing by which a line could give way."""
    said = _said(edit)
    return only_adds(edit) and _DOES.search(said) is None


def may_add(edit: Edit) -> bool:
    """Whether nothing above the code speaks of another change than adding, or announces an example or the like."""
    if announced.role(prose.last_line(edit)) != "edit":
        return False
    return _CHANGES.search(_said(edit)) is None


def leaves_rest_out(edit: Edit) -> bool:
    """Whether the words above the code say that what it does not show stays."""
    return _RESTS.search(_said(edit)) is not None


def takes_away(edit: Edit) -> bool:
    """Whether the sentences right above the code speak of something that goes or gives way."""
    return _TAKES.search(_said(edit)) is not None


def says_overload(edit: Edit) -> bool:
    """Whether the words above speak of another function of the same name."""
    return _OVERLOAD.search(_said(edit)) is not None


def says_parameter(edit: Edit) -> bool:
    """Whether the words above speak of what a function takes, so that its new version is shown."""
    said = _said(edit)
    return _PARAMETER.search(said) is not None and _OVERLOAD.search(said) is None


def _said(edit: Edit) -> str:
    """The paragraph right above the code; with the one above it where it neither announces the code nor says what is
    done."""
    last = _bare_words(re.split(r"\n\s*\n", edit.before.rstrip())[-1])
    if _ADDS.search(last) or _CHANGES.search(last) or _RESTS.search(last) or last.endswith(":"):
        return last
    return _bare_words(prose.last_paragraph(edit))


def _bare_words(text: str) -> str:
    """Prose without what it quotes, and without the assurance that there is no other change and nothing new."""
    return _NONE_NEW.sub("", _NOTHING_ELSE.sub("", re.sub(r"`[^`\n]*`", "x", text))).strip()
