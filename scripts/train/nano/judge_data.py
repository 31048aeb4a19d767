"""Make the judge's training pairs: train-side instructions, real answers of all exits, and synthetic near misses.

    cd scripts/train && python -m nano.judge_data --models ../../eval-data/nano/models --out /tmp/nano/judge-train.json

The label comes from the known right answer: 1 or 2 when exactly one response is right, Tie when both or neither are.
"""

import argparse
import random
from pathlib import Path

import torch

from sorted_train.generate import answer_all
from sorted_train.prompts import record_prompt
from sorted_train.submodels import load_checkpoint

from .generate import ROUND5_WEIGHTS, SEED, training_records, write
from .near_miss import near_miss
from .reasons import verdict_and_reason

MODELS = ("soft", "sft", "early-exit")
VERDICT_ONLY = 0.85  # share of the pairs that teach the verdict alone: it is 1 of some 30 tokens of an answer
Answers = dict[str, dict[int, list[str]]]  # model -> exit -> one answer a record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="folder with soft, sft and early-exit")
    parser.add_argument("--answered", type=int, default=1500, help="instructions that the models answer")
    parser.add_argument("--size", type=int, default=60_000, help="pairs to write")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    answered = answered_records(args.answered)
    answers = answers_of(args.models, answered)
    rng = random.Random(f"{SEED} judge pairs")
    fresh = iter(training_records("judge fresh", args.size, short=True))
    write(args.out, [make_pair(rng, answered, answers, next(fresh)) for _ in range(args.size)])


def answered_records(count: int) -> list[dict]:
    """Instructions that the models answer; the families that are hard to judge weigh more."""
    return training_records("judge answered", count, short=True, weights=ROUND5_WEIGHTS)


def answers_of(folder: Path, records: list[dict]) -> Answers:
    prompts = [record_prompt(record) for record in records]
    return {model: answer_all(load_checkpoint(folder / model), prompts) for model in MODELS}


def make_pair(rng: random.Random, answered: list[dict], answers: Answers, fresh: dict) -> dict:
    """Half real pairs, as the sweep makes them, half pairs with a synthetic answer to an instruction of their own."""
    if rng.random() < 0.5:
        index = rng.randrange(len(answered))
        record, pair = answered[index], real_pair(rng, answers, index)
    else:
        record, pair = fresh, synthetic_pair(rng, fresh["output"])
    learn = "verdict" if rng.random() < VERDICT_ONLY else "all"
    return judge_record(record, *rng.sample(pair, 2)) | {"learn": learn}


def real_pair(rng: random.Random, answers: Answers, index: int) -> list[str]:
    """One of SoFT's exits against one of SFT's or early-exit's; one in four against another of SoFT's own."""
    other = rng.choice(("sft", "early-exit", "early-exit", "soft"))
    return [rng.choice(list(answers[model].values()))[index] for model in ("soft", other)]


def synthetic_pair(rng: random.Random, right: str) -> list[str]:
    wrong = near_miss(rng, right)
    return rng.choices(([right, wrong], [wrong, near_miss(rng, right)], [right, right]), (0.75, 0.2, 0.05))[0]


def judge_record(record: dict, response1: str, response2: str) -> dict:
    right = record["output"].strip()
    verdict, reason = verdict_and_reason(response1 == right, response2 == right)
    return record | {"response1": response1, "response2": response2, "verdict": verdict, "reason": reason}


if __name__ == "__main__":
    main()
