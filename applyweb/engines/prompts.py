"""What a language model is asked: the fast-apply form.

    <code> the original </code>   <update> the chat </update>   ->   <updated-code> the whole file </updated-code>

Texts come in with LF line ends and without their last line end (`plain`): what a model cannot be trusted to copy is
put back by the reader of its reply. Must not know: how a prompt is sent, or to what server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from applyweb.core.text import BOM
from applyweb.engines.base import ApplyRequest
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
