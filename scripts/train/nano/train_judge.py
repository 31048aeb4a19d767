"""Train the nano judge; see judge_model.py for what it learns besides its answers.

    cd scripts/train && python -m nano.train_judge --model ../../eval-data/nano/models/soft \
        --data /tmp/nano/judge-train.json --out /tmp/nano/runs/judge --max-steps 1000
"""

import argparse
from pathlib import Path

import torch
from transformers import AutoTokenizer, TrainingArguments, set_seed

from sorted_train.data import read_records
from sorted_train.exits import Exits, default_exits, write_exits
from sorted_train.tokenizers import save_tokenizer
from sorted_train.trainer import SortedTrainer, StopAt

from .judge_model import LOSSES, CheckedCollator, JudgeLlama, encode_checked


def main() -> None:
    args = parse_args()
    torch.set_num_threads(args.threads)
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = JudgeLlama.from_pretrained(args.model, dtype=torch.float32)
    records = read_records(args.data)[args.skip :][: args.max_steps * args.batch_size]
    trainer = SortedTrainer(
        model=model,
        args=training_arguments(args),
        train_dataset=[encode_checked(record, tokenizer) for record in records],
        data_collator=CheckedCollator(tokenizer.pad_token_id),
        exits=LOSSES,
    )
    if args.stop_at:
        trainer.add_callback(StopAt(args.stop_at))
    trainer.train()
    trainer.save_model(str(args.out))
    save_tokenizer(tokenizer, args.out)
    write_exits(args.out, Exits("sft", default_exits(model.config.num_hidden_layers)))
    trainer.write_log(args.out)


def training_arguments(args: argparse.Namespace) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(args.out / "checkpoints"), max_steps=args.max_steps, learning_rate=args.lr,
        lr_scheduler_type="cosine", warmup_steps=args.warmup, per_device_train_batch_size=args.batch_size,
        logging_steps=25, save_steps=args.save_every, save_total_limit=1, seed=args.seed, use_cpu=not torch.cuda.is_available(),
        report_to="none", disable_tqdm=True, dataloader_pin_memory=False, remove_unused_columns=False,
    )  # fmt: skip


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the SoFT checkpoint, which knows the answers")
    parser.add_argument("--data", type=Path, required=True, help="pairs of nano.judge_data")
    parser.add_argument("--skip", type=int, default=0, help="pairs at the start of the data, which an earlier stage has seen")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-steps", type=int, required=True)
    parser.add_argument("--stop-at", type=int, default=0, help="end after this step, though the schedule is longer")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--warmup", type=int, default=30)
    parser.add_argument("--save-every", type=int, default=200)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
