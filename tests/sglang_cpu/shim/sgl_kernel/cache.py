"""Slots of the key-value cache: which slot holds which token of which request.

`req_to_token[row, position]` is the slot of a token; a request owns one row. Outputs are written in place.
"""

import ctypes
from collections.abc import Iterator

import torch


def _spans(*columns: torch.Tensor) -> Iterator[list[int]]:
    """One list of plain numbers a request."""
    return iter(torch.stack([column.long() for column in columns], dim=1).tolist())


def assign_req_to_token_pool_cpu(rows, req_to_token, starts, ends, slots, pool_len):
    """Write `slots`, laid end to end, into each request's positions start..end."""
    taken = 0
    for row, start, end in _spans(rows, starts, ends):
        req_to_token[row, start:end] = slots[taken : taken + end - start].to(req_to_token.dtype)
        taken += end - start


def assign_extend_cache_locs_cpu(rows, req_to_token, starts, ends, slots, pool_len):
    """The reverse: read each request's positions start..end into `slots`, laid end to end."""
    found = [req_to_token[row, start:end] for row, start, end in _spans(rows, starts, ends)]
    joined = torch.cat(found)
    slots[: joined.numel()] = joined.to(slots.dtype)


def assign_draft_cache_locs_contiguous_cpu(rows, req_to_token, lengths, slots, pool_len, topk, steps):
    """Read the `topk * steps` slots behind each request's text into `slots`, one row a request."""
    width = topk * steps
    out = slots[: rows.numel() * width].view(rows.numel(), width)
    for index, (row, length) in enumerate(_spans(rows, lengths)):
        out[index] = req_to_token[row, length : length + width].to(slots.dtype)


def fill_accept_out_cache_loc_cpu(accept_index, slots, accepted_slots):
    """Pack the slots of the accepted tokens (index -1: not accepted) to the front."""
    accepted = accept_index.reshape(-1)
    packed = slots[accepted[accepted >= 0].long()]
    accepted_slots[: packed.numel()] = packed


def build_draft_decode_metadata_cpu(req_to_token, rows, lengths, topk, steps, pool_len):
    """A table like `req_to_token` with a row for each draft branch: the text so far, then the branch's own slots."""
    table = torch.zeros(rows.numel() * topk, pool_len, dtype=req_to_token.dtype)
    for index, (row, length) in enumerate(_spans(rows, lengths)):
        for branch in range(topk):
            first = length + branch * steps
            line = table[index * topk + branch]
            line[:length] = req_to_token[row, :length]
            line[length : length + steps] = req_to_token[row, first : first + steps]
    return table


def copy_all_layer_kv_cache_cpu(addresses, row_bytes, targets, sources):
    """Move cache rows, in every layer's buffer. Buffers come as raw addresses with the size of a row; all sources
    are read before any target is written, as the two may overlap."""
    moves = list(zip(targets.tolist(), sources.tolist(), strict=True))
    for address, size in zip(addresses.tolist(), row_bytes.tolist(), strict=True):
        rows = [(target, ctypes.string_at(address + source * size, size)) for target, source in moves]
        for target, row in rows:
            ctypes.memmove(address + target * size, row, size)
