"""`late_tokens.py`: what the apply draft takes for a request's text where results come one step late, beside what
SGLang's own NGRAM worker takes. Prints {"batches": how many were compared, "late": how many tokens came late}.

With overlap, which SGLang uses on a GPU and never on a CPU, the tokens accepted last are in the batch only. So here
both workers are asked for the drafts of the same batches, made as SGLang makes them. Runs in the server's environment.
"""

from __future__ import annotations

import json
import random
import sys
from array import array
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from sglang.srt.speculative.ngram_worker import NGRAMWorker

from applyweb.serving.apply_draft.requests import Drafts, Row
from applyweb.serving.apply_draft.worker import ApplyWorker

WIDTH = 8
DEPTH = 18  # tokens that SGLang's corpus looks at


class Corpus:
    """SGLang's, as far as it is asked for drafts."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[int], int]] = []

    def synchronize(self) -> None:
        """Nothing is under way."""

    def batch_get(self, names: list[str], texts: list[list[int]], lengths: list[int]) -> tuple[Any, Any]:
        self.asked = list(zip(texts, lengths, strict=True))
        return np.zeros(len(names) * WIDTH, dtype=np.int64), np.ones(1, dtype=bool)


class Requests:
    """Ours, likewise."""

    def __init__(self) -> None:
        self.asked: list[Row] = []

    def drafts(self, rows: list[Row], width: int) -> Drafts:
        self.asked = rows
        return Drafts(np.zeros((len(rows), width), dtype=np.int64), np.zeros(len(rows), dtype=bool))


def batch(rng: random.Random, *, grammar: bool) -> SimpleNamespace:
    def ids(least: int, most: int) -> array[int]:
        return array("q", (rng.randrange(1000) for _ in range(rng.randint(least, most))))

    reqs = [
        SimpleNamespace(
            rid=str(number),
            origin_input_ids_unpadded=ids(1, 40),
            output_ids=ids(0, 40),
            sampling_params=SimpleNamespace(custom_params=None),
        )
        for number in range(rng.randint(1, 5))
    ]
    accepted = torch.tensor([rng.randrange(1000) for _ in range(len(reqs) * WIDTH)], dtype=torch.int32)
    counts = torch.tensor([rng.randint(1, WIDTH) for _ in reqs], dtype=torch.int32)
    info = SimpleNamespace(accept_tokens=accepted, accept_lens=counts)
    return SimpleNamespace(reqs=reqs, spec_info=info, grammar_needs_sync=lambda: grammar)


def worker(kind: type, overlap: bool, **more: object) -> Any:
    made = kind.__new__(kind)  # without a model; what its drafts need is set here
    for name, value in {"draft_token_num": WIDTH, "enable_overlap": overlap, **more}.items():
        setattr(made, name, value)
    return made


def main() -> None:
    rng, batches, late = random.Random(3), 0, 0
    for overlap in (True, False):
        for grammar in (False, True):
            corpus, requests = Corpus(), Requests()
            theirs = worker(NGRAMWorker, overlap, max_trie_depth=DEPTH, ngram_corpus=corpus)
            ours = worker(ApplyWorker, overlap, _requests=requests, _chain=np.tril(np.ones((WIDTH, WIDTH), dtype=bool)))
            for _ in range(50):
                made = batch(rng, grammar=grammar)
                theirs._prepare_draft_tokens(made)
                ours._prepare_draft_tokens(made)
                for row, (text, length) in zip(requests.asked, corpus.asked, strict=True):
                    whole = [*row.prompt, *row.output, *row.late]
                    assert (whole[-DEPTH:], len(whole)) == (list(text), length), (overlap, grammar)
                    late += len(row.late)
                batches += 1
    sys.stdout.write(json.dumps({"batches": batches, "late": late}) + "\n")


if __name__ == "__main__":
    main()
