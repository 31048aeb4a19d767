"""Given tokens instead of chosen ones: their log-probabilities, and how far apart two models are along them."""

import torch

from .sorted_model import SortedModel

POSITIONS_AT_ONCE = 256  # logits take positions x vocabulary


def log_probs(model: SortedModel, ids: list[int], start: int, exits: list[int]) -> dict[int, torch.Tensor]:
    """For each exit the log-probabilities in nats that it gives the tokens from place `start` on: [tokens, vocabulary].

    All exits in one pass through the layers. `start` is at least 1.
    """
    states = model.read(ids[:-1], exits)
    return {exit: _log_probs(model, states[exit][start - 1 :], exit) for exit in exits}


def loglikelihoods(model: SortedModel, ids: list[int], start: int, exits: list[int]) -> dict[int, list[float]]:
    """For each exit the log-probability in nats of each token from place `start` on."""
    states = model.read(ids[:-1], exits)
    targets = torch.tensor(ids[start:], device=states[exits[0]].device)[:, None]  # [P, 1]
    return {exit: _chosen(model, states[exit][start - 1 :], exit, targets) for exit in exits}


def divergences(
    model: SortedModel, ids: list[int], start: int, exits: list[int], reference: torch.Tensor
) -> dict[int, list[float]]:
    """KL(reference ‖ exit) in nats for each place from `start` on; reference: log-probabilities [places, vocabulary].

    Only as many places as the reference has.
    """
    states = model.read(ids[: start - 1 + len(reference)], exits)
    return {exit: _divergences(model, states[exit][start - 1 :], exit, reference) for exit in exits}


def _log_probs(model: SortedModel, states: torch.Tensor, exit: int) -> torch.Tensor:
    return torch.cat([model.logits(part, exit).log_softmax(-1) for part in states.split(POSITIONS_AT_ONCE)])


def _chosen(model: SortedModel, states: torch.Tensor, exit: int, targets: torch.Tensor) -> list[float]:
    values = []
    for part, own in zip(states.split(POSITIONS_AT_ONCE), targets.split(POSITIONS_AT_ONCE), strict=True):
        values += _log_probs(model, part, exit).gather(1, own)[:, 0].tolist()
    return values


def _divergences(model: SortedModel, states: torch.Tensor, exit: int, reference: torch.Tensor) -> list[float]:
    values = []
    for part, own in zip(states.split(POSITIONS_AT_ONCE), reference.split(POSITIONS_AT_ONCE), strict=True):
        expected = own.to(part.device)
        apart = (expected.exp() * (expected - _log_probs(model, part, exit))).sum(-1)
        values += apart.double().tolist()
    return values
