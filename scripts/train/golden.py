"""Write the greedy token ids that PyTorch gives at every exit, for the harness's parity tests.

    python scripts/train/golden.py --model eval-data/nano/models/soft --prompts eval-data/nano/data/test.json \
        --count 32 --max-new-tokens 32 --out test/golden/nano-soft.json

The answer of exit n comes from the first n layers, the final norm and the head (the exit's own head for early-exit).
Logits are those after the prompt and those of the answer's last token; `--top` says how many of the largest are kept.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers

from sorted_train.prompts import record_prompt
from sorted_train.submodels import Checkpoint, load_checkpoint, submodel

CASES_WITH_LOGITS = 4
Answers = dict[int, tuple[list[int], torch.Tensor]]  # exit -> ids, logits [ids, vocab]


def main() -> None:
    args = parse_args()
    torch.set_num_threads(args.threads)
    checkpoint = load_checkpoint(args.model)
    exits = args.exits or checkpoint.exits.layers
    records = json.loads(args.prompts.read_text())[: args.count]
    cases = []
    for index, record in enumerate(records):
        prompt = record_prompt(record)
        prompt_ids = checkpoint.tokenizer(prompt)["input_ids"]
        answers = answers_at(checkpoint, prompt_ids, exits, args.max_new_tokens)
        case = {"prompt": prompt, "prompt_ids": prompt_ids} | ids_of(answers)
        cases.append(case | logits_of(answers, args.top) if index < CASES_WITH_LOGITS else case)
    args.out.write_text(to_json(header(args.name or args.model.name) | {"cases": cases}))


def answers_at(checkpoint: Checkpoint, prompt_ids: list[int], exits: tuple[int, ...], max_new_tokens: int) -> Answers:
    heads, eos = checkpoint.heads, eos_ids(checkpoint)
    return {n: greedy(submodel(checkpoint.model, n, heads.get(n)), prompt_ids, max_new_tokens, eos) for n in exits}


@torch.inference_mode()
def greedy(model, prompt_ids: list[int], max_new_tokens: int, eos: set[int]) -> tuple[list[int], torch.Tensor]:
    """The new ids, eos included when it came, and the logits [ids, vocab] that each was taken from."""
    step, cache, answer, logits = prompt_ids, None, [], []
    while len(answer) < max_new_tokens:
        out = model(input_ids=torch.tensor([step]), cache=cache, use_cache=True)
        logits.append(out.logits[0, -1])  # [vocab]
        token = int(logits[-1].argmax())
        answer.append(token)
        if token in eos:
            break
        step, cache = [token], out.cache
    return answer, torch.stack(logits)


def ids_of(answers: Answers) -> dict:
    return {"exits": {str(n): ids for n, (ids, _) in answers.items()}}


def logits_of(answers: Answers, top: int) -> dict:
    def at(step: int) -> dict:
        return {str(n): largest_of(logits[step], top) for n, (_, logits) in answers.items()}

    return {"logits": at(0), "last_logits": at(-1)}


def largest_of(logits: torch.Tensor, top: int) -> dict:
    values, ids = logits.topk(min(top, len(logits)))
    return {"ids": ids.tolist(), "values": [round(v, 6) for v in values.tolist()]}


def eos_ids(checkpoint: Checkpoint) -> set[int]:
    eos = checkpoint.model.generation_config.eos_token_id
    if eos is None:
        eos = checkpoint.tokenizer.eos_token_id
    return set(eos) if isinstance(eos, list) else {eos}


def header(model: str) -> dict:
    return {"model": model, "torch": torch.__version__, "transformers": transformers.__version__}


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
    parser.add_argument("--top", type=int, default=5, help="largest logits kept at each place")
    parser.add_argument("--exits", type=lambda text: tuple(int(n) for n in text.split(",")))
    parser.add_argument("--name", help="what to call the model in the file; default: the folder's name")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
