"""The requests under way in one scheduler, and their drafts: a batch in, a rectangle of tokens out.

A request that is in the batch no more is forgotten, however it ended; one that comes back (SGLang takes requests out
when memory is short) begins anew where it stands. Must not know: SGLang, torch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from applyweb.serving.apply_draft.copier import LOOK_BACK, Copier, Tokens

PARAMETER = "applyweb_draft"  # in a request's `sampling_params.custom_params`: token ids of the expected answer,
TEXT = "applyweb_draft_text"  # or its text, from those who could not ask for ids
_SURE = 3  # tokens that a place must share with the text
# Characters of text for each token of the model's context. Reading a draft holds up every other request, and an answer
# has no more than half of the context: the original takes the other half.
_PER_TOKEN = 4
_log = logging.getLogger(__name__)


class TooLong(ValueError):
    """A draft that is longer than any answer of this model can be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request of a batch. `request` is the server's own object: an id can come again, for another request. `output`
    is all of its answer so far but for `late`, the tokens accepted last that are not in it yet."""

    request: Hashable
    prompt: Sequence[int]
    output: Sequence[int]
    late: Sequence[int]
    parameters: object


class Drafts(NamedTuple):
    """`tokens` [rows, width] and `sure` [rows]: whether what follows is copied from behind a place that reads like the
    last tokens, and not from one that is only guessed."""

    tokens: Tokens
    sure: NDArray[np.bool_]


class Requests:
    def __init__(self, vocabulary: int, context: int, encode: Callable[[str], Sequence[int]] | None = None) -> None:
        """`vocabulary`: how many token ids the model has; a draft with another id is not used at all. `context`: how
        many tokens it can hold; a longer draft is not used either, which the log says once. `encode`: a text's tokens,
        None where the server has no tokenizer."""
        self._vocabulary = vocabulary
        self._context = context
        self._encode = encode
        self._said_too_long = False
        self._known: dict[Hashable, tuple[Copier, int]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def drafts(self, rows: Sequence[Row], width: int) -> Drafts:
        """The last token of each row, then what should follow. Where there is nothing to copy, the last token again: it
        must be some token, and is verified as any other."""
        found = np.empty((len(rows), width), dtype=np.int64)
        sure = np.zeros(len(rows), dtype=np.bool_)
        for number, row in enumerate(rows):
            copier, seen = self._known.get(row.request) or (self._new(row), 0)
            total = len(row.output) + len(row.late)
            tail = _tail(row, max(LOOK_BACK, min(total - seen, width)))
            draft = copier.draft(tail, total - seen, width - 1)
            self._known[row.request] = copier, total
            found[number] = tail[-1] if tail else 0
            found[number, 1 : 1 + len(draft)] = draft
            sure[number] = len(draft) > 0 and copier.matched >= _SURE
        self._forget({row.request for row in rows})
        return Drafts(found, sure)

    def clear(self) -> None:
        self._known.clear()

    def _new(self, row: Row) -> Copier:
        try:
            merge = merge_of(row.parameters, self._vocabulary, self._context, self._encode)
        except TooLong as error:
            if not self._said_too_long:
                self._said_too_long = True
                _log.warning("%s Such drafts are not used; this is said once.", error)
            merge = ()
        return Copier(row.prompt, merge)

    def _forget(self, kept: Iterable[Hashable]) -> None:
        for gone in self._known.keys() - kept:
            del self._known[gone]


def encoder(tokenizer: Any) -> Callable[[str], Sequence[int]] | None:
    """A server's tokenizer (transformers' interface) as a function; None for a server without one."""
    if tokenizer is None:
        return None
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False))


def merge_of(
    parameters: object, vocabulary: int, context: int, encode: Callable[[str], Sequence[int]] | None = None
) -> Sequence[int]:
    """The draft that came with a request; empty where there is none or where it is not one: ids that the model does
    not have would end the whole server. Errors: TooLong, before any time is spent on it."""
    if not isinstance(parameters, Mapping):
        return ()
    sent, text = parameters.get(PARAMETER), parameters.get(TEXT)
    if sent is None and isinstance(text, str) and encode is not None:
        if len(text) > _PER_TOKEN * context:
            raise TooLong(f"A draft of {len(text):,} characters came; the model's context is {context:,} tokens.")
        sent = list(encode(text))
    if not isinstance(sent, list):
        return ()
    if len(sent) > context:
        raise TooLong(f"A draft of {len(sent):,} tokens came; the model's context is {context:,}.")
    if all(type(each) is int and 0 <= each < vocabulary for each in sent):
        return sent
    return ()


def _tail(row: Row, count: int) -> list[int]:
    """The last `count` tokens of the row, or fewer where it has no more."""
    late = list(row.late[-count:])
    output = list(row.output[-(count - len(late)) :]) if len(late) < count else []
    missing = count - len(late) - len(output)
    return [*(row.prompt[-missing:] if missing else ()), *output, *late]
