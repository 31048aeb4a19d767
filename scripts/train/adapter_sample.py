"""Write a random LoRA adapter for any checkpoint, and the checkpoint that peft makes by merging it.

    python scripts/train/adapter_sample.py <checkpoint> /tmp/adapter /tmp/merged
    python scripts/train/golden.py --model /tmp/merged --prompts ... --out /tmp/merged.json
    npx tsx scripts/parity.ts /tmp/adapter /tmp/merged.json <checkpoint>

Needs `pip install peft` beside requirements.txt. All projections get rank 16; the merged weights have the checkpoint's dtype.
"""

import argparse
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("merged", type=Path)
    parser.add_argument("--spread", type=float, default=0.02, help="standard deviation of B")
    args = parser.parse_args()
    torch.manual_seed(1)
    settings = LoraConfig(task_type="CAUSAL_LM", r=16, lora_alpha=32, target_modules="all-linear")
    model = get_peft_model(open_model(args.checkpoint), settings)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            parameter.data.normal_(0, args.spread)
    model.save_pretrained(args.adapter)
    merged = PeftModel.from_pretrained(open_model(args.checkpoint), args.adapter).merge_and_unload()
    merged.save_pretrained(args.merged)
    AutoTokenizer.from_pretrained(args.checkpoint).save_pretrained(args.merged)
    exits = args.checkpoint / "exits.json"
    if exits.exists():
        (args.merged / "exits.json").write_text(exits.read_text())


def open_model(folder: Path):
    return AutoModelForCausalLM.from_pretrained(folder, dtype="auto")


if __name__ == "__main__":
    main()
