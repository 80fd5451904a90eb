"""A stand-in for SGLang's compiled CPU kernels, which no package index carries: what SGLang 0.5.23 imports under
`--device cpu`, written in plain torch. Right and slow; for tests only.

Drafts are chains here (NGRAM with breadth 1, EAGLE3 with topk 1): a draft that branches is refused, not mis-served.
Must not know: SGLang itself. Names and argument orders are those of SGLang's call sites.
"""

from . import attention as attention  # registers torch.ops.sgl_kernel.*
from .cache import (
    assign_draft_cache_locs_contiguous_cpu,
    assign_extend_cache_locs_cpu,
    assign_req_to_token_pool_cpu,
    build_draft_decode_metadata_cpu,
    copy_all_layer_kv_cache_cpu,
    fill_accept_out_cache_loc_cpu,
)
from .chains import build_tree_kernel_efficient_cpu, fill_bonus_tokens_cpu, verify_tree_greedy_cpu

__version__ = "0.0.0+tests"
__all__ = [
    "assign_draft_cache_locs_contiguous_cpu",
    "assign_extend_cache_locs_cpu",
    "assign_req_to_token_pool_cpu",
    "build_draft_decode_metadata_cpu",
    "build_tree_kernel_efficient_cpu",
    "copy_all_layer_kv_cache_cpu",
    "fill_accept_out_cache_loc_cpu",
    "fill_bonus_tokens_cpu",
    "verify_tree_greedy_cpu",
]
