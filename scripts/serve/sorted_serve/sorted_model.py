"""The layers of a checkpoint, stopped at exits: prompts, steps of a batch, and teacher-forced passes."""

from collections.abc import Sequence

import torch

from .checkpoint import Checkpoint
from .key_values import KeyValues, PromptCache, StepCache


class SortedModel:
    """One set of weights for all exits. Not safe for several threads; the batcher's thread alone calls it."""

    def __init__(self, checkpoint: Checkpoint):
        self.checkpoint = checkpoint
        self.layers = checkpoint.model.model.layers
        self.executions = 0  # tokens that went through a layer, summed over layers

    @torch.inference_mode()
    def read(self, ids: Sequence[int], exits: Sequence[int], cache: PromptCache | None = None) -> dict[int, torch.Tensor]:
        """One pass over a sequence up to the deepest of the exits: for each, the hidden states [tokens, hidden]."""
        base = self.checkpoint.model.model
        tokens = torch.tensor([list(ids)], device=self._device)
        positions = torch.arange(len(ids), device=self._device)[None]  # [1, T]
        hidden = base.embed_tokens(tokens)
        angles = base.rotary_emb(hidden, positions)
        states = {}
        for index, layer in enumerate(self.layers[: max(exits)]):
            mask = self._sequence_mask(len(ids), self._window(index))
            hidden = self._run(layer, hidden, mask, positions, angles, cache)
            if index + 1 in exits:
                states[index + 1] = hidden[0]
        return states

    @torch.inference_mode()
    def step(self, tokens: Sequence[int], positions: Sequence[int], exits: Sequence[int], kept: KeyValues) -> torch.Tensor:
        """One token for each row, deepest exits first; rows leave at theirs. Gives logits [rows, vocabulary], float32.

        Lower layers run once for all rows, whatever their exits.
        """
        base = self.checkpoint.model.model
        places = torch.tensor(positions, device=self._device)  # [R]
        cache = StepCache(kept, places, max(positions) + 1)
        hidden = base.embed_tokens(torch.tensor(tokens, device=self._device)[:, None])  # [R, 1, D]
        cos, sin = base.rotary_emb(hidden, places[:, None])
        left = []
        for index, layer in enumerate(self.layers[: exits[0]]):
            rows = len(hidden)
            mask = self._step_mask(places[:rows], max(positions) + 1, self._window(index))
            hidden = self._run(layer, hidden, mask, places[:rows, None], (cos[:rows], sin[:rows]), cache)
            deeper = sum(1 for n in exits if n > index + 1)
            left.append(hidden[deeper:, 0])
            hidden = hidden[:deeper]
        return self._logits_of_rows(torch.cat(left[::-1]), exits)

    @torch.inference_mode()
    def logits(self, states: torch.Tensor, exit: int) -> torch.Tensor:
        """states: hidden states [N, hidden] at an exit; gives [N, vocabulary], float32."""
        return self.checkpoint.heads[exit](self.checkpoint.model.model.norm(states)).float()

    def _logits_of_rows(self, states: torch.Tensor, exits: Sequence[int]) -> torch.Tensor:
        """Exits that share a head go through it together."""
        parts, start = [], 0
        for end in range(1, len(exits) + 1):
            if end < len(exits) and self.checkpoint.heads[exits[end]] is self.checkpoint.heads[exits[start]]:
                continue
            parts.append(self.logits(states[start:end], exits[start]))
            start = end
        return torch.cat(parts)

    def _run(self, layer, hidden, mask, positions, angles, cache) -> torch.Tensor:
        self.executions += hidden.shape[0] * hidden.shape[1]
        return layer(
            hidden, attention_mask=mask, position_ids=positions, position_embeddings=angles, cache=cache, use_cache=cache is not None
        )

    def _window(self, layer: int) -> int | None:
        """Tokens that a layer with a sliding window sees, itself included."""
        config = self.checkpoint.config
        types = getattr(config, "layer_types", None)
        slides = types[layer] == "sliding_attention" if types else config.model_type == "mistral"
        return getattr(config, "sliding_window", None) if slides else None

    def _sequence_mask(self, length: int, window: int | None) -> torch.Tensor | None:
        """None where the attention's own causal mask is enough; else [1, 1, T, T], true where a token is seen."""
        if window is None or length <= window:
            return None
        places = torch.arange(length, device=self._device)
        behind = places[:, None] - places[None, :]
        return ((behind >= 0) & (behind < window))[None, None]

    def _step_mask(self, places: torch.Tensor, longest: int, window: int | None) -> torch.Tensor:
        """[R, 1, 1, longest]"""
        behind = places[:, None] - torch.arange(longest, device=self._device)[None, :]
        seen = behind >= 0 if window is None else (behind >= 0) & (behind < window)
        return seen[:, None, None, :]

    @property
    def _device(self) -> torch.device:
        return self.checkpoint.device
