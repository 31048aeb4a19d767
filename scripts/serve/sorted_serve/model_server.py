"""One checkpoint that answers requests: all exits, one batcher."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy
import torch

from .about import about, fingerprint_of
from .bad_input import BadInput
from .batcher import Batcher, BatchLimits
from .beams import RULES, BeamSequence
from .checkpoint import CheckpointSettings, open_checkpoint
from .completions import completion_choice, usage_of
from .decode_speed import WARM_UP_STEPS, decode_seconds
from .prompt_parts import Codec, Parts, shortened
from .requests import CompletionRequest, ForcedRequest, KlRequest, SpeedRequest
from .sequences import Answered, AskedPrompt, BeamsAsked, GreedySequence, TokenLogprob, score_tokens
from .sorted_model import SortedModel
from .teacher_forced import divergences, log_probs, loglikelihoods
from .texts import decode, encode, is_first_line_over


@dataclass(frozen=True)
class Reference:
    """The part of a reference of KL: its log-probabilities in nats, float32 [places, vocabulary]."""

    log_probs: numpy.ndarray
    fingerprint: str


class ModelServer:
    """Its methods are what a replica of Ray Serve has; in one process they are called as they are."""

    def __init__(
        self, name: str, settings: CheckpointSettings, limits: BatchLimits | None = None, threads: int | None = None
    ):
        """threads: of the CPU, for the whole process; default: PyTorch's choice."""
        if threads:
            torch.set_num_threads(threads)
        self.name = name
        self.checkpoint = open_checkpoint(settings)
        self.batcher = Batcher(SortedModel(self.checkpoint), limits)
        self.fingerprint = fingerprint_of(self.checkpoint)
        self._started = int(time.time())

    async def describe(self) -> dict:
        """What /v1/models shows of each of its sub-models."""
        return {"created": self._started} | about(self.name, self.checkpoint)

    def check_health(self) -> None:
        """Ray Serve replaces a replica in which this raises."""
        self.batcher.require_running()

    async def load(self) -> dict:
        return {"running": self.batcher.running, "waiting": self.batcher.waiting}

    async def complete(self, request: CompletionRequest, exit: int) -> dict:
        """Choices and usage. Raises BadInput. Cancelled, it frees its places in the batch."""
        read = [self._read(prompt, request.most_tokens) for prompt in request.prompts]
        prompts = [ids for ids, _ in read]
        asked = [self._asked(ids, exit, request) for ids in prompts]
        answers = await self._answers(asked)
        echoed = await self._echoed(request, asked) if request.echo else [[] for _ in asked]
        parts = enumerate(zip(prompts, answers, echoed, strict=True))
        choices = [completion_choice(self.checkpoint.tokenizer, request, index, *part) for index, part in parts]
        for choice, (_, truncated) in zip(choices, read, strict=True):
            choice |= {"truncated_tokens": truncated} if truncated else {}
        return {"choices": choices, "usage": usage_of(prompts, answers), "system_fingerprint": self.fingerprint}

    async def loglikelihood(self, request: ForcedRequest, exits: list[int]) -> dict:
        ids, start = self._forced(request.prompt, request.continuation)
        values = await self._call(lambda model: loglikelihoods(model, ids, start, exits))
        by_exit = {str(exit): own for exit, own in values.items()}
        return {"token_ids": ids[start:], "token_logprobs": by_exit, "system_fingerprint": self.fingerprint}

    async def reference(self, request: KlRequest, exit: int) -> Reference:
        """What another model is compared with. Between replicas it travels as an array."""
        ids, start = self._forced(request.reference_prompt or request.prompt, request.continuation)
        ids = ids[: start + request.positions] if request.positions else ids
        values = await self._call(lambda model: log_probs(model, ids, start, [exit]))
        return Reference(values[exit].cpu().numpy(), self.fingerprint)

    async def kl(self, request: KlRequest, exits: list[int], reference: Reference) -> dict:
        ids, start = self._forced(request.prompt, request.continuation)
        expected = torch.from_numpy(reference.log_probs.copy())
        vocabulary = self.checkpoint.config.vocab_size
        if expected.shape[1] != vocabulary:
            found = f"{vocabulary} and {expected.shape[1]}"
            raise BadInput(f"reference: expected a model with the same vocabulary, found {found} tokens", "reference")
        values = await self._call(lambda model: divergences(model, ids, start, exits, expected))
        by_exit = {str(exit): own for exit, own in values.items()}
        fingerprints = {"system_fingerprint": self.fingerprint, "reference_fingerprint": reference.fingerprint}
        return {"token_ids": ids[start:], "kl_nats": by_exit} | fingerprints

    async def speed(self, request: SpeedRequest, exit: int) -> dict:
        ids = self._ids(request.prompt, "prompt")
        ids = [ids[place % len(ids)] for place in range(request.prompt_tokens)]
        self._require_room(ids, request.steps + WARM_UP_STEPS)
        self.batcher.require_fit(request.batch_size, len(ids) + request.steps + WARM_UP_STEPS)
        seconds = await self._call(lambda model: decode_seconds(model, ids, exit, request.batch_size, request.steps))
        tokens = request.batch_size * request.steps
        return {"tokens": tokens, "duration_ms": 1000 * seconds, "system_fingerprint": self.fingerprint}

    def close(self) -> None:
        self.batcher.close()

    async def _answers(self, asked: list[AskedPrompt]) -> list[Answered]:
        """A prompt with `max_tokens: 0` is only read."""
        if asked[0].max_new_tokens == 0:
            return [Answered([], "token-limit") for _ in asked]
        sequences = [(BeamSequence if one.beams else GreedySequence)(one) for one in asked]
        return await _all([asyncio.wrap_future(future) for future in self.batcher.answer(sequences)])

    async def _echoed(self, request: CompletionRequest, asked: list[AskedPrompt]) -> list[list[TokenLogprob | None]]:
        """Of the prompts' own tokens."""
        if request.logprobs is None:
            return [[] for _ in asked]
        works = [lambda model, one=one: _prompt_scores(model, one) for one in asked]
        return await _all([asyncio.ensure_future(self._call(work)) for work in works])

    async def _call(self, work):
        return await asyncio.wrap_future(self.batcher.call(lambda: work(self.batcher.model)))

    def _asked(self, ids: list[int], exit: int, request: CompletionRequest) -> AskedPrompt:
        checkpoint, max_tokens = self.checkpoint, request.most_tokens
        self._require_room(ids, 1 if max_tokens else 0)
        rule, penalty = request.beam_rule or RULES[1], request.repetition_penalty or 1.0
        return AskedPrompt(
            ids=tuple(ids),
            exit=exit,
            max_new_tokens=max_tokens,
            eos_ids=checkpoint.eos_ids,
            context_length=checkpoint.context_length,
            logprobs=request.logprobs,
            ends_early=self._end_of(request),
            beams=BeamsAsked(request.num_beams, penalty, rule) if request.searches_beams else None,
        )

    def _end_of(self, request: CompletionRequest) -> Callable[[list[int]], bool] | None:
        """What ends an answer before its limits."""
        stops, first_line = request.stop_texts, request.stop_after_first_line
        if not stops and not first_line:
            return None

        def is_over(answer: list[int]) -> bool:
            text = decode(self.checkpoint.tokenizer, answer)
            return any(stop in text for stop in stops) or bool(first_line and is_first_line_over(text))

        return is_over

    def _read(self, prompt: str | list[int] | Parts, max_tokens: int) -> tuple[list[int], int]:
        """Ids, and how many did not fit: of parts, as much as leaves room for the answer."""
        if not isinstance(prompt, Parts):
            return self._ids(prompt, "prompt"), 0
        tokenizer = self.checkpoint.tokenizer
        codec = Codec(lambda text: encode(tokenizer, text), lambda ids: decode(tokenizer, ids))
        ids, truncated = shortened(codec, prompt, self.checkpoint.context_length - max_tokens)
        return self._ids(ids, "prompt"), truncated

    def _forced(self, prompt: str | list[int], continuation: str | list[int]) -> tuple[list[int], int]:
        """All ids, and where the continuation begins."""
        before = self._ids(prompt, "prompt")
        ids = [*before, *self._ids(continuation, "continuation")]
        self._require_room(ids[:-1], 0)  # the last one is not read
        return ids, len(before)

    def _ids(self, given: str | list[int], key: str) -> list[int]:
        ids = encode(self.checkpoint.tokenizer, given, key == "continuation") if isinstance(given, str) else given
        vocabulary = self.checkpoint.config.vocab_size
        if not ids:
            raise BadInput(f"{key}: expected at least one token, found none", key)
        if max(ids) >= vocabulary:
            wrong = next(one for one in ids if one >= vocabulary)
            raise BadInput(f"{key}: expected token ids from 0 to {vocabulary - 1}, found {wrong}", key)
        return ids

    def _require_room(self, ids: list[int], new_tokens: int) -> None:
        context = self.checkpoint.context_length
        if len(ids) > context - new_tokens:
            expected = f"at most {context - new_tokens} tokens (context length {context})"
            raise BadInput(f"prompt: expected {expected}, found {len(ids)}", "prompt", "context_length_exceeded")


def _prompt_scores(model: SortedModel, asked: AskedPrompt) -> list[TokenLogprob | None]:
    states = model.read(asked.ids, [asked.exit])[asked.exit]
    scores = score_tokens(model.logits(states[:-1], asked.exit), list(asked.ids[1:]), asked.logprobs) if len(states) > 1 else []
    return [None, *scores]


async def _all(futures: list[asyncio.Future]) -> list:
    """Where one fails or the client goes, the others are given up, too."""
    try:
        return await asyncio.gather(*futures)
    except BaseException:
        for future in futures:
            future.cancel()
        raise
