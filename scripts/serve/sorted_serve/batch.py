"""The rows that decode together, and where each lies."""

from dataclasses import dataclass

import torch

from .key_values import KeyValues, PromptCache
from .sequences import Sequence
from .sorted_model import SortedModel


@dataclass
class Row:
    sequence: Sequence
    token: int  # goes in next
    length: int  # tokens whose keys and values are there
    beam: int  # which of its sequence's rows it is

    @property
    def exit(self) -> int:
        return self.sequence.asked.exit


class Batch:
    """Rows of all exits, deepest first, so that those that a layer still needs are the first ones of its tensors.

    To keep that order, a row that joins or leaves moves at most one row of every other exit.
    """

    def __init__(self, model: SortedModel, cache_tokens: int):
        """cache_tokens: rows x tokens of the longest, for which there is room."""
        self._model = model
        self.kept = KeyValues(len(model.layers), cache_tokens)
        self.rows: list[Row] = []

    def join(self, sequence: Sequence, logits: torch.Tensor, prompt: PromptCache) -> None:
        """logits [vocabulary] after its prompt, whose keys and values the cache has. It may be over at once."""
        _, tokens = sequence.advance(logits[None], [int(logits.argmax())])
        if sequence.answer:
            return
        length = len(sequence.asked.ids)
        longest = max(one.asked.most_tokens for one in [sequence, *(row.sequence for row in self.rows)])
        self.kept.reserve(len(self.rows) + len(tokens), longest)
        for beam, token in enumerate(tokens):
            self._add(Row(sequence, token, length, beam))
        for place in self._places(sequence):
            for layer, (keys, values) in enumerate(prompt.layers[: sequence.asked.exit]):
                self.kept.fill(place, layer, keys[0], values[0])

    def step(self) -> list[Sequence]:
        """One token more for every row; gives the sequences that are over, which have left."""
        exits, lengths = [row.exit for row in self.rows], [row.length for row in self.rows]
        logits = self._model.step([row.token for row in self.rows], lengths, exits, self.kept)
        likeliest = logits.argmax(-1).tolist()
        for row in self.rows:
            row.length += 1
        places = self._places_by_sequence()
        for own in places:
            self._advance(own, logits, likeliest)
        over = [sequence for own in places if (sequence := self.rows[own[0]].sequence).answer]
        for sequence in over:
            self.leave(sequence)
        return over

    def leave(self, sequence: Sequence) -> None:
        for place in sorted(self._places(sequence), reverse=True):
            self._remove(place)

    def _advance(self, places: list[int], logits: torch.Tensor, likeliest: list[int]) -> None:
        """places: of a sequence's rows, in the order of its beams."""
        sequence = self.rows[places[0]].sequence
        parents, tokens = sequence.advance(logits[places], [likeliest[place] for place in places])
        if sequence.answer:
            return
        if parents != list(range(len(places))):
            sources = [places[parent] for parent in parents]
            self.kept.reorder(places, sources, self.rows[places[0]].length, sequence.asked.exit)
        for place, token in zip(places, tokens, strict=True):
            self.rows[place].token = token

    def _places(self, sequence: Sequence) -> list[int]:
        return [place for place, row in enumerate(self.rows) if row.sequence is sequence]

    def _places_by_sequence(self) -> list[list[int]]:
        """Of each sequence in the order of its beams."""
        found: dict[int, list[int]] = {}
        for place in sorted(range(len(self.rows)), key=lambda place: self.rows[place].beam):
            found.setdefault(id(self.rows[place].sequence), []).append(place)
        return list(found.values())

    def _add(self, row: Row) -> None:
        hole = len(self.rows)
        self.rows.append(row)
        for exit in sorted({other.exit for other in self.rows[:-1] if other.exit < row.exit}):
            first = next(place for place, other in enumerate(self.rows) if other.exit == exit)
            self._move(first, hole)
            hole = first
        self.rows[hole] = row

    def _remove(self, place: int) -> None:
        hole = place
        for exit in sorted({row.exit for row in self.rows[place:]}, reverse=True):
            last = max(other for other, row in enumerate(self.rows) if row.exit == exit)
            self._move(last, hole)
            hole = last
        self.rows.pop()

    def _move(self, source: int, target: int) -> None:
        if source == target:
            return
        row = self.rows[target] = self.rows[source]
        self.kept.move(source, target, row.length, row.exit)
