"""SGLang's NGRAM worker with another source of drafts. Imported by `plugin` only where SGLang runs.

All that verifies, accepts and counts is SGLang's own, so a draft can change nothing but the speed. Must not know: how a
draft is found (`requests`, `copier`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sglang.srt.speculative.ngram_worker import NGRAMWorker

from applyweb.serving.apply_draft.known import check_names
from applyweb.serving.apply_draft.requests import Requests, Row, encoder

check_names(NGRAMWorker, ("clear_cache_pool", "_prepare_draft_tokens", "_update_ngram_corpus"))


class ApplyWorker(NGRAMWorker):  # type: ignore[misc]
    """Drafts a chain for each request: the tree has one branch, so every attention backend can verify it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        config = self.model_runner.model_config
        self._requests = Requests(config.vocab_size, config.context_len, encoder(self.target_worker.tokenizer))
        self._chain = np.tril(np.ones((self.draft_token_num, self.draft_token_num), dtype=bool))

    def clear_cache_pool(self) -> None:
        super().clear_cache_pool()
        self._requests.clear()

    def _prepare_draft_tokens(self, batch: Any) -> tuple[Any, Any]:
        width = self.draft_token_num
        late = self._late_tokens(batch)
        rows = [
            Row(
                req,
                req.origin_input_ids_unpadded,
                req.output_ids,
                late[number],
                req.sampling_params.custom_params,
            )
            for number, req in enumerate(batch.reqs)
        ]
        drafts = self._requests.drafts(rows, width).tokens
        mask = np.broadcast_to(self._chain, (len(rows), width, width))
        return drafts.reshape(-1), np.ascontiguousarray(mask).reshape(-1)

    def _late_tokens(self, batch: Any) -> list[list[int]]:
        """With overlap, results are handed out one step behind: what was accepted last is in the batch only."""
        if not self.enable_overlap or batch.grammar_needs_sync():
            return [[] for _ in batch.reqs]
        width = self.draft_token_num
        tokens = batch.spec_info.accept_tokens.cpu().tolist()
        counts = batch.spec_info.accept_lens.cpu().tolist()
        return [tokens[number * width : number * width + count] for number, count in enumerate(counts)]

    def _update_ngram_corpus(self, batch: Any) -> None:
        """There is no corpus to feed."""
