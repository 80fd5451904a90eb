"""The entry point that SGLang calls in each of its processes: makes `--speculative-algorithm APPLY` known.

SGLang finds it by the entry-point group `sglang.srt.plugins`, see "Plugin System" in SGLang's documentation. Seen with
SGLang 0.5.23. Must not know: how drafts are made.
"""

from __future__ import annotations

from typing import Any

NAME = "APPLY"


def register() -> None:
    """Adds the algorithm. Imports SGLang, which is there when SGLang calls."""
    from sglang.srt.speculative.spec_info import SpeculativeAlgorithm
    from sglang.srt.speculative.spec_registry import CustomSpecAlgo

    class ApplySpecAlgo(CustomSpecAlgo):  # type: ignore[misc]
        """To the scheduler an NGRAM: drafts come from the host, and no draft model keeps a cache."""

        def __getattr__(self, name: str) -> Any:
            # The base class lacks some of what SGLang asks of an algorithm (`carries_draft_hidden_states` in 0.5.23).
            if name.startswith("_"):
                raise AttributeError(name)
            return getattr(SpeculativeAlgorithm.NGRAM, name)

        def is_ngram(self) -> bool:
            return True

        def has_draft_kv(self) -> bool:
            return False

        def handle_server_args(self, server_args: Any) -> None:
            SpeculativeAlgorithm.NGRAM.handle_server_args(server_args)

    @SpeculativeAlgorithm.register(NAME, supports_overlap=True, spec_class=ApplySpecAlgo)  # type: ignore[untyped-decorator]
    def _worker(server_args: Any) -> type:
        from applyweb.serving.apply_draft.worker import ApplyWorker

        return ApplyWorker
