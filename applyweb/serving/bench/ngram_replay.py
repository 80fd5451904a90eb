"""`python ngram_replay.py TOKENS.jsonl BREADTH,… WIDTH,…`: verify steps that SGLang's own NGRAM drafts would take.

Runs by itself in the server's environment, with SGLang's own corpus: one for all cases, as in one server, and as there
(`NGRAMWorker`) fed behind each step with the end of the text that the step began with. Its drafts are a tree, at
breadth 1 too, as each suffix of the text that it knows begins a branch. Writes a JSON line for each breadth and
width: {breadth, width, steps, tokens, microseconds}. Must not know: applyweb, which is not there.
"""

import json
import sys
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sglang.srt.speculative.cpp_ngram.ngram_corpus import NgramCorpus

DEPTH = 18  # SGLang's default


def right(drafts: NDArray[np.int64], mask: NDArray[np.int64], answer: Sequence[int]) -> int:
    """How many tokens of the answer the tree has, as SGLang's greedy verification (`verify_tree_greedy`) walks it: from
    the first draft, which is the last token written, always to the child with the token wanted. A row of the square
    mask marks a draft itself and those that lead to it; the last of these is its parent (`_derive_tree_links`)."""
    at = 0
    for count, token in enumerate(answer):
        places = (np.flatnonzero(drafts[at + 1 :] == token) + at + 1).tolist()
        at = next((place for place in places if np.flatnonzero(mask[place, :place])[-1] == at), 0)
        if not at:
            return count
    return len(answer)


def steps(corpus: NgramCorpus, name: str, prompt: list[int], answer: list[int], width: int) -> tuple[int, float]:
    """How many, and the seconds that their drafts took."""
    text = prompt + answer
    done, count, seconds = 1, 0, 0.0
    while done < len(answer):
        end = len(prompt) + done
        tail = text[max(0, end - DEPTH) : end]
        began = time.perf_counter()
        corpus.synchronize()
        drafts, mask = corpus.batch_get([name], [tail], [end])
        seconds += time.perf_counter() - began
        done += 1 + right(drafts, mask.reshape(width, width), answer[done : done + width - 1])
        count += 1
        corpus.batch_put([tail])
    corpus.erase_match_state([name])
    return max(count, 1), seconds


def main(tokens: str, breadths: str, widths: str) -> None:
    cases = [json.loads(line) for line in Path(tokens).read_text(encoding="utf-8").splitlines()]
    written = sum(len(each["answer"]) for each in cases)
    for breadth, width in product(map(int, breadths.split(",")), map(int, widths.split(","))):
        corpus = NgramCorpus(max_bfs_breadth=breadth, draft_token_num=width, max_trie_depth=DEPTH)
        taken = [steps(corpus, each["id"], each["prompt"], each["answer"], width) for each in cases]
        count, seconds = sum(each for each, _ in taken), sum(each for _, each in taken)
        told = {"breadth": breadth, "width": width, "steps": count, "tokens": written}
        sys.stdout.write(json.dumps(told | {"microseconds": round(1e6 * seconds / count, 1)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
