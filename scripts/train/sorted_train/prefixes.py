"""Rows that begin alike: a prompt template's first tokens are computed once for all rows of a batch that share them."""

import torch
from torch import Tensor

GROUPED_BY = 16  # rows whose first tokens are the same make a group: Alpaca's two templates differ by then
ROWS = 16  # a group of more rows is split into shorter and longer ones, which need less padding


def groups_by_prefix(input_ids: Tensor, lengths: Tensor) -> list[Tensor]:
    """Indices of the rows [B, T] of each group: same first tokens, similar lengths [B]."""
    _, template = input_ids[:, :GROUPED_BY].unique(dim=0, return_inverse=True)  # [B]
    by_length = lengths.argsort(stable=True)
    same = [by_length[template[by_length] == t] for t in range(int(template.max()) + 1)]
    return [part for rows in same for part in rows.chunk(max(1, round(len(rows) / ROWS)))]


def shared_length(input_ids: Tensor, wanted: Tensor) -> int:
    """How many first tokens all rows share, before the first position whose output is wanted. Both [B, T]."""
    differs = (input_ids != input_ids[:1]).any(0) | wanted.any(0)  # [T]
    return int(differs.long().argmax()) if differs.any() else 0
