"""`python ngram_replay.py TOKENS.jsonl WIDTH…`: verify steps that SGLang's own NGRAM drafts would take.

Runs by itself in the server's environment, with SGLang's own corpus: one for all cases, as in one server, and as there
fed with the end of the text behind each step. Writes a JSON line for each width: {width, steps, tokens, microseconds}.
Must not know: applyweb, which is not there.
"""

import json
import sys
import time
from pathlib import Path

from sglang.srt.speculative.cpp_ngram.ngram_corpus import NgramCorpus

DEPTH = 18  # SGLang's default


def steps(corpus: NgramCorpus, name: str, prompt: list[int], answer: list[int], width: int) -> tuple[int, float]:
    """How many, and the seconds that their drafts took."""
    text = prompt + answer
    done, count, seconds = 1, 0, 0.0
    while done < len(answer):
        end = len(prompt) + done
        tail = text[max(0, end - DEPTH) : end]
        began = time.perf_counter()
        corpus.synchronize()
        drafts, _ = corpus.batch_get([name], [tail], [end])
        seconds += time.perf_counter() - began
        right = 0
        for drafted, written in zip(list(drafts)[1:width], answer[done:], strict=False):
            if drafted != written:
                break
            right += 1
        done += right + 1
        count += 1
        end = min(len(prompt) + done, len(text))
        corpus.batch_put([text[max(0, end - DEPTH) : end]])
    corpus.erase_match_state([name])
    return max(count, 1), seconds


def main(tokens: str, *widths: str) -> None:
    cases = [json.loads(line) for line in Path(tokens).read_text(encoding="utf-8").splitlines()]
    for width in map(int, widths):
        corpus = NgramCorpus(max_bfs_breadth=1, draft_token_num=width, max_trie_depth=DEPTH)
        taken = [steps(corpus, each["id"], each["prompt"], each["answer"], width) for each in cases]
        count, seconds = sum(each for each, _ in taken), sum(each for _, each in taken)
        told = {"width": width, "steps": count, "tokens": sum(len(each["answer"]) for each in cases)}
        sys.stdout.write(json.dumps(told | {"microseconds": round(1e6 * seconds / count, 1)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
