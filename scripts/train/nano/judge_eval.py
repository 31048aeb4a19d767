"""How often the judge agrees with the known answers, and keeps its verdict when the order is swapped.

    cd scripts/train && python -m nano.judge_eval --models ../../eval-data/nano/models --data ../../eval-data/nano/data/test.json

The pairs are the sweep's: every exit of SoFT against every exit of SFT and of early-exit, on every instruction; a seeded
sample of them, since many are equal. Verdicts are greedy. A malformed verdict counts as wrong and as not kept.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

import torch

from sorted_train.data import read_records
from sorted_train.generate import answer_at
from sorted_train.prompts import record_prompt
from sorted_train.submodels import load_checkpoint

from .generate import SEED
from .judge_data import answers_of, judge_record

SWAPPED = {"1": "2", "2": "1", "tie": "tie"}


def main() -> None:
    args = parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    records = read_records(args.data)
    pairs = sweep_pairs(records, answers_of(args.models, records))
    pairs = random.Random(f"{SEED} judge eval").sample(pairs, min(args.count, len(pairs)))
    judge = load_checkpoint(args.judge or args.models / "judge")
    forward = verdicts_of(judge, [judge_record(r, a, b) for r, a, b in pairs])
    backward = verdicts_of(judge, [judge_record(r, b, a) for r, a, b in pairs])
    report(pairs, forward, backward)


def sweep_pairs(records: list[dict], answers: dict) -> list[tuple[dict, str, str]]:
    return [
        (record, a[i], b[i])
        for i, record in enumerate(records)
        for a in answers["soft"].values()
        for other in ("sft", "early-exit")
        for b in answers[other].values()
    ]


def verdicts_of(judge, questions: list[dict]) -> list[str]:
    """First line of the judge's answer in lower case."""
    texts = answer_at(judge, judge.exits.layers[-1], [record_prompt(q) for q in questions], max_new_tokens=4)
    return [text.split("\n")[0].strip().lower() for text in texts]


def report(pairs: list[tuple[dict, str, str]], forward: list[str], backward: list[str]) -> None:
    known = [judge_record(*pair)["verdict"].lower() for pair in pairs]
    decided = [i for i, verdict in enumerate(known) if verdict != "tie"]
    if not decided:
        raise SystemExit(f"none of {len(pairs)} pairs has exactly one right response: there is no winner to agree with")
    differing = [i for i, (_, a, b) in enumerate(pairs) if a != b]
    hits = sum((forward[i] == known[i]) + (backward[i] == SWAPPED[known[i]]) for i in decided)
    all_hits = sum((f == k) + (b == SWAPPED[k]) for f, b, k in zip(forward, backward, known))
    kept = [SWAPPED.get(f) == b for f, b in zip(forward, backward)]
    print(f"pairs {len(pairs)}, exactly one right {len(decided)}, texts differ {len(differing)}")
    print(f"agrees where one is right  {100 * hits / (2 * len(decided)):.1f} %")
    print(f"agrees on all pairs        {100 * all_hits / (2 * len(pairs)):.1f} %")
    print(f"keeps verdict on swapping  {100 * sum(kept) / len(kept):.1f} %")
    print(f"  where the texts differ   {100 * sum(kept[i] for i in differing) / len(differing):.1f} %")
    print(f"malformed                  {100 * sum(v not in SWAPPED for v in forward + backward) / (2 * len(pairs)):.2f} %")
    print("verdicts", dict(Counter(forward + backward)))
    worst = Counter(pairs[i][0]["category"] for i in decided if forward[i] != known[i])
    total = Counter(pairs[i][0]["category"] for i in decided)
    print("wrong by category", {c: f"{n}/{total[c]}" for c, n in worst.most_common(8)})


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="folder with soft, sft, early-exit and judge")
    parser.add_argument("--judge", type=Path, help="default: judge in the models folder")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
