"""Beam search of one prompt as transformers runs it: early stopping, length penalty 1, a repetition penalty.

transformers changed how it ranks hypotheses, so there are two rules, named by the version that brought them:

- `transformers-4.28`, PandaLM's pin (`BeamSearchScorer`): log-probability over the length of prompt and answer
  together, without the end token;
- `transformers-4.36` and later (`_beam_search`): over the length of the answer alone, with the end token.
"""

from dataclasses import dataclass

import torch

from .sequences import Answered, AskedPrompt

RULES = ("transformers-4.28", "transformers-4.36")


@dataclass(frozen=True)
class Beam:
    ids: list[int]
    score: float  # log-probability of the answer, penalties included
    parent: int


@dataclass(frozen=True)
class Candidate:
    beam: int
    token: int
    score: float


@dataclass(frozen=True)
class Hypothesis:
    ids: list[int]
    rank: float
    is_finished: bool


class BeamSequence:
    """A prompt's beams are rows of the batch like any other."""

    def __init__(self, asked: AskedPrompt):
        self.asked = asked
        self.answer: Answered | None = None
        self._scorer = (AllLength if asked.beams.rule == "transformers-4.28" else AnswerLength)(asked)

    def advance(self, logits: torch.Tensor, likeliest: list[int]) -> tuple[list[int], list[int]]:
        self._scorer.advance(self._candidates(logits))
        beams = self._scorer.beams
        if self._scorer.is_done:
            best = self._scorer.best()
            self.answer = Answered(best.ids, "eos" if best.is_finished else self._limit(best.ids))
        return [beam.parent for beam in beams], [beam.ids[-1] for beam in beams]

    def _candidates(self, logits: torch.Tensor) -> list[Candidate]:
        """The best continuations over all beams, best first."""
        seen = [[*self.asked.ids, *beam.ids] for beam in self._scorer.beams]
        log_probs = penalised(logits.log_softmax(-1), seen, self.asked.beams.repetition_penalty)
        totals = log_probs + log_probs.new_tensor([beam.score for beam in self._scorer.beams])[:, None]
        scores, places = totals.flatten().topk(min(self._scorer.candidates, totals.numel()))
        vocabulary = logits.shape[1]
        pairs = zip(places.tolist(), scores.tolist(), strict=True)
        return [Candidate(place // vocabulary, place % vocabulary, score) for place, score in pairs]

    def _limit(self, ids: list[int]):
        return "token-limit" if len(ids) >= self.asked.max_new_tokens else "context-end"


def penalised(scores: torch.Tensor, seen: list[list[int]], penalty: float) -> torch.Tensor:
    """scores [beams, vocabulary]: those of tokens that were there before count as less likely."""
    if penalty == 1:
        return scores
    scores = scores.clone()
    for row, ids in zip(scores, seen, strict=True):
        places = torch.tensor(sorted(set(ids)), device=row.device)
        own = row[places]
        row[places] = torch.where(own < 0, own * penalty, own / penalty)
    return scores


class Scorer:
    """What both rules share. `beams` are the living ones, at first a single empty one."""

    candidates: int

    def __init__(self, asked: AskedPrompt):
        self.asked, self.num_beams = asked, asked.beams.num_beams
        self.beams = [Beam([], 0.0, 0)]
        self.hypotheses: list[Hypothesis] = []
        self.is_done = False

    def continued(self, candidate: Candidate) -> list[int]:
        return [*self.beams[candidate.beam].ids, candidate.token]

    def live_on(self, candidates: list[Candidate]) -> None:
        open_ones = [one for one in candidates if one.token not in self.asked.eos_ids][: self.num_beams]
        self.beams = [Beam(self.continued(one), one.score, one.beam) for one in open_ones]

    def is_cut(self, length: int) -> bool:
        return len(self.asked.ids) + length >= self.asked.most_tokens


class AllLength(Scorer):
    """`BeamSearchScorer` and `BeamHypotheses` of transformers 4.28.1."""

    def __init__(self, asked: AskedPrompt):
        super().__init__(asked)
        self.candidates = 2 * self.num_beams
        self._is_full = False

    def advance(self, candidates: list[Candidate]) -> None:
        living = 0
        for rank, one in enumerate(candidates):
            if one.token not in self.asked.eos_ids:
                living += 1
            elif rank < self.num_beams:
                ids = self.continued(one)
                self._add(ids, len(ids) - 1, one.score, is_finished=True)
            if living == self.num_beams:
                break
        self.live_on(candidates)
        self._is_full = len(self.hypotheses) >= self.num_beams
        self.is_done = self._is_full or self.is_cut(len(self.beams[0].ids))

    def best(self) -> Hypothesis:
        if not self._is_full:
            for beam in self.beams:
                self._add(beam.ids, len(beam.ids), beam.score, is_finished=False)
        return max(reversed(self.hypotheses), key=lambda one: one.rank)  # the last of equals

    def _add(self, ids: list[int], length: int, score: float, is_finished: bool) -> None:
        """Keeps the best ones; of two equally bad ones it drops the earlier."""
        rank = score / (len(self.asked.ids) + length)
        if len(self.hypotheses) >= self.num_beams and rank <= min(one.rank for one in self.hypotheses):
            return
        self.hypotheses.append(Hypothesis(ids, rank, is_finished))
        if len(self.hypotheses) > self.num_beams:
            self.hypotheses.remove(min(self.hypotheses, key=lambda one: one.rank))


class AnswerLength(Scorer):
    """`GenerationMixin._beam_search` of transformers 4.36 and later."""

    def __init__(self, asked: AskedPrompt):
        super().__init__(asked)
        self.candidates = max(2, 1 + len(asked.eos_ids)) * self.num_beams

    def advance(self, candidates: list[Candidate]) -> None:
        length = len(self.beams[0].ids) + 1
        is_cut = self.is_cut(length)
        ended = [one for one in candidates[: self.num_beams] if one.token in self.asked.eos_ids or is_cut]
        scores = torch.tensor([one.score for one in ended]) / length  # float32, as transformers divides
        for one, rank in zip(ended, scores.tolist(), strict=True):
            self.hypotheses.append(Hypothesis(self.continued(one), rank, one.token in self.asked.eos_ids))
        self.hypotheses = sorted(self.hypotheses, key=lambda one: -one.rank)[: self.num_beams]
        self.live_on(candidates)
        self.is_done = is_cut or len(self.hypotheses) == self.num_beams

    def best(self) -> Hypothesis:
        return self.hypotheses[0]
