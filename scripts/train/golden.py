"""Write the greedy token ids that PyTorch gives at every exit, for the harness's parity tests.

    python scripts/train/golden.py --model eval-data/nano/models/soft --prompts eval-data/nano/data/test.json \
        --count 32 --max-new-tokens 32 --out test/golden/nano-soft.json

The answer of exit n comes from the first n layers, the final norm and the head (the exit's own head for early-exit).
"""

import argparse
import json
from pathlib import Path

import torch
import transformers

from sorted_train.prompts import record_prompt
from sorted_train.submodels import Checkpoint, load_checkpoint, submodel

CASES_WITH_LOGITS = 4
TOP = 5


def main() -> None:
    args = parse_args()
    torch.set_num_threads(args.threads)
    checkpoint = load_checkpoint(args.model)
    exits = args.exits or checkpoint.exits.layers
    records = json.loads(args.prompts.read_text())[: args.count]
    cases = [make_case(checkpoint, record_prompt(record), exits, args.max_new_tokens) for record in records]
    for case, record in zip(cases[CASES_WITH_LOGITS:], records[CASES_WITH_LOGITS:]):
        del case["logits"]
    golden = {"model": args.name or args.model.name, "torch": torch.__version__, "transformers": transformers.__version__}
    args.out.write_text(to_json(golden | {"cases": cases}))


def make_case(checkpoint: Checkpoint, prompt: str, exits: tuple[int, ...], max_new_tokens: int) -> dict:
    prompt_ids = checkpoint.tokenizer(prompt)["input_ids"]
    answers, logits = {}, {}
    for n in exits:
        sub = submodel(checkpoint.model, n, checkpoint.heads.get(n))
        answers[str(n)], first_logits = greedy(sub, prompt_ids, max_new_tokens, eos_ids(checkpoint))
        values, ids = first_logits.topk(TOP)
        logits[str(n)] = {"ids": ids.tolist(), "values": [round(v, 5) for v in values.tolist()]}
    return {"prompt": prompt, "prompt_ids": prompt_ids, "exits": answers, "logits": logits}


@torch.inference_mode()
def greedy(model, prompt_ids: list[int], max_new_tokens: int, eos: set[int]) -> tuple[list[int], torch.Tensor]:
    """The new ids, eos included when it came, and the logits [vocab] after the prompt."""
    step, cache, answer, first_logits = prompt_ids, None, [], None
    while len(answer) < max_new_tokens:
        out = model(input_ids=torch.tensor([step]), cache=cache, use_cache=True)
        logits = out.logits[0, -1]  # [vocab]
        first_logits = logits if first_logits is None else first_logits
        token = int(logits.argmax())
        answer.append(token)
        if token in eos:
            break
        step, cache = [token], out.cache
    return answer, first_logits


def eos_ids(checkpoint: Checkpoint) -> set[int]:
    eos = checkpoint.model.generation_config.eos_token_id
    if eos is None:
        eos = checkpoint.tokenizer.eos_token_id
    return set(eos) if isinstance(eos, list) else {eos}


def to_json(golden: dict) -> str:
    """One case a line: small, and still readable in a diff."""
    head = json.dumps({key: value for key, value in golden.items() if key != "cases"})[:-1]
    cases = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in golden["cases"])
    return f'{head}, "cases": [\n{cases}\n]}}\n'


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True, help="Alpaca or judge records, a JSON array")
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument("--max-new-tokens", type=int, default=32)
    parser.add_argument("--exits", type=lambda text: tuple(int(n) for n in text.split(",")))
    parser.add_argument("--name", help="what to call the model in the file; default: the folder's name")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
