"""Exact match with the known answer at every exit of one or more checkpoints.

    python scripts/train/evaluate.py --data eval-data/nano/data/test.json eval-data/nano/models/{sft,soft,early-exit}
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import torch

from sorted_train.data import read_records
from sorted_train.generate import answer_all
from sorted_train.prompts import record_prompt
from sorted_train.submodels import load_checkpoint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--max-new-tokens", type=int, default=48)
    parser.add_argument("--by-category", action="store_true", help="also the last exit's exact match for every category")
    parser.add_argument("--answers", type=Path, help="write all answers here, as {model: {exit: [text]}}")
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    records = read_records(args.data)
    answers = {model.name: answers_of(model, records, args.max_new_tokens) for model in args.models}
    print_table(answers, records)
    if args.by_category:
        print_categories(answers, records)
    if args.answers:
        args.answers.write_text(json.dumps(answers, ensure_ascii=False) + "\n")


def answers_of(model: Path, records: list[dict], max_new_tokens: int) -> dict[int, list[str]]:
    return answer_all(load_checkpoint(model), [record_prompt(record) for record in records], max_new_tokens)


def exact_percent(answers: list[str], records: list[dict]) -> float:
    return 100 * sum(a == r["output"].strip() for a, r in zip(answers, records)) / len(records)


def print_table(answers: dict[str, dict[int, list[str]]], records: list[dict]) -> None:
    exits = next(iter(answers.values()))
    print("exact match %, n =", len(records))
    print("| model |", " | ".join(f"exit {n}" for n in exits), "|")
    print("|---|" + "---:|" * len(exits))
    for model, by_exit in answers.items():
        print(f"| {model} |", " | ".join(f"{exact_percent(texts, records):.1f}" for texts in by_exit.values()), "|")


def print_categories(answers: dict[str, dict[int, list[str]]], records: list[dict]) -> None:
    places = defaultdict(list)
    for place, record in enumerate(records):
        places[record.get("category", "")].append(place)
    for category, rows in sorted(places.items()):
        last = {m: list(by_exit.values())[-1] for m, by_exit in answers.items()}
        shares = {m: exact_percent([texts[i] for i in rows], [records[i] for i in rows]) for m, texts in last.items()}
        print(f"{category:20}", *(f"{model} {share:5.1f}" for model, share in shares.items()))


if __name__ == "__main__":
    main()
