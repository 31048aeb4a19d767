"""The SoFT loss (arXiv 2309.08968): mean over the exits of the cross-entropy of head(norm(h_n)), response tokens only."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint

from .data import IGNORED


def following_labels(labels: Tensor) -> Tensor:
    """The label each position has to predict, [B, T]: IGNORED where the next token is not to be learned."""
    return torch.cat([labels[:, 1:], torch.full_like(labels[:, :1], IGNORED)], dim=1)


def exit_loss(hidden: Tensor, norm: Callable, head: nn.Module, targets: Tensor, token_count: Tensor | int) -> Tensor:
    """Cross-entropy of one exit. hidden [R, D] before the norm, targets [R]; the sum is divided by token_count."""
    logits = head(norm(hidden))  # [R, V]
    return cross_entropy(logits.float(), targets, reduction="sum") / token_count


def recomputed_exit_loss(*inputs) -> Tensor:
    """The same, with the logits thrown away and computed again in the backward pass: one exit's logits at a time."""
    return checkpoint(exit_loss, *inputs, use_reentrant=False)
