"""Cross-entropy of every exit on held-out records, response tokens only: what learning rate and epochs are chosen by.

    python scripts/train/validation_loss.py --data DATA/validation.json runs/sft runs/soft --csv validation.csv

Nats per token, over all response tokens of the file. One row a model and exit: model, exit, loss, tokens.
"""

import argparse
import csv
from pathlib import Path

import torch

from sorted_train.data import IGNORED, Collator, InstructionData, read_records
from sorted_train.losses import exit_loss, following_labels
from sorted_train.submodels import Checkpoint, load_checkpoint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--csv", type=Path, help="write the rows here too")
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--max-length", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    records = read_records(args.data)
    rows = [row for model in args.models for row in rows_of(model, records, args.batch_size, args.max_length)]
    for name, exit, loss, tokens in rows:
        print(f"{name:20} exit {exit:3}  {loss:.4f} nats over {tokens} tokens")
    if args.csv:
        with open(args.csv, "w", newline="") as file:
            csv.writer(file).writerows([("model", "exit", "loss", "tokens"), *((m, n, f"{x:.6g}", t) for m, n, x, t in rows)])


def rows_of(folder: Path, records: list[dict], batch_size: int, max_length: int) -> list[tuple[str, int, float, int]]:
    checkpoint = load_checkpoint(folder)
    losses, tokens = exit_losses(checkpoint, records, batch_size, max_length)
    return [(folder.name, n, loss, tokens) for n, loss in losses.items()]


@torch.inference_mode()
def exit_losses(checkpoint: Checkpoint, records: list[dict], batch_size: int, max_length: int) -> tuple[dict[int, float], int]:
    """Mean loss of each exit in nats, and the response tokens that it was taken over."""
    items = sorted(InstructionData(records, checkpoint.tokenizer, max_length=max_length), key=lambda item: len(item["input_ids"]))
    collate = Collator(checkpoint.tokenizer.pad_token_id or checkpoint.tokenizer.eos_token_id)
    sums, tokens = dict.fromkeys(checkpoint.exits.layers, 0.0), 0
    for start in range(0, len(items), batch_size):
        batch = collate(items[start : start + batch_size])
        targets = following_labels(batch["labels"])  # [B, T]
        wanted = targets != IGNORED
        tokens += int(wanted.sum())
        for n, loss in summed_losses(checkpoint, batch["input_ids"], wanted, targets[wanted]).items():
            sums[n] += loss
    return {n: total / tokens for n, total in sums.items()}, tokens


def summed_losses(checkpoint: Checkpoint, input_ids: torch.Tensor, wanted: torch.Tensor, targets: torch.Tensor) -> dict[int, float]:
    """Padding is on the right, where a causal model never looks, so there is no attention mask."""
    model, last = checkpoint.model.model, checkpoint.model.config.num_hidden_layers
    states = model(input_ids, output_hidden_states=True, use_cache=False).hidden_states  # [B, T, D]; the last has its norm
    norm = {n: (torch.nn.Identity() if n == last else model.norm) for n in checkpoint.exits.layers}
    return {
        n: float(exit_loss(states[n][wanted], norm[n], checkpoint.heads[n], targets, 1)) for n in checkpoint.exits.layers
    }


if __name__ == "__main__":
    main()
