"""Fine-tune a Hugging Face LLaMA checkpoint on Alpaca-format data: SFT, SoFT or early-exit.

    python scripts/train/train.py --kind soft --model base --data train.json --out soft --epochs 2 --lr 2e-5
    python scripts/train/train.py --kind early-exit --model sft --data train.json --out early-exit --epochs 1
    accelerate launch --config_file scripts/train/configs/fsdp.yaml scripts/train/train.py ...

The output is an ordinary checkpoint plus exits.json. early-exit writes its heads and refers to the SFT checkpoint.
A killed run goes on from its last step checkpoint when the same command is given again.
"""

import argparse
import os
from pathlib import Path

import torch
from transformers import AutoTokenizer, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from sorted_train.data import Collator, InstructionData, read_records
from sorted_train.exits import KINDS, Exits, check_exits, default_exits, write_exits
from sorted_train.model import SortedLlama
from sorted_train.tokenizers import save_tokenizer
from sorted_train.trainer import SortedTrainer, StopAt


def main() -> None:
    args = parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = SortedLlama.from_pretrained(args.model, dtype=torch.float32)
    exits = check_exits(args.exits or default_exits(model.config.num_hidden_layers), model.config.num_hidden_layers)
    prepare(model, args.kind, exits)
    records = [record for file in args.data for record in read_records(file)]
    data = InstructionData(records, tokenizer, args.loss_on, args.max_length)
    trainer = SortedTrainer(
        model=model,
        args=training_arguments(args),
        train_dataset=data,
        data_collator=Collator(tokenizer.pad_token_id or tokenizer.eos_token_id),
        exits=model.exits,
    )
    if args.stop_at:
        trainer.add_callback(StopAt(args.stop_at))
    trainer.train(resume_from_checkpoint=last_checkpoint(args.out))
    save(trainer, tokenizer, args, exits)


def prepare(model: SortedLlama, kind: str, exits: tuple[int, ...]) -> None:
    """SFT is SoFT with the last exit alone."""
    match kind:
        case "sft":
            model.train_exits(exits[-1:])
        case "soft":
            model.train_exits(exits)
        case "early-exit":
            model.train_exit_heads(exits)


def save(trainer: SortedTrainer, tokenizer, args: argparse.Namespace, exits: tuple[int, ...]) -> None:
    trainer.save_model(str(args.out))
    if not trainer.is_world_process_zero():
        return
    save_tokenizer(tokenizer, args.out)
    base = os.path.relpath(args.model.resolve(), args.out.resolve()) if args.kind == "early-exit" else None
    write_exits(args.out, Exits(args.kind, exits, base))
    trainer.write_log(args.out)


def training_arguments(args: argparse.Namespace) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(args.out / "checkpoints"),
        max_steps=args.max_steps,
        num_train_epochs=args.epochs,
        learning_rate=args.lr,
        lr_scheduler_type=args.schedule,
        warmup_steps=args.warmup,
        weight_decay=args.weight_decay,
        per_device_train_batch_size=args.batch_size,
        gradient_accumulation_steps=args.accumulate,
        activation_checkpointing=args.gradient_checkpointing,
        bf16=args.bf16,
        train_sampling_strategy="group_by_length" if args.group_by_length else "random",
        logging_steps=args.log_every,
        save_steps=args.save_every,
        save_total_limit=1,
        seed=args.seed,
        use_cpu=not torch.cuda.is_available(),
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
    )


def last_checkpoint(out: Path) -> str | None:
    folder = out / "checkpoints"
    return get_last_checkpoint(str(folder)) if folder.exists() else None


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--model", type=Path, required=True, help="checkpoint to start from; for early-exit the SFT one")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="JSON arrays of {instruction, input, output}")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--exits", type=lambda text: tuple(int(n) for n in text.split(",")), help="default: the paper's")
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--max-steps", type=int, default=-1, help="overrides --epochs")
    parser.add_argument("--stop-at", type=int, default=0, help="end after this step, though the schedule is longer")
    parser.add_argument("--lr", type=float, default=2e-5)
    parser.add_argument("--schedule", default="cosine")
    parser.add_argument("--warmup", type=float, default=0.03, help="steps, or below 1 the share of all steps")
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--batch-size", type=int, default=8, help="records per process and step")
    parser.add_argument("--accumulate", type=int, default=1, help="gradient accumulation steps")
    parser.add_argument("--max-length", type=int, default=1024)
    parser.add_argument("--loss-on", choices=("response", "all"), default="response", help="all: plain language modelling")
    parser.add_argument("--group-by-length", action="store_true", help="less padding, but less mixed batches")
    parser.add_argument("--gradient-checkpointing", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; default: PyTorch's choice")
    parser.add_argument("--log-every", type=int, default=50)
    parser.add_argument("--save-every", type=int, default=500)
    return parser.parse_args()


if __name__ == "__main__":
    main()
