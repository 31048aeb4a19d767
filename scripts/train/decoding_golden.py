"""Write what transformers' own `generate` answers at every exit with beams and with a repetition penalty.

    for m in sft soft early-exit; do python scripts/train/decoding_golden.py --model eval-data/nano/models/$m \
        --prompts eval-data/nano/data/test.json --count 8 --out test/golden/decoding/nano-$m.json; done
    python scripts/train/decoding_golden.py --model smollm2 --name smollm2 --prompts checkpoints/testset-inference-v1.json \
        --count 3 --exits 9,18,30 --max-new-tokens 24 --out test/golden/decoding/smollm2.json

Every sub-model is a transformers model of its own: the first n layers, the final norm and a head. Beams are ranked as in the
transformers that runs this script (4.36 and later), with early stopping and length penalty 1.
"""

import argparse
import json
from pathlib import Path

import torch

from golden import header, to_json
from sorted_train.prompts import record_prompt
from sorted_train.submodels import load_checkpoint, submodel

SETTINGS = [
    {"num_beams": 1, "repetition_penalty": 1.2},
    {"num_beams": 1, "repetition_penalty": 0.9},
    {"num_beams": 4, "repetition_penalty": 1.2},
    {"num_beams": 3, "repetition_penalty": 1.0},
]


def main() -> None:
    args = parse_args()
    torch.set_num_threads(1)
    checkpoint = load_checkpoint(args.model)
    exits = args.exits or checkpoint.exits.layers
    eos = checkpoint.model.generation_config.eos_token_id or checkpoint.tokenizer.eos_token_id
    models = {n: submodel(checkpoint.model, n, checkpoint.heads.get(n)) for n in exits}
    cases = []
    for record in json.loads(args.prompts.read_text())[: args.count]:
        prompt_ids = checkpoint.tokenizer(record_prompt(record))["input_ids"]
        answers = [
            {str(n): answer(model, prompt_ids, eos, args.max_new_tokens, how) for n, model in models.items()}
            for how in SETTINGS
        ]
        cases.append({"prompt_ids": prompt_ids, "answers": answers})
    args.out.parent.mkdir(parents=True, exist_ok=True)
    settings = {"max_new_tokens": args.max_new_tokens, "settings": SETTINGS}
    args.out.write_text(to_json(header(args.name or args.model.name) | settings | {"cases": cases}))


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
    parser.add_argument("--prompts", type=Path, required=True, help="Alpaca records, a JSON array")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--max-new-tokens", type=int, default=32)
    parser.add_argument("--exits", type=lambda text: tuple(int(n) for n in text.split(",")))
    parser.add_argument("--name", help="what to call the model in the file; default: the folder's name")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
