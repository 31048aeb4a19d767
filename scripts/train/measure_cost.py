"""What a SoFT step costs relative to an SFT step: same model, same batches, turn about, medians.

    python scripts/train/measure_cost.py --model eval-data/nano/models/sft --data eval-data/nano/data/train.json
"""

import argparse
import itertools
import statistics
import time
from pathlib import Path

import torch
from transformers import AutoTokenizer

from sorted_train.data import Collator, InstructionData, read_records
from sorted_train.exits import default_exits
from sorted_train.model import SortedLlama


def main() -> None:
    args = parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = SortedLlama.from_pretrained(args.model, dtype=torch.float32)
    exits = args.exits or default_exits(model.config.num_hidden_layers)
    data = InstructionData(read_records(args.data)[: 8 * args.batch_size], tokenizer)
    collate = Collator(tokenizer.pad_token_id)
    batches = [collate(data.items[start : start + args.batch_size]) for start in range(0, len(data), args.batch_size)]
    seconds = measure(model, exits, batches, args.steps)
    for kind, times in seconds.items():
        print(f"{kind:4} step: median {1000 * statistics.median(times):.1f} ms of {len(times)}")
    print(f"SoFT step = {statistics.median(seconds['soft']) / statistics.median(seconds['sft']):.2f} x SFT step")


def measure(model: SortedLlama, exits: tuple[int, ...], batches: list[dict], steps: int) -> dict[str, list[float]]:
    """Seconds of each step. The two kinds take turns, so that a busy moment of the machine hits both."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6, fused=True)
    seconds: dict[str, list[float]] = {"sft": [], "soft": []}
    for step, batch in zip(range(steps + 2), itertools.cycle(batches)):
        for kind, trained in (("sft", exits[-1:]), ("soft", exits)):
            elapsed = timed_step(model.train_exits(trained), optimizer, batch)
            if step >= 2:  # the first two warm up
                seconds[kind].append(elapsed)
    return seconds


def timed_step(model: SortedLlama, optimizer: torch.optim.Optimizer, batch: dict) -> float:
    started = time.perf_counter()
    model(**batch)["loss"].backward()
    optimizer.step()
    optimizer.zero_grad()
    return time.perf_counter() - started


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--exits", type=lambda text: tuple(int(n) for n in text.split(",")))
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--threads", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
