"""The cases of `manage.py bench draft`: how many tokens a verify step gives, by where the draft comes from.

A replay: the answer is known (what a model wrote, or what is wanted), and each step takes the right beginning of the
draft and one token more, as greedy verification does. No server and no model. Must not know: arguments, output.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from applyweb.core.cases import Case
from applyweb.core.merge import MergeRefused, merge
from applyweb.engines.base import ApplyRequest
from applyweb.engines.prompts import build, plain
from applyweb.serving.apply_draft.copier import LOOK_BACK, Copier, Tokens

WIDTHS = (16, 32, 64, 128, 256)
NGRAM = "SGLang's NGRAM"
_NGRAM = 10  # tokens that prompt lookup compares at most


class Drafter(Protocol):
    def draft(self, tail: Sequence[int], new: int, width: int) -> Tokens: ...


@dataclass(frozen=True, slots=True)
class Replay:
    """Token ids of one case; `merge` is empty where the merge was refused."""

    id: str
    prompt: Sequence[int]
    answer: Sequence[int]
    merge: Sequence[int]
    original: Sequence[int]


@dataclass(frozen=True, slots=True)
class Accepted:
    """`tokens` of all answers in `steps` verify steps; `microseconds` a draft took on average."""

    source: str
    width: int
    cases: int
    tokens: int
    steps: int
    microseconds: float

    @property
    def length(self) -> float:
        return self.tokens / self.steps


class Lookup:
    """Prompt lookup (Saxena 2023; the n-gram drafts of vLLM and TensorRT-LLM): the first place of the prompt that reads
    like most of the last tokens, with no memory of where it was."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._tokens = np.array(prompt, dtype=np.int64)

    def draft(self, tail: Sequence[int], new: int, width: int) -> Tokens:
        alive = np.flatnonzero(self._tokens[:-1] == tail[-1]) + 1
        best = alive
        for back in range(2, min(len(tail), _NGRAM) + 1):
            starts = alive - back
            alive = alive[(starts >= 0) & (self._tokens[starts] == tail[-back])]
            if not len(alive):
                break
            best = alive
        return self._tokens[best[0] : best[0] + width] if len(best) else self._tokens[:0]


SOURCES: dict[str, Callable[[Replay], Drafter]] = {
    "original only": lambda replay: Copier((), replay.original),
    "prompt lookup": lambda replay: Lookup(replay.prompt),
    "prompt, followed": lambda replay: Copier(replay.prompt),
    "merge, then prompt": lambda replay: Copier(replay.prompt, replay.merge),
}


def replay_of(case: Case, encode: Callable[[str], Sequence[int]]) -> Replay | None:
    """The case in tokens: what a model made of it where the suite tells, else what is wanted; None where neither is."""
    answer = case.expected if case.output is None else case.output
    if answer is None:
        return None
    prompt = build(ApplyRequest(case.id, case.original, case.chat, case.path, case.language))
    try:
        merged = merge(case.original, case.chat, path=case.path, language=case.language).text
    except MergeRefused:
        merged = ""

    def whole(text: str) -> Sequence[int]:
        return encode(f"{prompt.stand_ins.hide(plain(text))}\n{prompt.close_tag}") if text else ()

    return Replay(case.id, encode(prompt.chatml()), whole(answer), whole(merged), whole(case.original))


def accepted(replays: Sequence[Replay], widths: Iterable[int] = WIDTHS) -> Iterator[Accepted]:
    """Each source at each width over all cases; `width` counts the whole step, the token it gives for certain too."""
    for width in widths:
        for source, make in SOURCES.items():
            found = [_steps(make(replay), replay, width) for replay in replays]
            steps, seconds = sum(each for each, _ in found), sum(each for _, each in found)
            tokens = sum(len(replay.answer) for replay in replays)
            yield Accepted(source, width, len(replays), tokens, steps, round(1e6 * seconds / steps, 1))


def _steps(drafter: Drafter, replay: Replay, width: int) -> tuple[int, float]:
    """How many verify steps the answer takes, and the seconds that its drafts took."""
    text = [*replay.prompt, *replay.answer]
    done, new, steps, seconds = 1, 1, 0, 0.0  # the first token comes with the prompt's own pass
    while done < len(replay.answer):
        end = len(replay.prompt) + done
        tail = text[max(0, end - max(new, LOOK_BACK)) : end]
        began = time.perf_counter()
        draft = drafter.draft(tail, new, width - 1)
        seconds += time.perf_counter() - began
        right = 0
        for drafted, written in zip(draft, replay.answer[done:], strict=False):
            if drafted != written:
                break
            right += 1
        new = right + 1
        done += new
        steps += 1
    return max(steps, 1), seconds


def table(rows: Sequence[Accepted]) -> str:
    """A row for each source, a column for each width: tokens a step, and microseconds a draft at its widest."""
    widths = sorted({row.width for row in rows})
    first = max(len(row.source) for row in rows) + 2
    head = f"{'draft from':{first}}" + "".join(f"{f'K={width}':>9}" for width in widths) + f"{'us a draft':>12}"
    lines = [head, "-" * len(head)]
    for source in dict.fromkeys(row.source for row in rows):
        of = {row.width: row for row in rows if row.source == source}
        cells = "".join(f"{of[width].length:9.1f}" if width in of else f"{'-':>9}" for width in widths)
        lines.append(f"{source:{first}}{cells}{of[max(of)].microseconds:12.0f}")
    return "\n".join(lines)
