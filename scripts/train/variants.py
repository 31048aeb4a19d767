"""Write what PyTorch makes of a tiny random checkpoint of every kind of network that the harness imports.

    npx tsx scripts/variants.ts /tmp/variants
    python scripts/train/variants.py /tmp/variants test/golden/variants

Prompts are random ids. One is drawn anew until no greedy step is a near-tie and no answer repeats one token, so that
equal ids mean equal networks. `rope.json` holds the rotary frequencies of real and odd configurations.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

import beam_golden
from golden import Answers, answers_at, eos_ids, header, ids_of, logits_of, to_json
from sorted_train.submodels import Checkpoint, load_checkpoint, submodel

PROMPT_LENGTHS = (3, 20, 45, 70)  # dynamic scaling starts at 24 tokens
NEW_TOKENS = 24
CASES_WITH_LOGITS = 2  # the last ones
TOP = 24
LEAST_GAP = 1e-3
LEAST_KINDS = 3  # different tokens in an answer

LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
YARN = {"factor": 4.0, "original_max_position_embeddings": 32768}
DEEPSEEK = {"factor": 40.0, "beta_fast": 32, "beta_slow": 1, "mscale": 0.707, "mscale_all_dim": 1.1, "original_max_position_embeddings": 4096}  # fmt: skip
ROPES = (
    ({"head_dim": 128, "max_position_embeddings": 4096}, (10,)),
    ({"head_dim": 80, "rope_theta": 1e6, "rope_scaling": None}, (10,)),
    ({"head_dim": 64, "rope_theta": 5e5, "rope_scaling": {"rope_type": "llama3"} | LLAMA3}, (10,)),
    ({"head_dim": 128, "rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5} | LLAMA3 | {"factor": 32.0}}, (10,)),
    ({"head_dim": 48, "rope_theta": 1e5, "rope_scaling": {"type": "linear", "factor": 2.5}}, (10,)),
    ({"head_dim": 64, "max_position_embeddings": 4096, "rope_scaling": {"type": "dynamic", "factor": 2.0}}, (10, 4096, 4097, 8192)),
    ({"head_dim": 24, "max_position_embeddings": 100, "rope_parameters": {"rope_type": "dynamic", "rope_theta": 7e4, "factor": 1.7}}, (101, 170)),
    ({"head_dim": 128, "max_position_embeddings": 32768, "rope_theta": 1e6, "rope_scaling": {"type": "yarn"} | YARN}, (10,)),
    ({"head_dim": 64, "max_position_embeddings": 131072, "rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4} | YARN}, (10,)),
    ({"head_dim": 64, "max_position_embeddings": 16384, "rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, (10,)),
    ({"head_dim": 64, "max_position_embeddings": 16384, "rope_scaling": {"rope_type": "yarn", "factor": None, "original_max_position_embeddings": 4096}}, (10,)),
    ({"head_dim": 64, "max_position_embeddings": 163840, "rope_scaling": {"rope_type": "yarn"} | DEEPSEEK}, (10,)),
    ({"head_dim": 64, "rope_scaling": {"rope_type": "yarn", "truncate": False, "attention_factor": 0.8} | DEEPSEEK}, (10,)),
    ({"head_dim": 48, "rope_theta": 7e4, "rope_scaling": {"rope_type": "yarn", "truncate": None, "mscale": 2.0, "beta_fast": 9.5, "beta_slow": 0.3} | YARN}, (10,)),
    ({"head_dim": 96, "rope_theta": 50.0, "rope_scaling": {"rope_type": "yarn", "mscale": 0.0, "beta_fast": 0, "truncate": True} | YARN}, (10,)),
    ({"head_dim": 8, "original_max_position_embeddings": 64, "rope_scaling": {"rope_type": "yarn", "factor": 0.5, "original_max_position_embeddings": 32}}, (10,)),
    # Which of two keys counts.
    ({"head_dim": 8, "rope_theta": 50.0, "rope_scaling": {"type": "linear", "factor": 2.0, "rope_theta": 99.0}}, (10,)),
    ({"head_dim": 8, "rope_scaling": {}, "rope_parameters": {"rope_type": "default", "rope_theta": 77.0}}, (10,)),
    ({"head_dim": 8, "rope_scaling": {"type": "linear", "factor": 4.0}, "rope_parameters": {"rope_type": "default", "rope_theta": 77.0}}, (10,)),
    ({"head_dim": 8, "rope_scaling": {"type": "linear", "rope_type": "default", "factor": 4.0}}, (10,)),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for config in sorted(args.checkpoints.glob("*/config.json")):
        name = config.parent.name
        cases = cases_of(load_checkpoint(config.parent), random.Random(name))
        (args.out / f"{name}.json").write_text(to_json(header(name) | {"cases": cases}))
    lines = ",\n".join(json.dumps(rope_case(config, length)) for config, lengths in ROPES for length in lengths)
    (args.out / "rope.json").write_text(f"[\n{lines}\n]\n")


def cases_of(checkpoint: Checkpoint, draw: random.Random) -> list[dict]:
    cases = []
    for index, length in enumerate(PROMPT_LENGTHS):
        prompt_ids, answers = draw_prompt(checkpoint, length, draw)
        case = {"prompt_ids": prompt_ids} | ids_of(answers) | {"beams": beams(checkpoint, prompt_ids)}
        has_logits = index >= len(PROMPT_LENGTHS) - CASES_WITH_LOGITS
        more = logits_of(answers, TOP) | {"kl": divergences(checkpoint, prompt_ids, answers)} if has_logits else {}
        cases.append(case | more)
    return cases


def draw_prompt(checkpoint: Checkpoint, length: int, draw: random.Random) -> tuple[list[int], Answers]:
    for _ in range(100):
        prompt_ids = [draw.randrange(checkpoint.model.config.vocab_size) for _ in range(length)]
        answers = answers_at(checkpoint, prompt_ids, checkpoint.exits.layers, NEW_TOKENS)
        if all(is_telling(*answer) for answer in answers.values()):
            return prompt_ids, answers
    raise SystemExit(f"{checkpoint.model.name_or_path}: no prompt of {length} tokens without a near-tie")


def is_telling(ids: list[int], logits: torch.Tensor) -> bool:
    first, second = logits.topk(2).values.unbind(-1)
    return len(set(ids)) >= LEAST_KINDS and float((first - second).min()) > LEAST_GAP


def beams(checkpoint: Checkpoint, prompt_ids: list[int]) -> list[int]:
    """The answer of transformers' beam search at full depth."""
    model = submodel(checkpoint.model, checkpoint.exits.layers[-1])
    return beam_golden.answer(model, prompt_ids, sorted(eos_ids(checkpoint)), NEW_TOKENS)


