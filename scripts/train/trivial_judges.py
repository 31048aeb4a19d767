"""Verdicts of judges that do not judge, for `sorted-eval agreement --verdicts`: what a real judge has to beat.

    python scripts/train/trivial_judges.py --pairs testset-v1.json --model runs/sft --out FOLDER

longer.json prefers the response with more characters, tie.json never prefers one, likelier.json prefers the response with the
higher mean log-probability a token after its Alpaca prompt under --model (left out without --model). PandaLM's result format.
"""

import argparse
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import torch

from sorted_train.prompts import alpaca_prompt, strip_special
from sorted_train.submodels import Checkpoint, load_checkpoint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True, help="labelled pairs in PandaLM's form")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    pairs = json.loads(args.pairs.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out / "longer.json", pairs, [preferred(*map(len, responses(pair))) for pair in pairs])
    write(args.out / "tie.json", pairs, [0] * len(pairs))
    if args.model:
        likelihood = cache(partial(mean_log_probability, load_checkpoint(args.model)))  # pairs share responses
        write(args.out / "likelier.json", pairs, [preferred(*likelihoods(likelihood, pair)) for pair in pairs])


def responses(pair: dict) -> tuple[str, str]:
    """Six responses of PandaLM's set are JSON booleans; its own scripts show them as str() does."""
    return strip_special(str(pair["response1"])), strip_special(str(pair["response2"]))


def preferred(first: float, second: float) -> int:
    return 0 if first == second else 1 if first > second else 2


def likelihoods(likelihood: Callable[[str, str], float], pair: dict) -> list[float]:
    prompt = alpaca_prompt(pair["instruction"], pair["input"])
    return [likelihood(prompt, response) for response in responses(pair)]


@torch.inference_mode()
def mean_log_probability(checkpoint: Checkpoint, prompt: str, response: str) -> float:
    """Nats a token, the end of the response included."""
    tokenizer = checkpoint.tokenizer
    start = tokenizer(prompt).input_ids
    rest = tokenizer(response, add_special_tokens=False).input_ids + [tokenizer.eos_token_id]
    logits = checkpoint.model(torch.tensor([start + rest])).logits[0, len(start) - 1 : -1]  # [R, V]
    return float(logits.log_softmax(-1).gather(1, torch.tensor(rest)[:, None]).mean())


def write(file: Path, pairs: list[dict], verdicts: list[int]) -> None:
    rows = [{"idx": pair["idx"], "pandalm_result": verdict} for pair, verdict in zip(pairs, verdicts)]
    file.write_text(json.dumps(rows) + "\n")


if __name__ == "__main__":
    main()
