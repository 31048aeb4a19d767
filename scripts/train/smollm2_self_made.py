"""Further training records that the models write themselves: instructions sampled from the base, answers of the SFT model.

    python scripts/train/smollm2_self_made.py --base BASE --sft SFT --data DATA --exclude test.json pairs.json --count 2200 --out DATA/self-made.json

The base model continues a list of eight training instructions (--data: train.json of smollm2_data.py) with a ninth, at temperature
0.8, top-p 0.95; the SFT model answers it greedily at full depth. Left out: instructions of a test set or of --data, repeated ones, answers
that do not end by themselves within --max-new-tokens, repeat themselves or are too long with their prompt. Each record says
"source": "self-made". What is written so far is kept: the same command goes on.
"""

import argparse
import json
import random
import re
import zlib
from collections import Counter
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache

from smollm2_data import instruction_key, read, record_key
from sorted_train.data import read_records
from sorted_train.generate import greedy_batch
from sorted_train.prompts import record_prompt
from sorted_train.submodels import load_checkpoint

SEED = "smollm2 self-made"
SHOTS = 8
NO_INPUT = "(none)"
BLOCK = "Instruction: {instruction}\nInput: {input}\n\n"
READ = re.compile(r"(?P<instruction>[^\n]{12,300})(\nInput: (?P<input>[^\n]{1,400}))?\n(\n|Output:)")
INCOMPRESSIBLE = 0.45  # a text whose zlib form is shorter than this share of it repeats itself


def main() -> None:
    args = parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    base = AutoModelForCausalLM.from_pretrained(args.base, dtype=torch.bfloat16).eval()
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    sft = load_checkpoint(args.sft, torch.bfloat16)
    records = read_records(args.data)
    made = json.loads(args.out.read_text()) if args.out.exists() else []
    seen = {record_key(record) for record in [*records, *made]}
    excluded = {instruction_key(record) for file in args.exclude for record in read(file)}
    batch, dropped = len(made), Counter()
    while len(made) < args.count:
        batch += 1
        torch.manual_seed(batch)
        texts = sampled(base, tokenizer, few_shot(random.Random(f"{SEED} {batch}"), records), args.batch_size)
        new = [record for text in texts if (record := parsed(text, seen, excluded, dropped))]
        made += answered(sft, new, args, dropped)
        args.out.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
        print(f"{len(made)} records, left out {dict(dropped)}", flush=True)


def few_shot(rng: random.Random, records: list[dict]) -> str:
    shots = [r for r in rng.sample(records, 4 * SHOTS) if "\n" not in r["instruction"] + r["input"] and len(r["input"]) < 300]
    blocks = [BLOCK.format(instruction=r["instruction"].strip(), input=r["input"].strip() or NO_INPUT) for r in shots[:SHOTS]]
    return "Tasks for an assistant, each of another kind.\n\n" + "".join(blocks) + "Instruction:"


@torch.inference_mode()
def sampled(model, tokenizer, prompt: str, rows: int, temperature: float = 0.8, top_p: float = 0.95, tokens: int = 40) -> list[str]:
    """Continuations of one prompt, which goes through the model once."""
    cache = DynamicCache(config=model.config)
    out = model(tokenizer(prompt, return_tensors="pt").input_ids, cache=cache, use_cache=True, logits_to_keep=1)
    cache.batch_repeat_interleave(rows)
    logits, columns = out.logits[:, -1].expand(rows, -1), []  # [B, V]
    for _ in range(tokens):
        columns.append(torch.multinomial(nucleus((logits.float() / temperature).softmax(-1), top_p), 1))  # [B, 1]
        logits = model(columns[-1], cache=cache, use_cache=True).logits[:, -1]
    return tokenizer.batch_decode(torch.cat(columns, dim=1), skip_special_tokens=True)


def nucleus(probabilities: torch.Tensor, top_p: float) -> torch.Tensor:
    """The most likely tokens that together reach top_p, the rest 0; multinomial needs no sum of 1. [B, V]"""
    ordered, places = probabilities.sort(descending=True)
    kept = ordered.where(ordered.cumsum(-1) - ordered < top_p, 0)
    return torch.zeros_like(kept).scatter(-1, places, kept)


def parsed(text: str, seen: set, excluded: set, dropped: Counter) -> dict | None:
    """The record that a sampled block asks for; None, counted, if it is none or not a new one. Remembers it in seen."""
    found = READ.match(text.lstrip())
    if not found:
        dropped["unreadable"] += 1
        return None
    input = (found["input"] or NO_INPUT).strip()
    record = {"instruction": found["instruction"].strip(), "input": "" if input == NO_INPUT else input}
    reason = "repeated" if record_key(record) in seen else "tested" if instruction_key(record) in excluded else None
    seen.add(record_key(record))
    if reason:
        dropped[reason] += 1
        return None
    return record


def answered(sft, records: list[dict], args: argparse.Namespace, dropped: Counter) -> list[dict]:
    if not records:
        return []
    prompts = [sft.tokenizer(record_prompt(record))["input_ids"] for record in records]
    rows = greedy_batch(sft.model, prompts, sft.tokenizer, args.max_new_tokens)
    kept = []
    for record, prompt, row in zip(records, prompts, rows):
        output = sft.tokenizer.decode(row, skip_special_tokens=True).strip()
        reason = why_not(output, len(row), len(prompt), args)
        if reason:
            dropped[reason] += 1
        else:
            kept.append(record | {"output": output, "source": "self-made"})
    return kept


def why_not(output: str, tokens: int, prompt_tokens: int, args: argparse.Namespace) -> str | None:
    if not output:
        return "empty"
    if tokens >= args.max_new_tokens:
        return "unended"
    if prompt_tokens + tokens + 1 > args.max_length:
        return "long"
    return "repetitive" if repetitive(output) else None


def repetitive(text: str) -> bool:
    data = text.encode()
    return len(data) >= 80 and len(zlib.compress(data, 9)) < INCOMPRESSIBLE * len(data)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--sft", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--exclude", type=Path, nargs="*", default=[])
    parser.add_argument("--count", type=int, default=2200)
    parser.add_argument("--batch-size", type=int, default=96)
    parser.add_argument("--max-new-tokens", type=int, default=96)
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
