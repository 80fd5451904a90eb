"""`replay_ngram.py TOKENS.jsonl`: tokens a verify step of SGLang's own NGRAM drafts.

The tokens are what `manage.py bench draft --keep-tokens` wrote. Runs in the server's environment, with SGLang's own
corpus; one corpus for all cases, as in one server.
"""

import json
import sys
from pathlib import Path

from sglang.srt.speculative.cpp_ngram.ngram_corpus import NgramCorpus

WIDTHS = (16, 32, 64, 128)
DEPTH = 18  # SGLang's default


def steps(corpus: NgramCorpus, name: str, prompt: list[int], answer: list[int], width: int) -> int:
    text = prompt + answer
    done, count = 1, 0
    while done < len(answer):
        end = len(prompt) + done
        tail = text[max(0, end - DEPTH) : end]
        corpus.synchronize()
        drafts, _ = corpus.batch_get([name], [tail], [end])
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
    return max(count, 1)


def main() -> None:
    cases = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    for width in WIDTHS:
        corpus = NgramCorpus(max_bfs_breadth=1, draft_token_num=width, max_trie_depth=DEPTH)
        taken = sum(steps(corpus, each["id"], each["prompt"], each["answer"], width) for each in cases)
        tokens = sum(len(each["answer"]) for each in cases)
        sys.stdout.write(f"NGRAM K={width}: {tokens / taken:.2f}\n")


if __name__ == "__main__":
    main()
