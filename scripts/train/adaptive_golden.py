"""Write what adaptive depth gives when nothing is cached: the ids, and the exit that each token left at.

    for m in sft soft early-exit; do python scripts/train/adaptive_golden.py --model eval-data/nano/models/$m \
        --prompts eval-data/nano/data/test.json --count 12 --out test/golden/adaptive/nano-$m.json; done

Every token is chosen by reading the whole sequence anew at one exit after the other, until the exit is sure enough: its
largest probability, or the margin of the two largest, is at least the threshold. Exits without a threshold are not asked.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import torch

from golden import eos_ids, header, to_json
from sorted_train.prompts import record_prompt
from sorted_train.submodels import load_checkpoint, submodel

MAX_NEW_TOKENS = 24


@dataclass(frozen=True)
class Rule:
    confidence: str  # "probability" or "margin"
    thresholds: dict[int, float]  # by exit; the deepest needs none


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
    args = parse_args()
    torch.set_num_threads(1)
    checkpoint = load_checkpoint(args.model)
    exits, eos = checkpoint.exits.layers, eos_ids(checkpoint)
    models = {n: submodel(checkpoint.model, n, checkpoint.heads.get(n)) for n in exits}
    rules = rules_for(exits)
    cases = []
    for record in json.loads(args.prompts.read_text())[: args.count]:
        prompt_ids = checkpoint.tokenizer(record_prompt(record))["input_ids"]
        answers = [answer(models, prompt_ids, rule, eos) for rule in rules]
        cases.append({"prompt_ids": prompt_ids, "answers": answers})
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
        first, second = logits.softmax(-1).topk(2).values.tolist()
        confidence = first if rule.confidence == "probability" else first - second
        if n == deepest or confidence >= rule.thresholds[n]:
            return int(logits.argmax()), n
    raise AssertionError("the deepest exit always chooses")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True, help="Alpaca records, a JSON array")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
