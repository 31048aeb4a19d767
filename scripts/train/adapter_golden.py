"""Write LoRA adapters of every kind with peft, and what PyTorch makes of their bases once peft has merged them in.

    npx tsx scripts/variants.ts /tmp/variants
    python scripts/train/adapter_golden.py /tmp/variants test/golden/adapters [adapter ...]

Needs `pip install peft` beside requirements.txt. Each adapter gets a folder as `save_pretrained` writes it, with random
numbers, and answers.json: the greedy ids of `PeftModel.from_pretrained(...).merge_and_unload()` at every exit, 32 prompts
of random ids each, in float32. Exit n has the first n layers. An adapter that is there already keeps its weights.
Merging a LoRA of a tied embedding or head changes both in peft (0.21.2 warns of it): the answers are those of the model
before merging then, which is what was trained.
"""

import argparse
import json
import random
from pathlib import Path

import peft
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from golden import answers_at, header, ids_of, logits_of, to_json
from sorted_train.submodels import Checkpoint, load_checkpoint
from variants import is_telling

PROMPTS = 32
LONGEST_PROMPT = 40
NEW_TOKENS = 12
CASES_WITH_LOGITS = 4
TOP = 24

ALL = "all-linear"
ATTENTION = ["q_proj", "v_proj"]
BOTH_ENDS = ["embed_tokens", "lm_head"]
PATTERNS = {
    "rank_pattern": {"q_proj": 2, r"layers\.1\.mlp\.up_proj": 7},
    "alpha_pattern": {r"^model\.layers\.2\..*": 3, "(?:v|up)_proj": 5.5},
}
# name -> the variant that is the base, peft's settings
ADAPTERS = {
    "linear": ("grouped-query", {"r": 4, "lora_alpha": 8, "target_modules": ALL}),
    "patterns": ("grouped-query", {"r": 5, "target_modules": r".*\.(q|v|up)_proj", "use_rslora": True, **PATTERNS}),
    "saved": ("grouped-query", {"r": 3, "target_modules": ["o_proj"], "fan_in_fan_out": True, "modules_to_save": [*BOTH_ENDS, "input_layernorm"]}),
    "saved-whole": ("grouped-query", {"r": 3, "target_modules": ["o_proj", "up_proj"], "modules_to_save": ["mlp", "layers.1.self_attn"]}),
    "bin": ("torch-bfloat16-shards", {"r": 3, "target_modules": ALL}),
    "bfloat16": ("bfloat16-shards", {"r": 8, "lora_alpha": 4, "target_modules": ALL, "modules_to_save": ["lm_head"]}),
    "float16": ("float16", {"r": 3, "target_modules": ALL, "modules_to_save": ["lm_head"]}),
    "bias-all": ("qwen2", {"r": 3, "target_modules": ATTENTION, "bias": "all"}),
    "bias-lora": ("qwen2", {"r": 3, "target_modules": [*ATTENTION, "down_proj"], "bias": "lora_only"}),
    "bias-of-b": ("qwen2", {"r": 3, "lora_alpha": 5, "target_modules": ATTENTION, "lora_bias": True}),
    "dora": ("grouped-query", {"r": 3, "target_modules": ALL, "use_dora": True}),
    "dora-bfloat16": ("bfloat16-shards", {"r": 3, "target_modules": ALL, "use_dora": True}),
    "embedding": ("grouped-query", {"r": 3, "target_modules": ["embed_tokens", "lm_head", "k_proj"]}),
    "embedding-bfloat16": ("bfloat16-shards", {"r": 3, "target_modules": ["embed_tokens", "gate_proj"]}),
    "tied-saved": ("tied", {"r": 3, "target_modules": ATTENTION, "modules_to_save": BOTH_ENDS}),
    "tied-embedding": ("tied", {"r": 3, "target_modules": ATTENTION, "modules_to_save": ["embed_tokens"]}),
    "tied-together": ("tied", {"r": 3, "target_modules": ATTENTION, "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}),
    "tied-lora": ("tied", {"r": 3, "target_modules": [*BOTH_ENDS, "o_proj"]}),
    "tied-lora-head": ("tied", {"r": 3, "target_modules": ["lm_head"]}),
    "tied-lora-together": ("tied", {"r": 3, "target_modules": ["embed_tokens"], "ensure_weight_tying": True}),
    "qwen3-tied": ("qwen3-tied-window-bfloat16", {"r": 3, "target_modules": ALL}),
    "early-exit": ("early-exit", {"r": 3, "target_modules": ALL}),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("adapters", nargs="*", choices=[*ADAPTERS, []])
    args = parser.parse_args()
    torch.set_num_threads(1)
    for name in args.adapters or ADAPTERS:
        base, settings = ADAPTERS[name]
        folder = args.out / name
        if not folder.exists():
            write_adapter(args.checkpoints / base, folder, settings)
        cases = cases_of(merged(args.checkpoints / base, folder), random.Random(name))
        versions = header(base) | {"peft": peft.__version__}
        (folder / "answers.json").write_text(to_json(versions | {"cases": cases}))


def write_adapter(base: Path, folder: Path, settings: dict) -> None:
    torch.manual_seed(1)
    model = get_peft_model(base_model(base), LoraConfig(task_type="CAUSAL_LM", **settings))
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data += 0.1 * torch.randn_like(parameter)
    model.peft_config["default"].base_model_name_or_path = base.name
    model.save_pretrained(folder, safe_serialization=folder.name != "bin")
    (folder / "README.md").unlink()


def base_model(folder: Path):
    """In the dtype that the weights have."""
    exits = json.loads((folder / "exits.json").read_text())
    weights = folder / exits["base"] if "base" in exits else folder
    return AutoModelForCausalLM.from_pretrained(weights, dtype="auto")


def merged(base: Path, adapter: Path) -> Checkpoint:
    checkpoint = load_checkpoint(base)
    adapted = PeftModel.from_pretrained(base_model(base), adapter)
    model = adapted.base_model.model if adapter.name.startswith("tied-lora") else adapted.merge_and_unload()
    model = model.float().eval()
    heads = checkpoint.heads | {n: model.lm_head for n, head in checkpoint.heads.items() if head is checkpoint.model.lm_head}
    return Checkpoint(model, checkpoint.tokenizer, checkpoint.exits, heads)


def cases_of(checkpoint: Checkpoint, draw: random.Random) -> list[dict]:
    cases = []
    while len(cases) < PROMPTS:
        prompt_ids = [draw.randrange(checkpoint.model.config.vocab_size) for _ in range(draw.randint(2, LONGEST_PROMPT))]
        answers = answers_at(checkpoint, prompt_ids, checkpoint.exits.layers, NEW_TOKENS)
        if not all(is_telling(*answer) for answer in answers.values()):
            continue
        case = {"prompt_ids": prompt_ids} | ids_of(answers)
        cases.append(case | logits_of(answers, TOP) if len(cases) < CASES_WITH_LOGITS else case)
    return cases


if __name__ == "__main__":
    main()
