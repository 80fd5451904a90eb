"""How the words above a piece of code announce it: as an addition, an example, an alternative, a test, something to
run; and what they say of the file's end.

Must not know: the file, code, places.
"""

from __future__ import annotations

import re
from typing import Literal

_LONGEST = 1_000  # characters of a sentence that are read
_SPAN = re.compile(r"`[^`\n]{1,160}`")

Role = Literal["edit", "example", "explanation", "alternative", "test", "command"]

_ADDS = re.compile(
    r"\b(?:add(?:s|ed|ing)?|append(?:s|ed)?|insert(?:s|ed)?|introduc(?:e|es|ed|ing)|register(?:s|ed)?|"
    r"extend(?:s|ed)?|"
    r"includ(?:e|es|ed)|new)\b",
    re.I,
)
_ALTERS = re.compile(
    r"\b(?:replac\w*|chang\w*|updat\w*|modif\w*|remov\w*|delet\w*|drop\w*|renam\w*|rewrit\w*|rewrote|"
    r"refactor\w*|fix\w*|"
    r"swap\w*|instead|no longer|simplif\w*|convert\w*|mov(?:e|ed|es|ing)|becom\w*|now|turn\w*|switch\w*|adjust\w*|"
    r"split\w*|merg\w*|clean\w*|extract\w*|inlin\w*|wrap\w*|use|uses|make|makes)\b",
    re.I,
)

_EXAMPLE = re.compile(
    r"\b(?:usage|for (?:example|instance)|e\.g\.|example|us(?:e|ed|ing) (?:it|them) like|"
    r"call(?:ed)? (?:it|them)? ?like|"
    r"you can (?:now|then) (?:use|call|write)|try it|test it|looks like this when)\b|^\W*(?:the )?(?:output|"
    r"prints?)\W*$",
    re.I,
)
_EXPLAINS = re.compile(
    r"\b(?:simplified|roughly|conceptually|in essence|essentially|under the hood|behind the scenes|internally|"
    r"pseudo-?code|"
    r"sketch|for (?:reference|comparison|context|clarity|illustration)|to illustrate|illustrat\w+|recall|"
    r"remember|notice|"
    r"note how|note that|see how|the (?:problem|issue|bug|culprit) (?:is|was)|here is (?:what|how|why)|"
    r"equivalent to|same as|amounts to|the (?:old|original|current|existing|previous) (?:code|version|"
    r"implementation)|as it is (?:now|today))\b",
    re.I,
)
_ALTERNATIVE = re.compile(
    r"^\W*(?:or\b(?! else)|alternative(?:ly|s)?\b|another (?:option|way|approach|possibility)|(?:option|variant|"
    r"approach|alternative|solution) "
    r"(?:[2-9]|[b-z]|two|second)\b|you could also\b|if you (?:prefer|would rather|don['\u2019]t want|like)|"
    r"a (?:simpler|shorter|different|second) (?:way|"
    r"option|version|approach))",
    re.I,
)
_FOR_TEST = re.compile(
    r"\b(?:a|an|some|one|unit|regression|matching|corresponding|quick) (?:\w+ )?(?:unit |regression )?tests?\b|"
    r"\btest (?:for|that)\b",
    re.I,
)
_RUNS = re.compile(r"\b(?:run|execute|launch)\b[^.]{0,40}:?\s*$", re.I)


def only_adds(paragraph: str) -> bool:
    """Whether the words above a piece of code speak of adding and of no other change."""
    text = _SPAN.sub(" ", paragraph)
    return _ADDS.search(text) is not None and _ALTERS.search(text) is None


def role(line: str) -> Role:
    """What the line right above a piece of code announces it as."""
    text = _SPAN.sub(" x ", line)
    if _ALTERNATIVE.search(text):
        return "alternative"
    if _RUNS.search(text):
        return "command"
    if _EXPLAINS.search(text):
        return "explanation"
    if _FOR_TEST.search(text):
        return "test"
    return "example" if _EXAMPLE.search(text) else "edit"


def drops_final_newline(text: str) -> bool:
    """Whether the prose says that the file is to end without a line end."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
        sentence = sentence[:_LONGEST]
        says = re.search(
            r"\b(?:no|without(?: a| any)?|(?:remove[sd]?|drop(?:s|ped)?|strip(?:s|ped)?) the) (?:trailing |"
            r"final )?(?:newline|line break|line end)\b",
            sentence,
            re.I,
        )
        place = re.search(
            r"\b(?:trailing|final|at (?:the )?(?:very )?end|at eof|end of (?:the )?file)\b", sentence, re.I
        )
        if (
            says
            and place
            and not sentence.rstrip().endswith("?")
            and not re.search(r"\b(?:was|had|currently|warning)\b", sentence, re.I)
        ):
            return True
    return False
