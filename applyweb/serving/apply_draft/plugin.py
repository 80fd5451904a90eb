"""The entry point that SGLang calls in each of its processes: makes `--speculative-algorithm APPLY` and APPLY_EAGLE3
known, the latter with a draft head for what no copy has.

SGLang finds it by the entry-point group `sglang.srt.plugins`, see "Plugin System" in SGLang's documentation. Seen with
SGLang 0.5.23. Must not know: how drafts are made.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from applyweb.serving.apply_draft.known import check_names, check_version, lacks

NAME, WITH_EAGLE = "APPLY", "APPLY_EAGLE3"


def register() -> None:
    """Adds the algorithms. Imports SGLang, which is there when SGLang calls. Errors: UnknownSGLang, which SGLang logs;
    it then knows no such algorithm and refuses to start with one."""
    check_version(version("sglang"))
    try:
        from sglang.srt.arg_groups.overrides import declare_resolution
        from sglang.srt.speculative.spec_info import SpeculativeAlgorithm
        from sglang.srt.speculative.spec_registry import CustomSpecAlgo
    except ImportError as error:
        raise lacks(error) from error
    check_names(SpeculativeAlgorithm, ("NGRAM", "EAGLE3", "register"))
    check_names(CustomSpecAlgo, ("is_ngram", "has_draft_kv", "is_eagle", "is_eagle3", "handle_server_args"))

    class Like(CustomSpecAlgo):  # type: ignore[misc]
        """To the scheduler it is one of SGLang's own."""

        own: SpeculativeAlgorithm

        def __getattr__(self, name: str) -> Any:
            # The base class lacks some of what SGLang asks of an algorithm (`carries_draft_hidden_states` in 0.5.23).
            if name.startswith("_"):
                raise AttributeError(name)
            return getattr(self.own, name)

    class ApplySpecAlgo(Like):
        """Drafts come from the host, and no draft model keeps a cache."""

        own = SpeculativeAlgorithm.NGRAM

        def is_ngram(self) -> bool:
            return True

        def has_draft_kv(self) -> bool:
            return False

        def handle_server_args(self, server_args: Any) -> None:
            SpeculativeAlgorithm.NGRAM.handle_server_args(server_args)

    class ApplyEagleSpecAlgo(Like):
        """Says no, as the base class does, to two things that SGLang's EAGLE-3 says yes to: grammars that advance while
        steps overlap, as no steps of ours do; and prompts mixed into a step, in which every request under way would get
        one token and no draft."""

        own = SpeculativeAlgorithm.EAGLE3

        def is_eagle(self) -> bool:
            return True

        def is_eagle3(self) -> bool:
            return True

        def handle_server_args(self, server_args: Any) -> None:
            SpeculativeAlgorithm.EAGLE3.handle_server_args(server_args)
            # A copy needs the accepted tokens before the next draft, and with overlap EAGLE keeps them on the GPU.
            declare_resolution(server_args, "applyweb", disable_overlap_schedule=True)

    @SpeculativeAlgorithm.register(NAME, supports_overlap=True, spec_class=ApplySpecAlgo)  # type: ignore[untyped-decorator]
    def _worker(server_args: Any) -> type:
        try:
            from applyweb.serving.apply_draft.worker import ApplyWorker
        except ImportError as error:
            raise lacks(error) from error

        return ApplyWorker

    @SpeculativeAlgorithm.register(WITH_EAGLE, spec_class=ApplyEagleSpecAlgo)  # type: ignore[untyped-decorator]
    def _eagle_worker(server_args: Any) -> type:
        try:
            from applyweb.serving.apply_draft.eagle_worker import ApplyEagleWorker
        except ImportError as error:
            raise lacks(error) from error

        return ApplyEagleWorker
