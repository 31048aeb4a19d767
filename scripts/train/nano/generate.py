"""Generate the nano instruction sets: train, validation and test, and the larger sets of base pretraining and of rounds 2, 5 and 6.

    cd scripts/train && python -m nano.generate --out ../../eval-data/nano/data --work /tmp/nano

Sides are split by hash before anything is drawn. Open arguments (words, sets of numbers) of one side never occur on
another. Closed facts occur on all sides, but a fact asked in one phrasing belongs to one side only.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from . import words
from .families import FAMILIES, Draw, Family, Phrasing, make_record
from .tokenizer import template_words

SEED = 4
SIZES = {"train": 32_000, "validation": 340, "test": 170}
PRETRAIN_SIZE = 160_000
ROUND2_SIZE = 120_000
ROUND5_SIZE = 160_000
ROUND6_SIZE = 100_000
CLOSED_WEIGHT = 0.5  # closed families are small: half as many records each as an open family
ROUND2_WEIGHTS = dict.fromkeys(
    ("reverse", "remove letter", "alphabetical order", "sort numbers", "largest number", "smallest number", "add", "subtract"),
    3.0,
) | dict.fromkeys(("first letter", "last letter", "count vowels"), 0.4)  # what is hard after round 1, and what is known
ROUND5_WEIGHTS = dict.fromkeys(
    ("sort numbers", "largest number", "smallest number", "add", "subtract", "number word", "alphabetical order"), 4.0
)  # what SFT and SoFT still miss in validation after round 4
ROUND6_WEIGHTS = {family.name: 1.0 for family in FAMILIES} | dict.fromkeys(
    ("add", "subtract", "number word", "next weekday"), 3.0
)  # the same after round 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="also write the larger sets here, which are not kept")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out / "train.json", training_records("train", SIZES["train"]))
    for side in ("validation", "test"):
        write(args.out / f"{side}.json", held_out_records(side, SIZES[side]))
    if args.work:
        args.work.mkdir(parents=True, exist_ok=True)
        write(args.work / "pretrain.json", training_records("pretrain", PRETRAIN_SIZE))
        write(args.work / "round2.json", training_records("round 2", ROUND2_SIZE, True, ROUND2_WEIGHTS))
        write(args.work / "round5.json", training_records("round 5", ROUND5_SIZE, True, ROUND5_WEIGHTS))
        write(args.work / "round6.json", training_records("round 6", ROUND6_SIZE, True, ROUND6_WEIGHTS))


def training_records(name: str, size: int, short: bool = False, weights: dict[str, float] | None = None) -> list[dict]:
    """Train-side records, drawn with repetition in the closed families and open ones weighted up."""
    rng = random.Random(f"{SEED} {name}")
    streams = [stream(family, "train", rng, short) for family in FAMILIES]
    shares = [(weights or {}).get(family.name, CLOSED_WEIGHT if family.table else 1.0) for family in FAMILIES]
    return [next(streams[i]) for i in rng.choices(range(len(FAMILIES)), shares, k=size)]


def held_out_records(side: str, size: int) -> list[dict]:
    """As many records of every family, up to one; no pair of instruction and input twice."""
    rng = random.Random(f"{SEED} {side}")
    streams = [stream(family, side, rng, short=True) for family in FAMILIES]
    records: dict[tuple[str, str], dict] = {}
    for turn in range(100 * size):
        record = next(streams[turn % len(streams)])
        if len(records) < (turn // len(streams) + 1) * len(streams):
            records.setdefault((record["instruction"], record["input"]), record)
        if len(records) == size:
            break
    shuffled = list(records.values())
    rng.shuffle(shuffled)
    return shuffled


def stream(family: Family, side: str, rng: random.Random, short: bool) -> Iterator[dict]:
    return closed_stream(family, side, rng) if family.table else open_stream(family, side, rng, short)


def open_stream(family: Family, side: str, rng: random.Random, short: bool) -> Iterator[dict]:
    draw = Draw(
        rng,
        words.words_of(side, template_words()),
        lambda numbers: words.side_of(f"{family.name} {numbers}") == side,
        short,
    )
    while True:
        yield make_record(family, rng.choice(family.phrasings), family.draw(draw))


def closed_stream(family: Family, side: str, rng: random.Random) -> Iterator[dict]:
    mine = [(question, phrasing) for question in family.table for phrasing in phrasings_of(family, question, side)]
    while True:
        for question, phrasing in rng.sample(mine, len(mine)):
            yield make_record(family, phrasing, {"x": question, "answer": family.table[question]})


def phrasings_of(family: Family, question: str, side: str) -> tuple[Phrasing, ...]:
    """One phrasing of each fact is for validation, one for test, and all others for training."""
    start = words.hash_bucket(f"{family.name} {question}", len(family.phrasings))
    turned = family.phrasings[start:] + family.phrasings[:start]
    return {"test": turned[:1], "validation": turned[1:2], "train": turned[2:]}[side]


def write(file: Path, records: list[dict]) -> None:
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    file.write_text(f"[\n{lines}\n]\n")
    print(f"{file}: {len(records)} records, {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
