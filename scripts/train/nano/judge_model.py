"""The judge in training: besides the answer it learns, at every token of a response, whether that response is right so far.

The verdict is one token that depends on every token of both responses, so from the verdict alone the comparison is learned
very slowly. The extra head reads the state after CHECK_LAYER, which leaves the layers above to sum up; it is not saved.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sorted_train.data import IGNORED, Collator, encode
from sorted_train.losses import following_labels
from sorted_train.model import SortedLlama
from sorted_train.prefixes import groups_by_prefix
from sorted_train.prompts import record_prompt

CHECK_LAYER = 7
WRONG_SO_FAR, RIGHT_SO_FAR, VERDICT_NEXT = 0, 1, 2
LOSSES = ("answer", "verdict", "check")


class JudgeLlama(SortedLlama):
    def __init__(self, config):
        super().__init__(config)
        self.checker = nn.Linear(config.hidden_size, 2)
        self.exits = (CHECK_LAYER, config.num_hidden_layers)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, labels: Tensor, checks: Tensor):
        targets = following_labels(labels)  # [B, T]
        wanted = (targets != IGNORED) | (checks != IGNORED)
        lengths = attention_mask.sum(1)  # [B]
        groups = groups_by_prefix(input_ids, lengths)
        states = [self.group_states(input_ids[rows], wanted[rows], int(lengths[rows].max())) for rows in groups]
        middle, last = (torch.cat([state[n] for state in states]) for n in self.exits)  # [R, D]
        targets, checks = (torch.cat([x[rows][wanted[rows]] for rows in groups]) for x in (targets, checks))  # [R]
        logits = self.lm_head(last)  # [R, V]
        verdict_next, checked = checks == VERDICT_NEXT, (checks == RIGHT_SO_FAR) | (checks == WRONG_SO_FAR)
        losses = torch.stack([
            cross_entropy(logits, targets, ignore_index=IGNORED),
            cross_entropy(logits[verdict_next], targets[verdict_next]),
            cross_entropy(self.checker(self.model.norm(middle[checked])), checks[checked]),
        ])  # fmt: skip
        return {"loss": losses.sum(), "exit_losses": losses.detach()}

    def save_pretrained(self, save_directory, state_dict=None, **kwargs) -> None:
        state_dict = self.state_dict() if state_dict is None else state_dict
        kept = {name: weight for name, weight in state_dict.items() if not name.startswith("checker.")}
        super().save_pretrained(save_directory, state_dict=kept, **kwargs)


def encode_checked(record: dict, tokenizer) -> dict[str, list[int]]:
    """The item of sorted_train.data.encode, with the check of every position."""
    item = encode(record, tokenizer)
    text = record_prompt(record)
    offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    checks = [IGNORED] * len(item["input_ids"])
    for number in (1, 2):
        response, heading = record[f"response{number}"].strip() + "\n", f"### Response {number}:\n"
        start = text.index(heading) + len(heading)
        for place, (first, last) in enumerate(offsets):
            if first < last and start <= first and last <= start + len(response):
                right = (record["output"].strip() + "\n").startswith(response[: last - start])
                checks[place] = RIGHT_SO_FAR if right else WRONG_SO_FAR
    checks[len(offsets) - 1] = VERDICT_NEXT
    return item | {"checks": checks}


class CheckedCollator(Collator):
    def __call__(self, items: list[dict]) -> dict[str, Tensor]:
        batch = super().__call__(items)
        return batch | {"checks": self._pad(items, "checks", IGNORED, batch["labels"].shape[1])}
