"""The judge's curriculum, picked from the pairs of judge_data: first easy pairs, then real ones.

    cd scripts/train && python -m nano.judge_stages --pairs /tmp/nano/judge-train.json

easy: every wrong response is wrong from its first letter; only the verdict is learned. Near misses from the start kept the
verdict at chance. real: answers of the models' exits as the sweep pairs them, 16 % near misses, and the full answer format.
"""

import argparse
import json
import random
from pathlib import Path

from .generate import training_records, write

ANSWERED = 1000  # as in settings.sh
REAL, SYNTHETIC = 21_000, 4_000
FULL_FORMAT = 0.3  # share of the last stage's pairs that teach reason and reference too


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True)
    args = parser.parse_args()
    pairs = json.loads(args.pairs.read_text())
    write(args.pairs.with_name("judge-easy.json"), easy_stage(pairs))
    write(args.pairs.with_name("judge-last.json"), real_stage(pairs))


def easy_stage(pairs: list[dict]) -> list[dict]:
    """Two ties for four pairs with a winner."""
    easy = [pair | {"learn": "verdict"} for pair in pairs if is_easy(pair)]
    decided = [pair for pair in easy if pair["verdict"] != "Tie"]
    ties = [pair for pair in easy if pair["verdict"] == "Tie"]
    return shuffled(decided + ties[: len(decided) // 2], random.Random(0))


def is_easy(pair: dict) -> bool:
    right = pair["output"].strip()
    return all(r == right or r[:1] != right[:1] for r in (pair["response1"], pair["response2"]))


def real_stage(pairs: list[dict]) -> list[dict]:
    answered = {(r["instruction"], r["input"]) for r in training_records("judge answered", ANSWERED, short=True)}
    is_real = [(pair["instruction"], pair["input"]) in answered for pair in pairs]
    real = [pair for pair, yes in zip(pairs, is_real) if yes][:REAL]
    synthetic = [pair for pair, yes in zip(pairs, is_real) if not yes][:SYNTHETIC]
    rng = random.Random(0)
    chosen = shuffled(real + synthetic, rng)
    return [pair | {"learn": "all" if rng.random() < FULL_FORMAT else "verdict"} for pair in chosen]


def shuffled(pairs: list[dict], rng: random.Random) -> list[dict]:
    rng.shuffle(pairs)
    return pairs


if __name__ == "__main__":
    main()
