"""What a language model is asked: the fast-apply form.

    <code> the original </code>   <update> the chat </update>   ->   <updated-code> the whole file </updated-code>

Lines that a person wants otherwise than they were proposed are asked for in the same form, with
`<proposal> the lines as proposed </proposal>` and `<note> what the person says </note>` beside it.
Texts come in with LF line ends and without their last line end (`plain`): what a model cannot be trusted to copy is
put back by the reader of its reply. Must not know: how a prompt is sent, or to what server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from applyweb.core.text import BOM
from applyweb.engines.base import ApplyRequest, Rewrite
from applyweb.engines.stand_ins import StandIns

_LINE_END = re.compile(r"\r\n|\r")
_SYSTEM = "You merge code changes into files. You answer with the complete merged file and nothing else."
_OTHERS = "Leave out changes that the update makes to other files."
_OTHER_PARTS = (
    "This is a part of the file: write this part only. Leave out changes that the update makes to other parts or files."
)
_INSTRUCTION = """\
Apply the change described in <{update}> to the {thing} in <{code}>{path}.
- Make every change that the update asks for, and no other change.
- Copy all other lines exactly: their order, comments, blank lines and indentation.
- A comment such as "... existing code ..." in the update stands for unchanged lines of the file: write those lines out.
- {others}
- Write the whole {thing} between <{answer}> and </{answer}>, without code fences or explanations.
"""

_REVISE_SYSTEM = "You revise proposed changes to code as a reviewer asks. You answer with the lines and nothing else."
_REVISE = """\
<{code}> holds lines{path}. <{proposal}> holds the same lines with a proposed change{asked}.
The reviewer does not want the change as it was proposed: <{note}> says what is wanted instead.
- Write the lines again, with the change as the reviewer wants it. Keep of the proposal what the note does not speak of.
- {around}
- Write all of the lines between <{answer}> and </{answer}>, without code fences or explanations.
"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """`open_tag` and `close_tag` enclose the answer; `stand_ins` were put into the texts and come back in it."""

    system: str
    user: str
    open_tag: str
    close_tag: str
    stand_ins: StandIns

    @property
    def prefill(self) -> str:
        """The beginning of the answer, where the one who sends the prompt can write it for the model."""
        return f"{self.open_tag}\n"

    def messages(self, *, prefilled: bool = False) -> list[dict[str, str]]:
        """As chat messages; with `prefilled` the last one is the assistant's own, to be continued."""
        turns = [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]
        return [*turns, {"role": "assistant", "content": self.prefill}] if prefilled else turns

    def chatml(self) -> str:
        """As one text in the template of Qwen and its kin, with the answer begun. For servers that cannot render
        messages with their own model's template."""
        turns = (f"<|im_start|>{each['role']}\n{each['content']}<|im_end|>\n" for each in self.messages())
        return f"{''.join(turns)}<|im_start|>assistant\n{self.prefill}"


def build(request: ApplyRequest) -> Prompt:
    """The prompt of a request. The same request gives the same prompt."""
    if request.rewrite is not None:
        return _revision(request, request.rewrite)
    path = " ".join(request.path.split())
    stand_ins = StandIns.for_texts((request.original, request.chat, path))
    original, chat = (stand_ins.hide(plain(text)) for text in (request.original, request.chat))
    path = stand_ins.hide(path)
    code, update, answer = (free_tag(name, original, chat, path) for name in ("code", "update", "updated-code"))
    thing, others, whose = ("lines", _OTHER_PARTS, "from") if request.part else ("file", _OTHERS, "which is")
    where = f", {whose} {path}" if path else ""
    names = {"code": code, "update": update, "answer": answer}
    instruction = _INSTRUCTION.format(**names, path=where, thing=thing, others=others)
    user = f"{instruction}\n<{code}>\n{original}\n</{code}>\n\n<{update}>\n{chat}\n</{update}>"
    return Prompt(_SYSTEM, user, f"<{answer}>", f"</{answer}>", stand_ins)


def _revision(request: ApplyRequest, rewrite: Rewrite) -> Prompt:
    path = " ".join(request.path.split())
    given = (request.original, rewrite.proposed, request.chat, rewrite.note)
    stand_ins = StandIns.for_texts((*given, path))
    original, proposed, chat, note = texts = [stand_ins.hide(plain(text)) for text in given]
    path = stand_ins.hide(path)
    names = {
        name: free_tag(tag, *texts, path)
        for name, tag in (
            ("code", "code"),
            ("proposal", "proposal"),
            ("update", "update"),
            ("note", "note"),
            ("answer", "updated-code"),
        )
    }
    asked = f", which <{names['update']}> asks for" if chat else ""
    where = f" from {path}" if path else ""
    user = _REVISE.format(**names, path=where, asked=asked, around=_around(rewrite))
    blocks = [("code", original), ("proposal", proposed), *([("update", chat)] if chat else []), ("note", note)]
    for name, text in blocks:
        user += f"\n<{names[name]}>\n{text}\n</{names[name]}>\n"
    tag = names["answer"]
    return Prompt(_REVISE_SYSTEM, user.removesuffix("\n"), f"<{tag}>", f"</{tag}>", stand_ins)


def _around(rewrite: Rewrite) -> str:
    """What must stay as it is."""
    ends = [
        f"the {which} {'line' if count == 1 else f'{count} lines'}"
        for which, count in (("first", rewrite.above), ("last", rewrite.below))
        if count
    ]
    if not ends:
        return "The lines are the whole file."
    return f"Copy {' and '.join(ends)} exactly: they are shown only so that the others can be understood."


def plain(text: str) -> str:
    """`text` as models read it: no byte-order mark, LF line ends, without the last line end."""
    return _LINE_END.sub("\n", text.removeprefix(BOM)).removesuffix("\n")


def free_tag(name: str, *texts: str) -> str:
    """`name`, with the first number behind it that makes its tags occur in none of the texts, so that tags in a text
    stay data. A name that is free stays as it is: models are trained on it."""
    joined = "\n".join(texts).lower()
    for number in count(1):
        tried = name if number == 1 else f"{name}-{number}"
        if f"<{tried}" not in joined and f"</{tried}" not in joined:
            return tried
    raise AssertionError("count() is endless")
