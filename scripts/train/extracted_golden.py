"""Write the greedy token ids that transformers gives with checkpoints that `sorted-eval extract` wrote.

    for name in sft soft early-exit; do
        npx sorted-eval extract eval-data/nano/models/$name /tmp/extracted/$name --all
    done
    python scripts/train/extracted_golden.py /tmp/extracted --golden test/golden --out test/golden/extracted.json

Nothing of this repository runs the model: AutoModelForCausalLM opens each folder, and its `generate` answers the
prompts of <name>.json or nano-<name>.json, which golden.py wrote for the whole model. The file also names the sha256 of what
transformers opened, so that a test needs no PyTorch. A folder whose ids differ from those of the whole model at that exit
is named, and the exit code is 1.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

FILES = ("config.json", "model.safetensors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracted", type=Path, help="one folder for each model, with its exit-<n> inside")
    parser.add_argument("--golden", type=Path, required=True)
    parser.add_argument("--max-new-tokens", type=int, default=32, help="as golden.py was given")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    folders = sorted(args.extracted.iterdir())
    models = {
        folder.name: answers_of(folder, golden_of(args.golden, folder.name), args.max_new_tokens) for folder in folders
    }
    places = [(name, exit) for name, exits in models.items() for exit in exits]
    differing = [f"{name} at exit {exit}" for name, exit in places if not models[name][exit].pop("equal")]
    args.out.write_text(to_json(models))
    if differing:
        sys.exit("other ids than the whole model's: " + ", ".join(differing))


def golden_of(folder: Path, name: str) -> Path:
    """What golden.py wrote for the whole model."""
    own = folder / f"{name}.json"
    return own if own.exists() else folder / f"nano-{name}.json"


def answers_of(folder: Path, golden: Path, max_new_tokens: int) -> dict[str, dict]:
    cases = json.loads(golden.read_text())["cases"]
    exits = sorted(int(path.name.removeprefix("exit-")) for path in folder.iterdir())
    return {str(exit): answer(folder / f"exit-{exit}", str(exit), cases, max_new_tokens) for exit in exits}


def answer(folder: Path, exit: str, cases: list[dict], max_new_tokens: int) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, report = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    unfit = {key: names for key, names in report.items() if names}
    if unfit:
        sys.exit(f"{folder}: {unfit}")
    ids = [greedy(model, tokenizer(case["prompt"])["input_ids"], max_new_tokens) for case in cases]
    equal = ids == [case["exits"][exit] for case in cases]
    return {"sha256": {name: sha256(folder / name) for name in FILES}, "ids": ids, "equal": equal}


def greedy(model, prompt_ids: list[int], max_new_tokens: int) -> list[int]:
    """The new ids, the end-of-sequence id included when it came."""
    prompt = torch.tensor([prompt_ids])
    ids = model.generate(
        prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=max_new_tokens, use_cache=True
    )
    return ids[0, len(prompt_ids) :].tolist()


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
