"""Write the greedy token ids that transformers gives with checkpoints that `sorted-eval extract` wrote.

    for name in sft soft early-exit; do
        npx sorted-eval extract eval-data/nano/models/$name /tmp/extracted/$name --all
    done
    npx sorted-eval import test/golden/exit-heads/base /tmp/exit-heads --heads test/golden/exit-heads/heads.yaml
    npx sorted-eval extract /tmp/exit-heads /tmp/extracted/exit-heads --all
    python scripts/train/extracted_golden.py /tmp/extracted --golden test/golden --out test/golden/extracted.json

    npx sorted-eval extract checkpoints/smollm2 /tmp/extracted/smollm2 --all
    python scripts/train/extracted_golden.py /tmp/extracted --prompts eval-data/nano/data/test.json --max-new-tokens 48 \
        --batch-size 32 --out extracted.json

Nothing of this repository runs the model: AutoModelForCausalLM opens each folder, and its `generate` answers the
prompts of <name>.json, nano-<name>.json or <name>/golden.json, which golden.py or heads_golden.py wrote for the whole model, or
the records of `--prompts`. The file also names the sha256 of what transformers opened, so that a test needs no PyTorch. With
`--golden`, a folder whose ids differ from those of the whole model at that exit is named, and the exit code is 1.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

from sorted_train.prompts import record_prompt

FILES = ("config.json", "model.safetensors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracted", type=Path, help="one folder for each model, with its exit-<n> inside")
    prompts = parser.add_mutually_exclusive_group(required=True)
    prompts.add_argument("--golden", type=Path, help="folder of what golden.py wrote")
    prompts.add_argument("--prompts", type=Path, help="Alpaca records, a JSON array")
    parser.add_argument("--count", type=int, default=32, help="records of --prompts that are answered")
    parser.add_argument("--max-new-tokens", type=int, default=32, help="as golden.py was given")
    parser.add_argument("--batch-size", type=int, default=1, help="prompts that are answered together, padded on the left")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    folders = sorted(args.extracted.iterdir())
    models = {folder.name: answers_of(folder, cases_of(args, folder.name), args) for folder in folders}
    places = [(name, exit) for name, exits in models.items() for exit in exits]
    differing = [f"{name} at exit {exit}" for name, exit in places if not models[name][exit].pop("equal")]
    args.out.write_text(to_json(models))
    if differing:
        sys.exit("other ids than the whole model's: " + ", ".join(differing))


def cases_of(args: argparse.Namespace, name: str) -> list[dict]:
    """What golden.py wrote for the whole model, or prompts alone."""
    if args.prompts:
        return [{"prompt": record_prompt(record)} for record in json.loads(args.prompts.read_text())[: args.count]]
    candidates = [args.golden / path for path in (f"{name}.json", f"nano-{name}.json", f"{name}/golden.json")]
    golden = next(path for path in candidates if path.exists())
    return json.loads(golden.read_text())["cases"]


def answers_of(folder: Path, cases: list[dict], args: argparse.Namespace) -> dict[str, dict]:
    exits = sorted(int(path.name.removeprefix("exit-")) for path in folder.iterdir())
    return {str(exit): answer(folder / f"exit-{exit}", str(exit), cases, args) for exit in exits}


def answer(folder: Path, exit: str, cases: list[dict], args: argparse.Namespace) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, report = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    unfit = {key: names for key, names in report.items() if names}
    if unfit:
        sys.exit(f"{folder}: {unfit}")
    prompts = [prompt_ids(tokenizer, case) for case in cases]
    starts = range(0, len(prompts), args.batch_size)
    ids = [new for start in starts for new in greedy(model, prompts[start : start + args.batch_size], args.max_new_tokens)]
    equal = all(case["exits"][exit] == answer for case, answer in zip(cases, ids) if "exits" in case)
    return {"sha256": {name: sha256(folder / name) for name in FILES}, "ids": ids, "equal": equal}


def prompt_ids(tokenizer, case: dict) -> list[int]:
    """Drawn ids have no text."""
    return tokenizer(case["prompt"])["input_ids"] if "prompt" in case else case["prompt_ids"]


def greedy(model, prompts: list[list[int]], max_new_tokens: int) -> list[list[int]]:
    """The new ids of each prompt, the end-of-sequence id included when it came."""
    longest = max(map(len, prompts))
    ids = torch.tensor([[0] * (longest - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    out = model.generate(ids, attention_mask=mask, do_sample=False, max_new_tokens=max_new_tokens, use_cache=True)
    eos = model.generation_config.eos_token_id
    return [up_to(row, set(eos) if isinstance(eos, list) else {eos}) for row in out[:, longest:].tolist()]


def up_to(ids: list[int], ends: set[int]) -> list[int]:
    """Rows that end early are filled up by generate."""
    return next((ids[: place + 1] for place, id in enumerate(ids) if id in ends), ids)


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def to_json(models: dict) -> str:
    """One exit a line."""
    lines = [
        f"  {json.dumps(name)}: {{\n"
        + ",\n".join(f"    {json.dumps(exit)}: {json.dumps(answer, separators=(',', ':'))}" for exit, answer in exits.items())
        + "\n  }"
        for name, exits in models.items()
    ]
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    return json.dumps(versions)[:-1] + ', "models": {\n' + ",\n".join(lines) + "\n}}\n"


if __name__ == "__main__":
    main()
