"""Write what transformers' own `generate` answers at every exit with beams and with a repetition penalty.

    for m in sft soft early-exit; do python scripts/train/decoding_golden.py --model eval-data/nano/models/$m \
        --prompts eval-data/nano/data/test.json --count 8 --out test/golden/decoding/nano-$m.json; done
    python scripts/train/decoding_golden.py --model smollm2 --name smollm2 --prompts checkpoints/testset-inference-v1.json \
        --count 3 --exits 9,18,30 --max-new-tokens 24 --out test/golden/decoding/smollm2.json

Every sub-model is a transformers model of its own: the first n layers, the final norm and a head. Beams are ranked as in the
transformers that runs this script, with early stopping and length penalty 1: 4.36 and later by the length of the answer,
PandaLM's 4.28.1 by that of prompt and answer. With 4.28.1 first on the path (beam_golden.py says how), `--prompts` is a file
that this script wrote before, whose token ids are taken:

    for m in sft soft early-exit; do PYTHONPATH=DIR python scripts/train/decoding_golden.py --model eval-data/nano/models/$m \
        --prompts test/golden/decoding/nano-$m.json --out test/golden/decoding/nano-$m-4.28.json; done
"""

import argparse
import copy
import json
from pathlib import Path

import torch
from torch import nn

from beam_golden import is_old, load_old
from golden import header, to_json
from sorted_train.exits import read_exits
from sorted_train.prompts import record_prompt
from sorted_train.submodels import EXIT_HEADS_FILE, load_checkpoint, load_exit_heads, submodel

SETTINGS = [
    {"num_beams": 1, "repetition_penalty": 1.2},
    {"num_beams": 1, "repetition_penalty": 0.9},
    {"num_beams": 4, "repetition_penalty": 1.2},
    {"num_beams": 3, "repetition_penalty": 1.0},
]


def main() -> None:
    args = parse_args()
    torch.set_num_threads(1)
    models, prompts, eos = (read_old if is_old() else read_new)(args)
    cases = []
    for prompt_ids in prompts[: args.count]:
        answers = [
            {str(n): answer(model, prompt_ids, eos, args.max_new_tokens, how) for n, model in models.items()}
            for how in SETTINGS
        ]
        cases.append({"prompt_ids": prompt_ids, "answers": answers})
    args.out.parent.mkdir(parents=True, exist_ok=True)
    settings = {"max_new_tokens": args.max_new_tokens, "settings": SETTINGS}
    args.out.write_text(to_json(header(args.name or args.model.name) | settings | {"cases": cases}))


def read_new(args: argparse.Namespace):
    """Sub-models by exit, prompts as ids, and the ids that end an answer."""
    checkpoint = load_checkpoint(args.model)
    eos = checkpoint.model.generation_config.eos_token_id or checkpoint.tokenizer.eos_token_id
    models = {n: submodel(checkpoint.model, n, checkpoint.heads.get(n)) for n in args.exits or checkpoint.exits.layers}
    records = json.loads(args.prompts.read_text())
    return models, [checkpoint.tokenizer(record_prompt(record))["input_ids"] for record in records], eos


def read_old(args: argparse.Namespace):
    """The same with 4.28.1."""
    config = json.loads((args.model / "config.json").read_text())
    exits = read_exits(args.model, config["num_hidden_layers"])
    eos = json.loads((args.model / "generation_config.json").read_text()).get("eos_token_id", config["eos_token_id"])
    model = load_old((args.model / exits.base).resolve() if exits.base else args.model, config)
    heads = load_exit_heads(args.model / EXIT_HEADS_FILE) if exits.kind == "early-exit" else {}
    models = {n: old_submodel(model, n, heads.get(n, model.lm_head)) for n in args.exits or exits.layers}
    return models, [case["prompt_ids"] for case in json.loads(args.prompts.read_text())["cases"]], eos


def old_submodel(model, n: int, head: nn.Linear):
    """The first n layers under the full model's norm and a head; it shares all weights."""
    config = copy.deepcopy(model.config)
    config.num_hidden_layers = n
    sub = type(model)(config)
    sub.model.embed_tokens, sub.model.norm = model.model.embed_tokens, model.model.norm
    sub.model.layers = nn.ModuleList(model.model.layers[:n])
    sub.lm_head = head
    return sub.eval()


@torch.inference_mode()
def answer(model, ids: list[int], eos: int | list[int], max_new_tokens: int, how: dict) -> list[int]:
    output = model.generate(
        input_ids=torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        do_sample=False,
        max_new_tokens=max_new_tokens,
        eos_token_id=eos,
        pad_token_id=eos[0] if isinstance(eos, list) else eos,
        **how,
        **({"early_stopping": True} if how["num_beams"] > 1 else {}),
    )
    return output[0, len(ids) :].tolist()


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True, help="Alpaca records, a JSON array; with 4.28.1 an earlier golden file")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--max-new-tokens", type=int, default=32)
    parser.add_argument("--exits", type=lambda text: tuple(int(n) for n in text.split(",")))
    parser.add_argument("--name", help="what to call the model in the file; default: the folder's name")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