def divergences(checkpoint: Checkpoint, prompt_ids: list[int], answers: Answers) -> dict:
    """KL(last exit || exit n) in nats along the last exit's answer, for every exit n."""
    ids, logits = answers[checkpoint.exits.layers[-1]]
    log_p = logits.double().log_softmax(-1)  # [ids, vocab]
    kl = {}
    for n in checkpoint.exits.layers:
        log_q = forced(submodel(checkpoint.model, n, checkpoint.heads.get(n)), prompt_ids, ids).double().log_softmax(-1)
        kl[str(n)] = [round(v, 6) for v in (log_p.exp() * (log_p - log_q)).sum(-1).tolist()]
    return kl


@torch.inference_mode()
def forced(model, prompt_ids: list[int], answer: list[int]) -> torch.Tensor:
    """The logits [ids, vocab] that stand where the answer's ids are chosen, decoding with a cache."""
    step, cache, logits = prompt_ids, None, []
    for token in answer:
        out = model(input_ids=torch.tensor([step]), cache=cache, use_cache=True)
        logits.append(out.logits[0, -1])
        step, cache = [token], out.cache
    return torch.stack(logits)


def rope_case(config: dict, length: int) -> dict:
    rotary = LlamaRotaryEmbedding(LlamaConfig(hidden_size=4 * config["head_dim"], num_attention_heads=4, **config))
    rotary(torch.zeros(1), torch.arange(length)[None])
    case = {"config": config, "length": length, "inverse_frequencies": rotary.inv_freq.tolist()}
    return case if rotary.attention_scaling == 1 else case | {"attention_scaling": rotary.attention_scaling}


if __name__ == "__main__":
    main()
