"""The judge's curriculum, picked from the pairs of judge_data: first easy pairs, then real ones.

    cd scripts/train && python -m nano.judge_stages --pairs /tmp/nano/judge-train.json --answered 1000

easy: every wrong response is wrong from its first letter; only the verdict is learned. Near misses from the start kept the
verdict at chance. real: answers of the models' exits as the sweep pairs them, 16 % near misses, and the full answer format.
format: some of these once more, half of them with the full format, which beam search depends on.
"""

import argparse
import json
import random
from pathlib import Path

from .generate import write
from .judge_data import answered_records

REAL_FOR_EACH_SYNTHETIC = 5.25
FULL_FORMAT = 0.3  # share of the real pairs that teach reason and reference too
FORMAT_SIZE = 56_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--answered", type=int, required=True, help="as judge_data was told")
    args = parser.parse_args()
    pairs = json.loads(args.pairs.read_text())
    write(args.pairs.with_name("judge-easy.json"), easy_stage(pairs))
    real = real_stage(pairs, args.answered)
    write(args.pairs.with_name("judge-real.json"), with_full_format(real, FULL_FORMAT))
    write(args.pairs.with_name("judge-format.json"), with_full_format(shuffled(real, random.Random(1))[:FORMAT_SIZE], 0.5))


def easy_stage(pairs: list[dict]) -> list[dict]:
    """Two ties for four pairs with a winner."""
    easy = [pair | {"learn": "verdict"} for pair in pairs if is_easy(pair)]
    decided = [pair for pair in easy if pair["verdict"] != "Tie"]
    ties = [pair for pair in easy if pair["verdict"] == "Tie"]
    return shuffled(decided + ties[: len(decided) // 2], random.Random(0))


def is_easy(pair: dict) -> bool:
    right = pair["output"].strip()
    return all(r == right or r[:1] != right[:1] for r in (pair["response1"], pair["response2"]))


def real_stage(pairs: list[dict], count: int) -> list[dict]:
    answered = {(r["instruction"], r["input"]) for r in answered_records(count)}
    is_real = [(pair["instruction"], pair["input"]) in answered for pair in pairs]
    real = [pair for pair, yes in zip(pairs, is_real) if yes]
    synthetic = [pair for pair, yes in zip(pairs, is_real) if not yes][: round(len(real) / REAL_FOR_EACH_SYNTHETIC)]
    return shuffled(real + synthetic, random.Random(0))


def with_full_format(pairs: list[dict], share: float) -> list[dict]:
    rng = random.Random(2)
    return [pair | {"learn": "all" if rng.random() < share else "verdict"} for pair in pairs]


def shuffled(pairs: list[dict], rng: random.Random) -> list[dict]:
    rng.shuffle(pairs)
    return pairs


if __name__ == "__main__":
    main()
