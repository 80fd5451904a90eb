"""The two attention operators of SGLang's CPU backend, by torch's own scaled dot product.

Queries are [tokens, heads, size]; the caches are [slots, key heads, size]. Windows, soft caps and sinks are not
served: the test model has none.
"""

import torch
import torch.nn.functional as functional


def _attend(query, keys, values, scale, mask=None):
    out = functional.scaled_dot_product_attention(
        query.transpose(0, 1).unsqueeze(0),
        keys.transpose(0, 1).unsqueeze(0),
        values.transpose(0, 1).unsqueeze(0),
        attn_mask=mask,
        scale=scale,
        enable_gqa=query.shape[1] != keys.shape[1],
    )
    return out.squeeze(0).transpose(0, 1)


def decode_attention(
    query, key_cache, value_cache, key_scale, value_scale, out, key, value, slots, attn_logits,
    req_to_token, rows, lengths, scale, logit_cap, is_cross, window, encoder_lengths=None, sinks=None,
):  # fmt: skip
    """One new token a request: store its key and value, then attend over the whole text."""
    if key is not None:
        key_cache[slots] = key.view(-1, *key_cache.shape[1:]).to(key_cache.dtype)
        value_cache[slots] = value.view(-1, *value_cache.shape[1:]).to(value_cache.dtype)
    for token, (row, length) in enumerate(zip(rows.tolist(), lengths.tolist(), strict=True)):
        seen = req_to_token[row, :length]
        out[token] = _attend(query[token : token + 1], key_cache[seen], value_cache[seen], scale)[0]


def extend_attention(
    query, key, value, out, key_cache, value_cache, key_scale, value_scale, req_to_token, rows, lengths,
    new_lengths, new_starts, longest, scale, logit_cap, is_cross, window, encoder_lengths=None, sinks=None,
    tree_mask=None, is_causal=True,
):  # fmt: skip
    """Several new tokens a request, stored already: causal, or as `tree_mask` says among the new ones."""
    used = 0
    spans = torch.stack([rows.long(), lengths.long(), new_lengths.long(), new_starts.long()], dim=1)
    for row, length, new, start in spans.tolist():
        seen = req_to_token[row, :length]
        mask = torch.ones(new, length, dtype=torch.bool)
        if tree_mask is not None:
            mask[:, length - new :] = tree_mask.view(-1)[used : used + new * new].view(new, new).bool()
            used += new * new
        elif is_causal:
            mask = mask.tril(diagonal=length - new)
        out[start : start + new] = _attend(query[start : start + new], key_cache[seen], value_cache[seen], scale, mask)


torch.ops.sgl_kernel.decode_attention_cpu = decode_attention
torch.ops.sgl_kernel.extend_attention_cpu = extend_attention
