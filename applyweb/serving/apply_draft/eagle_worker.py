"""SGLang's EAGLE worker that copies where there is something to copy, and asks the draft head where there is not.

Every step verifies a chain of the same width. A request whose last tokens are found in its merge or prompt gets what
follows there; for the others the draft head writes its few tokens, and the rest of the chain is padding. Where all
requests copy, the head does not draft at all. Imported by `plugin` only where SGLang runs. Must not know: how a copy is
found (`requests`, `copier`).
"""

from __future__ import annotations

import os
from typing import Any

import torch
from sglang.srt.speculative import eagle_worker_v2
from sglang.srt.speculative.eagle_worker_v2 import EagleDraftWorker, EAGLEWorkerV2

from applyweb.serving.apply_draft.known import check_names
from applyweb.serving.apply_draft.requests import Drafts, Requests, Row, encoder

STEPS = "APPLYWEB_EAGLE_STEPS"  # how many tokens the draft head writes where there is no copy
_STEPS = 4
check_names(EagleDraftWorker, ("draft", "draft_forward", "_capture_cuda_graphs"))
check_names(EAGLEWorkerV2, ("clear_cache_pool",))


class ApplyEagleDraftWorker(EagleDraftWorker):  # type: ignore[misc]
    speculative_num_steps: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.topk != 1:
            raise ValueError("A copy is a chain: start the server with --speculative-eagle-topk 1.")
        config = self.target_worker.model_config
        self._requests = Requests(config.vocab_size, config.context_len, encoder(self.target_worker.tokenizer))
        self._copies: Drafts | None = None
        self._head_steps = min(int(os.environ.get(STEPS, _STEPS)), self.speculative_num_steps)

    def draft(self, batch: Any, *, with_topology: bool = False) -> Any:
        if batch.forward_mode.is_idle():
            return super().draft(batch, with_topology=with_topology)
        rows = [
            Row(req, req.origin_input_ids_unpadded, req.output_ids, (), req.sampling_params.custom_params)
            for req in batch.reqs
        ]
        self._copies = self._requests.drafts(rows, self.speculative_num_draft_tokens)
        try:
            return super().draft(batch, with_topology=with_topology)
        finally:
            self._copies = None

    def draft_forward(self, forward_batch: Any) -> Any:
        """The chain of every request: [requests, speculative_num_steps] tokens."""
        if self._copies is None:
            return super().draft_forward(forward_batch)
        chain = torch.from_numpy(self._copies.tokens[:, 1:].copy()).to(self.device)
        if not self._copies.sure.all():
            head = self._by_the_head(forward_batch)
            lost = torch.from_numpy(~self._copies.sure).to(self.device)
            chain[lost, : self._head_steps] = head[lost].to(chain.dtype)
        count = chain.shape[0]
        return self._topk1_parents_prealloc[:count], self._topk1_score_indices_prealloc[:count], chain, None

    def _by_the_head(self, forward_batch: Any) -> Any:
        """[requests, head steps]: what the draft head writes, as if the chain were no longer than that."""
        width, count = self.speculative_num_steps, forward_batch.batch_size
        forward_batch.out_cache_loc = (
            forward_batch.out_cache_loc.view(count, -1)[:, : self._head_steps].contiguous().view(-1)
        )
        self.speculative_num_steps = self._head_steps
        try:
            return super().draft_forward(forward_batch)[2]
        finally:
            self.speculative_num_steps = width

    def _capture_cuda_graphs(self) -> None:
        """A draft's graph would hold one of full width by the head; the few tokens it writes are run eagerly."""
        super()._capture_cuda_graphs()
        self.cuda_graph_runner = None

    def forget(self) -> None:
        self._requests.clear()


class ApplyEagleWorker(EAGLEWorkerV2):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The class is named in the constructor that it inherits, which leaves no other way in.
        own, eagle_worker_v2.EagleDraftWorker = eagle_worker_v2.EagleDraftWorker, ApplyEagleDraftWorker
        try:
            super().__init__(*args, **kwargs)
        finally:
            eagle_worker_v2.EagleDraftWorker = own

    def clear_cache_pool(self) -> None:
        super().clear_cache_pool()
        self._draft_worker.forget()
