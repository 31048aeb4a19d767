"""Training and validation records for SmolLM2's trio: Alpaca-form records without any instruction of a test set.

    python scripts/train/smollm2_data.py --tokenizer BASE --records a.json b.json --exclude test.json pairs.json --out DATA

Leaves out repeated records, empty responses, records of more than --max-length tokens, and every record whose instruction
stands in a file of --exclude (white space and case aside). Every twentieth record, by a hash of its text, is for validation.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

# Tokens of the Alpaca template around instruction, input and response, rounded up.
TEMPLATE_TOKENS = 45


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--records", type=Path, nargs="+", required=True)
    parser.add_argument("--exclude", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--validation-every", type=int, default=20)
    args = parser.parse_args()
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    excluded = {instruction_key(record) for path in args.exclude for record in read(path)}
    records = [record for path in args.records for record in read(path)]
    kept, left_out = select(records, excluded, lambda text: len(tokenizer(text).input_ids), args.max_length)
    splits = split(kept, args.validation_every)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, rows in splits.items():
        (args.out / f"{name}.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    print(", ".join(f"{len(rows)} {name}" for name, rows in splits.items()), f"left out: {dict(left_out)}")


def read(path: Path) -> list[dict]:
    return json.loads(path.read_text())


def instruction_key(record: dict) -> str:
    return re.sub(r"\s+", " ", record["instruction"]).strip().lower()


def select(records, excluded, count_tokens, max_length) -> tuple[list[dict], Counter]:
    """The records that may be trained on, and how many were left out for which reason."""
    kept, left_out, seen = [], Counter(), set()
    for record in records:
        record = {key: record.get(key) or "" for key in ("instruction", "input", "output")}
        reason = why_not(record, excluded, seen, count_tokens, max_length)
        seen.add(record_key(record))
        if reason:
            left_out[reason] += 1
        else:
            kept.append(record)
    return kept, left_out


def record_key(record: dict) -> tuple[str, str]:
    return instruction_key(record), record["input"].strip()


def why_not(record, excluded, seen, count_tokens, max_length) -> str | None:
    if not record["output"].strip():
        return "empty"
    if record_key(record) in seen:
        return "repeated"
    if instruction_key(record) in excluded:
        return "tested"
    tokens = count_tokens(record["instruction"] + record["input"] + record["output"]) + TEMPLATE_TOKENS
    return "long" if tokens > max_length else None


def split(records: list[dict], validation_every: int) -> dict[str, list[dict]]:
    splits = {"train": [], "validation": []}
    for record in records:
        digest = hashlib.sha256("\0".join(record_key(record)).encode()).hexdigest()
        splits["validation" if int(digest, 16) % validation_every == 0 else "train"].append(record)
    return splits


if __name__ == "__main__":
    main()
