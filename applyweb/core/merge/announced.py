"""How the words above a piece of code announce it: as an addition, an example, an alternative, a test, something to
run; and what they say of the file's end.

Must not know: the file, code, places.
"""

from __future__ import annotations

import re
from typing import Literal

_LONGEST = 1_000  # characters of a sentence that are read
_SPAN = re.compile(r"`[^`\n]{1,160}`")

Role = Literal[
    "edit", "example", "explanation", "quote", "alternative", "rejected", "test", "command", "output", "unclear"
]


# What code stands below, by the line above it; the first that fits.
_PATTERNS: tuple[tuple[Role, str], ...] = (
    (
        "rejected",
        r"\b(?:wrong way|bad idea|anti-?pattern|not like this|don['\u2019]t (?:do|write|use) (?:it like )?this|"
        r"thought of this|"
        r"avoid (?:this|doing)|"
        r"would(?: not|n['\u2019]t) (?:do|write|use) (?:it|this)|instead of (?:doing )?this)\b",
    ),
    (
        "alternative",
        r"^\W*(?:or\b(?! else)|alternative(?:ly|s)?\b|another (?:option|way|approach|possibility)|"
        r"(?:option|variant|approach|alternative|solution) (?:[2-9]|[b-z]|two|second)\b|you could also\b|"
        r"if you (?:prefer|would rather|don['\u2019]t want|like)|"
        r"a (?:simpler|shorter|different|second) (?:way|option|version|approach))",
    ),
    (
        "output",
        r"^\W*(?:the )?outputs?\W*$|\b(?:it|this|which|that|now|you) (?:will |should |then |"
        r"now )?(?:prints?|outputs?|see|gives?|shows?|"
        r"logs?|returns?)\W*$|\bfail(?:s|ed) with\W*$",
    ),
    ("command", r"\b(?:run|execute|launch|install)\b[^.]{0,40}\W*$"),
    (
        "quote",
        r"\b(?:the (?:problem|issue|bug|culprit) (?:is|was)|(?:part|line|place|code) that (?:goes wrong|"
        r"breaks|fails|is wrong)|"
        r"the (?:old|original|current|existing|previous) (?:code|version|implementation)|"
        r"as it is (?:now|today)|"
        r"what you (?:already )?have(?: now)?|you already have|as a reminder|"
        r"(?:at the moment|currently|right now|so far|today)[^.]{0,30}\b(?:looks?|reads?|is|says|have|has)\b)|"
        r"^\W*(?:before|currently|now|old)\W*$",
    ),
    (
        "explanation",
        r"\bin short\b[^.]{0,40}\bis\W*$|"
        r"\b(?:in a nutshell|simplified|roughly|conceptually|in essence|essentially|under the hood|behind the scenes|"
        r"pseudo-?code|"
        r"stripped (?:of|down)|boils down|sketch|for (?:comparison|context|clarity|illustration)|to illustrate|"
        r"illustrat\w+|equivalent to|amounts to)\b",
    ),
    (
        "test",
        r"\b(?:a|an|some|one|unit|regression|matching|corresponding|quick) (?:\w+ )?(?:unit |"
        r"regression )?tests?\b|"
        r"\b(?:the|this) (?:unit |regression )?test\b(?! (?:job|step|suite|matrix|config))|"
        r"\btest (?:for|that)\b",
    ),
    (
        "example",
        r"\b(?:usage|for (?:example|instance)|e\.g\.|example|us(?:e|ed|ing) (?:it|them) like|"
        r"call(?:ed)? (?:it|them)? ?like|"
        r"try it|test it|looks? like this when|a caller|by hand)\b|"
        r"\byou can (?:now |then )?(?:use|call|write)\b[^.,;]{0,24}\W*$",
    ),
    (
        "unclear",
        r"\b(?:note (?:how|that)|see how|recall|remember|notice|here is (?:what|how|why)|for reference|"
        r"same as)\b",
    ),
)
_ROLES = tuple((role, re.compile(pattern, re.I)) for role, pattern in _PATTERNS)


def role(line: str) -> Role:
    """What the line right above a piece of code announces it as; "edit" where it says nothing else."""
    text = _SPAN.sub(" x ", line[:_LONGEST])
    return next((role for role, pattern in _ROLES if pattern.search(text)), "edit")


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
