"""The NGRAM drafter's mask, read back as a tree."""

import torch


def reconstruct_indices_from_tree_mask(mask, lengths, positions, index, next_token, next_sibling, requests, nodes):
    """`mask[r, i, j]` says that node i sees node j. Written in place, one row a request: each node's position in the
    text, flat number, first child and next sibling (-1 where there is none)."""
    above = mask.view(requests, nodes, nodes).bool().tril(diagonal=-1)
    order = torch.arange(nodes)
    parent = torch.where(above, order, -1).amax(dim=2)

    def first_later(holds: torch.Tensor) -> torch.Tensor:
        """Per column the smallest row where `holds`, else -1."""
        row = torch.where(holds, order.view(1, nodes, 1), nodes).amin(dim=1)
        return row.masked_fill(row == nodes, -1)

    later = order.view(1, nodes, 1) > order
    same_parent = (parent.unsqueeze(2) == parent.unsqueeze(1)) & (parent.unsqueeze(1) >= 0)
    positions.view(requests, nodes).copy_(lengths.view(-1, 1) + above.sum(dim=2))
    index.view(requests, nodes).copy_(torch.arange(requests * nodes).view(requests, nodes))
    next_token.view(requests, nodes).copy_(first_later(above))
    next_sibling.view(requests, nodes).copy_(first_later(same_parent & later))
