"""What becomes of one prompt: which tokens follow, and when it is over. Nothing here runs a layer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import torch

StopReason = Literal["eos", "token-limit", "context-end", "stop-text"]


@dataclass(frozen=True)
class AskedPrompt:
    ids: tuple[int, ...]
    exit: int
    max_new_tokens: int
    eos_ids: frozenset[int]
    context_length: int
    logprobs: int | None = None  # the most likely tokens to be named at each place
    ends_early: Callable[[list[int]], bool] | None = None  # called after every token but an end token
    beams: "BeamsAsked | None" = None

    @property
    def most_tokens(self) -> int:
        """Of prompt and answer together."""
        return min(len(self.ids) + self.max_new_tokens, self.context_length)


@dataclass(frozen=True)
class BeamsAsked:
    num_beams: int
    repetition_penalty: float
    rule: str  # one of beams.RULES


@dataclass(frozen=True)
class TokenLogprob:
    id: int
    logprob: float  # nats
    top: tuple[tuple[int, float], ...]  # the most likely tokens, falling


@dataclass(frozen=True)
class Answered:
    token_ids: list[int]
    stop_reason: StopReason
    logprobs: list[TokenLogprob] = field(default_factory=list)


class Sequence(Protocol):
    """The rows of a batch that belong to one prompt."""

    asked: AskedPrompt
    answer: Answered | None  # once it is over

    def advance(self, logits: torch.Tensor, likeliest: list[int]) -> tuple[list[int], list[int]]:
        """logits [rows, vocabulary] and the likeliest id of each; one row after the prompt.

        Gives the next rows: for each, the old row (from 0) that it continues, and its token.
        """
        ...


class GreedySequence:
    """Always takes the most likely token."""

    def __init__(self, asked: AskedPrompt):
        self.asked = asked
        self.answer: Answered | None = None
        self._ids: list[int] = []
        self._logprobs: list[TokenLogprob] = []

    def advance(self, logits: torch.Tensor, likeliest: list[int]) -> tuple[list[int], list[int]]:
        (token,) = likeliest
        self._ids.append(token)
        if self.asked.logprobs is not None:
            self._logprobs += score_tokens(logits, [token], self.asked.logprobs)
        reason = stop_reason(self._ids, self.asked)
        if reason:
            self.answer = Answered(self._ids, reason, self._logprobs)
        return [0], [token]


def stop_reason(ids: list[int], asked: AskedPrompt) -> StopReason | None:
    """Why an answer ends with its newest token. Where both limits are reached at once, it is the token limit."""
    if ids[-1] in asked.eos_ids:
        return "eos"
    if asked.ends_early and asked.ends_early(ids):
        return "stop-text"
    if len(ids) >= asked.max_new_tokens:
        return "token-limit"
    return "context-end" if len(asked.ids) + len(ids) >= asked.context_length else None


def score_tokens(logits: torch.Tensor, ids: list[int], top: int) -> list[TokenLogprob]:
    """logits [N, vocabulary] and the N tokens that follow; in double precision."""
    scores = logits.double().log_softmax(-1)
    own = scores.gather(1, torch.tensor(ids, device=scores.device)[:, None])[:, 0].tolist()
    values, places = scores.topk(min(top, scores.shape[1]))
    named = [tuple(zip(*row, strict=True)) for row in zip(places.tolist(), values.tolist(), strict=True)]
    return [TokenLogprob(*one) for one in zip(ids, own, named, strict=True)]
