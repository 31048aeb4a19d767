"""Write what adaptive depth gives when nothing is cached: the ids, and the exit that each token left at.

    for m in sft soft early-exit; do python scripts/train/adaptive_golden.py --model eval-data/nano/models/$m \
        --prompts eval-data/nano/data/test.json --count 12 --out test/golden/adaptive/nano-$m.json; done

Every token is chosen by reading the whole sequence anew at one exit after the other, until the exit is sure enough: its
largest probability, or the margin of the two largest, is at least the threshold. Exits without a threshold are not asked.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from golden import eos_ids, header, to_json
from sorted_train.prompts import record_prompt
from sorted_train.submodels import Checkpoint, load_checkpoint, submodel

MAX_NEW_TOKENS = 24


@dataclass(frozen=True)
class Rule:
    confidence: str  # "probability" or "margin"
    thresholds: dict[int, float]  # by exit; the deepest needs none

    def is_sure(self, logits: torch.Tensor, exit: int) -> bool:
        """Whether a token may leave there. logits [vocab]; the exit has a threshold."""
        first, second = logits.softmax(-1).topk(2).values.tolist()
        confidence = first if self.confidence == "probability" else first - second
        return confidence >= self.thresholds[exit]


def rules_for(exits: tuple[int, ...]) -> list[Rule]:
    def all_at(threshold: float) -> dict[int, float]:
        return {n: threshold for n in exits[:-1]}

    return [
        Rule("probability", all_at(0.5)),
        Rule("probability", all_at(0.9)),
        Rule("margin", all_at(0.7)),
        Rule("probability", {exits[0]: 0.99, exits[3]: 0.6}),
    ]


def main() -> None:
    args = parse_args(__doc__)
    checkpoint = load_checkpoint(args.model)
    models = {n: submodel(checkpoint.model, n, checkpoint.heads.get(n)) for n in checkpoint.exits.layers}
    write_golden(args, checkpoint, lambda prompt_ids, rule, eos: answer(models, prompt_ids, rule, eos))


def write_golden(args: argparse.Namespace, checkpoint: Checkpoint, answer: Callable[[list[int], Rule, set[int]], dict]) -> None:
    """What answer gives for each prompt under each rule."""
    torch.set_num_threads(1)
    rules, eos = rules_for(checkpoint.exits.layers), eos_ids(checkpoint)
    cases = []
    for record in json.loads(args.prompts.read_text())[: args.count]:
        prompt_ids = checkpoint.tokenizer(record_prompt(record))["input_ids"]
        cases.append({"prompt_ids": prompt_ids, "answers": [answer(prompt_ids, rule, eos) for rule in rules]})
    described = [{"confidence": rule.confidence, "threshold": rule.thresholds} for rule in rules]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(to_json(header(args.model.name) | {"rules": described, "cases": cases}))


def answer(models: dict, prompt_ids: list[int], rule: Rule, eos: set[int]) -> dict:
    ids, left_at = [], []
    while len(ids) < MAX_NEW_TOKENS and not (ids and ids[-1] in eos):
        token, exit = next_token(models, prompt_ids + ids, rule)
        ids.append(token)
        left_at.append(exit)
    return {"ids": ids, "exits": left_at}


@torch.inference_mode()
def next_token(models: dict, ids: list[int], rule: Rule) -> tuple[int, int]:
    *earlier, deepest = models
    for n in [n for n in earlier if n in rule.thresholds] + [deepest]:
        logits = models[n](input_ids=torch.tensor([ids])).logits[0, -1]  # [vocab]
        if n == deepest or rule.is_sure(logits, n):
            return int(logits.argmax()), n
    raise AssertionError("the deepest exit always chooses")


def parse_args(description: str | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True, help="Alpaca records, a JSON array")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
