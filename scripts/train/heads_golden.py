"""Make a tiny checkpoint whose exits have heads and norms in other files, and write what PyTorch answers at each exit.

    python scripts/train/heads_golden.py eval-data/nano/models/sft test/golden/exit-heads

The folder gets `base` (transformers' save_pretrained, with the tokenizer of the first argument), the files that heads.yaml
names, as safetensors and torch.save write them, and golden.json. Exit 1 has a head and a norm, exit 2 a head in one file and
a norm in another, exit 3 a norm alone; exit 4 is full depth and has the network's own. Prompts are random ids, drawn as in
variants.py. extracted_golden.py compares with what transformers makes of extracted sub-models.
"""

import argparse
import copy
import random
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

from golden import Answers, greedy, header, ids_of, logits_of, to_json
from sorted_train.submodels import submodel
from variants import CASES_WITH_LOGITS, PROMPT_LENGTHS, TOP, is_telling

NEW_TOKENS = 32  # as extracted_golden.py generates

CONFIG = {
    "num_hidden_layers": 4,
    "hidden_size": 32,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 40,
    "vocab_size": 386,
    "max_position_embeddings": 128,
    "rms_norm_eps": 1e-5,
}
EXITS = (1, 2, 3, 4)
HEADS_YAML = """\
# exit: what it has of its own
1: { file: exit1.safetensors, tensor: lm_head.weight, norm: { tensor: norm.weight } }
2:
  file: heads/exits.bin
  tensor: heads.2.weight
  norm: { file: heads/norms.pt, tensor: "2" }
3: { norm: { file: heads/norms.pt, tensor: "3" } }
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(15)
    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    model = random_model({"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id})
    heads = {n: random_head() for n in (1, 2)}
    norms = {n: random_norm() for n in (1, 2, 3)}
    save(args.out, model, heads, norms)
    tokenizer.save_pretrained(args.out / "base")
    models = {n: with_own(submodel(model, n), heads.get(n), norms.get(n)) for n in EXITS}
    (args.out / "golden.json").write_text(to_json(header("exit-heads") | {"cases": cases_of(models)}))


def random_model(ids: dict) -> LlamaForCausalLM:
    """Norms around 1, matrices wide enough to spread the logits; bfloat16 holds all of it exactly, as below."""
    model = LlamaForCausalLM(LlamaConfig(**CONFIG, **ids)).eval()
    for name, weight in model.named_parameters():
        weight.requires_grad_(False)
        if "norm" in name:
            weight.uniform_(0.75, 1.25)
        else:
            weight.normal_(std=0.4 if "embed" in name or "head" in name else 0.25)
        weight.copy_(exact(weight))
    return model


def exact(weight: torch.Tensor) -> torch.Tensor:
    return weight.bfloat16().float()


def random_head() -> nn.Linear:
    head = nn.Linear(CONFIG["hidden_size"], CONFIG["vocab_size"], bias=False)
    head.weight.data = exact(torch.empty_like(head.weight).normal_(std=0.4))
    return head.requires_grad_(False)


def random_norm() -> torch.Tensor:
    return exact(torch.empty(CONFIG["hidden_size"]).uniform_(0.5, 1.5))


def save(out: Path, model: LlamaForCausalLM, heads: dict[int, nn.Linear], norms: dict[int, torch.Tensor]) -> None:
    (out / "heads").mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).bfloat16().save_pretrained(out / "base")
    first = {"lm_head.weight": heads[1].weight.bfloat16(), "norm.weight": norms[1]}
    save_file(first, out / "exit1.safetensors")
    torch.save({"heads.2.weight": heads[2].weight.half()}, out / "heads" / "exits.bin")
    torch.save({str(n): norms[n].bfloat16() for n in (2, 3)}, out / "heads" / "norms.pt")
    (out / "heads.yaml").write_text(HEADS_YAML)
    for file in out.rglob("*.safetensors"):
        file.chmod(0o644)


def with_own(model: LlamaForCausalLM, head: nn.Linear | None, norm: torch.Tensor | None) -> LlamaForCausalLM:
    if head is not None:
        model.lm_head = head
    if norm is not None:
        own = type(model.model.norm)(CONFIG["hidden_size"], eps=CONFIG["rms_norm_eps"])
        own.weight.data = norm
        model.model.norm = own
    return model


def cases_of(models: dict[int, LlamaForCausalLM]) -> list[dict]:
    draw = random.Random("exit-heads")
    cases = []
    for index, length in enumerate(PROMPT_LENGTHS):
        prompt_ids, answers = draw_prompt(models, length, draw)
        has_logits = index >= len(PROMPT_LENGTHS) - CASES_WITH_LOGITS
        cases.append({"prompt_ids": prompt_ids} | ids_of(answers) | (logits_of(answers, TOP) if has_logits else {}))
    return cases


def draw_prompt(models: dict[int, LlamaForCausalLM], length: int, draw: random.Random) -> tuple[list[int], Answers]:
    for _ in range(100):
        prompt_ids = [draw.randrange(CONFIG["vocab_size"]) for _ in range(length)]
        answers = {n: greedy(model, prompt_ids, NEW_TOKENS, {model.config.eos_token_id}) for n, model in models.items()}
        if all(is_telling(*answer) for answer in answers.values()):
            return prompt_ids, answers
    raise SystemExit(f"no prompt of {length} tokens without a near-tie")


if __name__ == "__main__":
    main()
