"""Records for the judge's golden file: a seeded sample of the pairs of the sweep on test instructions.

    cd scripts/train && python -m nano.judge_prompts --models ../../eval-data/nano/models \
        --data ../../eval-data/nano/data/test.json --out /tmp/nano/judge-prompts.json
"""

import argparse
import random
from pathlib import Path

from sorted_train.data import read_records

from .generate import SEED, write
from .judge_data import answers_of, judge_record
from .judge_eval import sweep_pairs

COUNT = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    records = random.Random(f"{SEED} judge golden").sample(read_records(args.data), COUNT)
    pairs = sweep_pairs(records, answers_of(args.models, records))
    chosen = random.Random(f"{SEED} judge golden pairs").sample(pairs, COUNT)
    write(args.out, [judge_record(*pair) for pair in chosen])


if __name__ == "__main__":
    main()
