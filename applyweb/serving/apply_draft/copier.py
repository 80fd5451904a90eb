"""What comes next, copied: the draft of one request, from the merge that was sent with it and from its prompt.

An apply writes out a text of which most is there already: the deterministic merge is mostly the whole answer, and what
it is not, the prompt has in the original and in the edit. So a cursor runs along the merge. Where the model writes
something else, the cursor is set again: of all the places that read like the last tokens, the one that reads like most
of them and lies nearest ahead. Nothing is indexed: a divergence is rare, and one pass of numpy over the tokens for each
further token compared costs microseconds; so a request costs no more at its start than the copy of its tokens.
A wrong draft costs speed only: the model verifies each token of it.

Must not know: SGLang, torch, text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]

LOOK_BACK = 24  # tokens compared; more would not tell two places apart that so many do not
_NEAREST = 1024  # places compared on either side of where a source was left: no file has one token so often nearby, and
# a text of one token again and again must not hold up the other requests
_NOWHERE = -1
_BETWEEN = -1  # no token has this id, so that no match runs over a source's edge
_FOR_THE_MERGE = 4.0  # in tokens of match: how much likelier the merge is than the prompt
_AHEAD = 2.0  # … and a place ahead of the last one than one behind it
_DISTANCE = 0.5  # … and a place than one twice as far


class Copier:
    """One request's cursor. `prompt` are the tokens of its prompt, `merge` those of the answer that is expected, which
    may be empty."""

    __slots__ = ("_at", "_cursor", "_in_prompt", "_tokens", "matched")

    def __init__(self, prompt: Sequence[int], merge: Sequence[int] = ()) -> None:
        self._tokens: Tokens = np.array([_BETWEEN, *merge, _BETWEEN, *prompt, _BETWEEN], dtype=np.int64)
        self._in_prompt = len(merge) + 2  # where the prompt begins
        self._cursor = 1 if len(merge) else _NOWHERE
        self._at = 1  # where the merge was left, for when the model comes back to it
        self.matched = LOOK_BACK  # tokens before the cursor that were found to be as the text's own

    def draft(self, tail: Sequence[int], new: int, width: int) -> Tokens:
        """At most `width` tokens that should follow. `tail` are the last tokens of prompt and answer, LOOK_BACK of them
        where there are so many and never fewer than `new`, which counts those accepted since the last call. Where the
        request was away in between, `new` may be more than `tail` holds."""
        other = self._follow(tail, new)
        if other or self._cursor == _NOWHERE or self._tokens[self._cursor] == _BETWEEN:
            self._cursor = self._find(tail, other)
        if self._cursor == _NOWHERE:
            return self._tokens[:0]
        if self._cursor < self._in_prompt:
            self._at = self._cursor
        ahead = self._tokens[self._cursor : self._cursor + width]
        (edges,) = np.nonzero(ahead == _BETWEEN)
        return ahead[: edges[0]] if len(edges) else ahead

    def _follow(self, tail: Sequence[int], new: int) -> int:
        """Moves the cursor over the accepted tokens as far as they are what it said; how many were not."""
        if self._cursor == _NOWHERE or new > len(tail):
            return new
        said = self._tokens[self._cursor : self._cursor + new]
        accepted = np.array(tail[len(tail) - new :][: len(said)], dtype=np.int64)
        (differing,) = np.nonzero(said != accepted)
        right = int(differing[0]) if len(differing) else len(said)
        self._cursor += right
        self.matched = min(self.matched + right, LOOK_BACK)
        if self._cursor < self._in_prompt:
            self._at = self._cursor
        return new - right

    def _find(self, tail: Sequence[int], other: int) -> int:
        """The place where the text goes on as it did at the end of `tail`, whose last `other` tokens were not said."""
        where = self._expected(other)
        self.matched = 0
        if not len(tail):
            return where
        tokens = self._tokens
        places = np.flatnonzero(tokens[:-1] == tail[-1]) + 1
        # The prompt's own end is no place: nothing follows there, as behind any other edge.
        places = self._nearest(places[tokens[places] != _BETWEEN])
        lengths = np.ones(len(places), dtype=np.int64)
        alive = np.arange(len(places))
        for back in range(2, min(len(tail), LOOK_BACK) + 1):
            starts = places[alive] - back
            alive = alive[(starts > 0) & (tokens[starts] == tail[-back])]
            if not len(alive):
                break
            lengths[alive] = back
        if not len(places):
            return where
        best = int(np.argmax(self._scores(places, lengths)))
        if where != _NOWHERE and self._score(where, 0) >= self._score(int(places[best]), int(lengths[best])):
            return where
        self.matched = int(lengths[best])
        return int(places[best])

    def _nearest(self, places: Tokens) -> Tokens:
        """Of places in their order those that are worth a look."""
        if len(places) <= 2 * _NEAREST:
            return places
        edge = int(np.searchsorted(places, self._in_prompt))
        sources = (places[:edge], self._at), (places[edge:], max(self._cursor, self._in_prompt))
        middles = ((source, int(np.searchsorted(source, here))) for source, here in sources)
        return np.concatenate([source[max(0, at - _NEAREST) : at + _NEAREST] for source, at in middles])

    def _expected(self, other: int) -> int:
        """Where the merge would go on if the model had only put other tokens for as many of its own."""
        moved = self._at + other
        return moved if moved < self._in_prompt - 1 else _NOWHERE

    def _score(self, place: int, length: int) -> float:
        return float(self._scores(np.array([place]), np.array([length]))[0])

    def _scores(self, places: Tokens, lengths: Tokens) -> NDArray[np.float64]:
        in_merge = places < self._in_prompt
        here = np.where(in_merge, self._at, max(self._cursor, self._in_prompt))
        near = _AHEAD * (places >= here) - _DISTANCE * np.log2(1.0 + np.abs(places - here))
        found = lengths + np.where(in_merge, _FOR_THE_MERGE + near, near)
        return found.astype(np.float64)
