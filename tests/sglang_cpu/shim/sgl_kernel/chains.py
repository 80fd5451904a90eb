"""Draft chains: laid out for the verify step, then compared with what the model says.

A draft of n nodes is `[last token, guess 1, … guess n-1]`; node numbers are per request, "flat" ones count over the
batch. -1 means none. Outputs are written in place.
"""

import torch

_MASK_OF_DRAFT_ONLY = 1


def build_tree_kernel_efficient_cpu(
    parents, selected, lengths, mask, positions, index, next_token, next_sibling, topk, steps, nodes, mask_mode
):
    if topk != 1:
        raise NotImplementedError(f"Only chains are served here: topk must be 1, not {topk}.")
    requests = lengths.numel()
    order = torch.arange(nodes)
    positions.view(requests, nodes).copy_(lengths.view(-1, 1) + order)
    index.view(requests, nodes).copy_(torch.arange(requests * nodes).view(requests, nodes))
    after = order + 1
    after[-1] = -1
    next_token.view(requests, nodes).copy_(after.expand(requests, nodes))
    next_sibling.fill_(-1)
    _fill_mask(mask.view(-1), lengths.tolist(), nodes, int(mask_mode))


def _fill_mask(mask, lengths, nodes, mask_mode):
    """Each node sees itself and the nodes before it. The columns of the text itself are already set."""
    seen = torch.ones(nodes, nodes, dtype=torch.bool).tril().to(mask.dtype)
    begin = 0
    for length in lengths:
        width = nodes if mask_mode == _MASK_OF_DRAFT_ONLY else length + nodes
        mask[begin : begin + nodes * width].view(nodes, width)[:, -nodes:] = seen
        begin += nodes * width


def verify_tree_greedy_cpu(
    predicts,
    accept_index,
    accept_token_num,
    candidates,
    retrive_index,
    retrive_next_token,
    retrive_next_sibling,
    target_predict,
):
    """Follow the draft while it says what the model says; the model's own next token comes after the last match.
    Siblings are followed too, so that a branching NGRAM draft would still be judged rightly."""
    wanted = target_predict.reshape(-1).tolist()
    for request, guesses in enumerate(candidates.tolist()):
        flat = retrive_index[request].tolist()
        child = retrive_next_token[request].tolist()
        sibling = retrive_next_sibling[request].tolist()
        node, accepted = 0, [flat[0]]
        while len(accepted) < accept_index.shape[1]:
            answer = wanted[accepted[-1]]
            node = child[node]
            while node >= 0 and guesses[node] != answer:
                node = sibling[node]
            if node < 0:
                break
            accepted.append(flat[node])
        for place in accepted:
            predicts[place] = wanted[place]
        accept_index[request, : len(accepted)] = torch.tensor(accepted, dtype=accept_index.dtype)
        accept_token_num[request] = len(accepted) - 1


def fill_bonus_tokens_cpu(tokens, lengths, bonus, stride):
    """The last accepted token of each request."""
    last = torch.arange(lengths.numel()) * stride + lengths.long() - 1
    bonus.copy_(tokens.reshape(-1)[last])
