"""Whether the words above a piece of code only add to what the file has.

Must not know: the file, the code's lines.
"""

from __future__ import annotations

import re

from applyweb.core.chat import Edit
from applyweb.core.merge import prose

_ADDS = re.compile(
    r"\b(?:add(?:s|ed|ing)?|append(?:s|ed|ing)?|insert(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|extend(?:s|ed|ing)?|"
    r"register(?:s|ed|ing)?|declare[sd]?|include[sd]?|enable[sd]?|put|needs?|another|additional|also|"
    r"(?:a|one) (?:new|further|second|third)|new \w+)\b",
    re.I,
)
_CHANGES = re.compile(
    r"\b(?:replac\w+|chang\w+|renam\w+|remov\w+|delet\w+|drop(?:s|ped|ping)?|instead|rewrit\w+|rewrote|refactor\w*|"
    r"mov(?:e|es|ed|ing)|becom\w+|turn\w*|simplif\w+|shrink\w*|updat\w+|modif\w+|swap\w*|switch(?:es|ed)?|"
    r"convert\w*|reduc\w+|trim\w*|strip\w*|reset|only|just|no longer|clean\w*|fix\w*|edit(?:s|ed)?|"
    r"should (?:now )?(?:look|be|read)|now (?:looks?|reads?|is|has only)|full|complete|entire|whole)\b",
    re.I,
)


def only_adds(edit: Edit) -> bool:
    """Whether the sentences right above the code, or right below where there are none above, speak of adding and of no
    other change."""
    said = _bare_words(prose.last_paragraph(edit)) or _bare_words(edit.after.split("\n\n", 1)[0])
    return _ADDS.search(said) is not None and _CHANGES.search(said) is None


def may_add(edit: Edit) -> bool:
    """Whether nothing above the code speaks of another change than adding, or of using what it shows."""
    return _CHANGES.search(_bare_words(prose.last_paragraph(edit))) is None and not prose.is_example(edit)


def _bare_words(text: str) -> str:
    """Prose without what it quotes."""
    return re.sub(r"`[^`\n]*`", "x", text).strip()
