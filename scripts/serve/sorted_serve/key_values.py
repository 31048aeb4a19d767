"""Keys and values of the rows of a batch. The attention that reads them is transformers' own."""

import torch

TOKENS_STEP = 128  # room for tokens grows by at least this many at a time


class KeyValues:
    """For every layer two tensors [rows, heads, tokens, head size], which grow with the batch.

    Row n of every layer belongs to row n of the batch. Beyond a row's own length there is nothing of meaning: a mask
    hides it. All layers have all rows, though a row fills only those below its exit.
    """

    def __init__(self, layers: int, most_tokens: int):
        """most_tokens: room for rows x tokens at most."""
        self._layers: list[tuple[torch.Tensor, torch.Tensor] | None] = [None] * layers
        self._most_tokens = most_tokens
        self._rows = self._tokens = 0

    @property
    def room(self) -> int:
        """Rows x tokens."""
        return self._rows * self._tokens

    def reserve(self, rows: int, tokens: int) -> None:
        """rows, tokens: all rows of the batch and the longest that one of them may become."""
        if rows <= self._rows and tokens <= self._tokens:
            return
        ample = max(rows, 2 * self._rows), max(tokens, self._tokens + TOKENS_STEP)
        self._rows, self._tokens = ample if ample[0] * ample[1] <= self._most_tokens else (rows, tokens)
        for layer, pair in enumerate(self._layers):  # one after the other: never all of them twice
            self._layers[layer] = pair and tuple(self._resized(one) for one in pair)

    def fill(self, row: int, layer: int, keys: torch.Tensor, values: torch.Tensor) -> None:
        """keys, values: [heads, tokens, head size] of a prompt that was just read."""
        pair = self._pair(layer, keys)
        for kept, new in zip(pair, (keys, values), strict=True):
            kept[row, :, : new.shape[1]] = new

    def move(self, source: int, target: int, length: int, layers: int) -> None:
        self.reorder([target], [source], length, layers)

    def reorder(self, targets: list[int], sources: list[int], length: int, layers: int) -> None:
        """Row `targets[n]` gets what row `sources[n]` had, in the lower `layers`."""
        for pair in self._layers[:layers]:
            for kept in pair or ():
                kept[targets, :, :length] = kept[sources, :, :length]

    def append(self, layer: int, positions: torch.Tensor, keys: torch.Tensor, values: torch.Tensor):
        """One token more for the first rows, keys and values [rows, heads, 1, head size]; gives all of theirs."""
        rows = len(keys)
        pair = self._pair(layer, keys[0])
        places = torch.arange(rows, device=keys.device)
        for kept, new in zip(pair, (keys, values), strict=True):
            kept[places, :, positions[:rows]] = new[:, :, 0]
        return tuple(kept[:rows] for kept in pair)

    def _pair(self, layer: int, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Zeros, since what a mask hides is still multiplied by 0."""
        if self._layers[layer] is None:
            heads, _, size = like.shape
            shape = (self._rows, heads, self._tokens, size)
            self._layers[layer] = (like.new_zeros(shape), like.new_zeros(shape))
        return self._layers[layer]

    def _resized(self, old: torch.Tensor) -> torch.Tensor:
        new = old.new_zeros((self._rows, old.shape[1], self._tokens, old.shape[3]))
        rows, tokens = min(len(old), self._rows), min(old.shape[2], self._tokens)
        new[:rows, :, :tokens] = old[:rows, :, :tokens]
        return new


class StepCache:
    """What transformers' attention calls in a step of a batch: one token more for each row."""

    def __init__(self, kept: KeyValues, positions: torch.Tensor, longest: int):
        self._kept, self._positions, self._longest = kept, positions, longest

    def update(self, keys, values, layer: int, *_, **__):
        all_keys, all_values = self._kept.append(layer, self._positions, keys, values)
        return all_keys[:, :, : self._longest], all_values[:, :, : self._longest]


class PromptCache:
    """What transformers' attention calls while prompts are read: it keeps their keys and values for later."""

    def __init__(self):
        self.layers: list[tuple[torch.Tensor, torch.Tensor]] = []  # [prompts, heads, tokens, head size]

    def update(self, keys, values, layer: int, *_, **__):
        self.layers.append((keys, values))
        return keys, values
