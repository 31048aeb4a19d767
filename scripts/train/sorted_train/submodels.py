"""Checkpoints on disk, and the sub-models inside them: the first n layers, the shared norm, a head."""

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast

from .exits import Exits, read_exits

EXIT_HEADS_FILE = "exit_heads.safetensors"


@dataclass
class Checkpoint:
    model: PreTrainedModel  # LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM
    tokenizer: PreTrainedTokenizerFast
    exits: Exits
    heads: dict[int, nn.Linear]  # exit -> head; one shared head unless the model is early-exit


def load_checkpoint(folder: str | Path, dtype: torch.dtype = torch.float32) -> Checkpoint:
    folder = Path(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    exits = _peek_exits(folder)
    weights = (folder / exits.base).resolve() if exits.base else folder
    model = AutoModelForCausalLM.from_pretrained(weights, dtype=dtype).eval()
    heads = {n: model.lm_head for n in exits.layers}
    if exits.kind == "early-exit":
        heads |= load_exit_heads(folder / EXIT_HEADS_FILE, dtype)
    return Checkpoint(model, tokenizer, exits, heads)


def load_exit_heads(file: Path, dtype: torch.dtype = torch.float32) -> dict[int, nn.Linear]:
    """The file holds exit_heads.<n>.weight [vocab, hidden] for every exit but the last."""
    return {int(name.split(".")[1]): _linear(weight.to(dtype)) for name, weight in load_file(file).items()}


def submodel(model: PreTrainedModel, n: int, head: nn.Linear | None = None) -> PreTrainedModel:
    """The first n layers under the full model's norm and head. It shares all weights with the full model.

    Its rotary embedding is its own: with dynamic scaling, one remembers the longest sequence that it has seen.
    """
    config = copy.deepcopy(model.config)
    config.num_hidden_layers = n
    with torch.device("meta"):
        sub = type(model)(config)
    sub.model.embed_tokens = model.model.embed_tokens
    sub.model.layers = nn.ModuleList(model.model.layers[:n])
    sub.model.norm = model.model.norm
    sub.model.rotary_emb = type(model.model.rotary_emb)(model.config)
    sub.lm_head = head or model.lm_head
    sub.generation_config = model.generation_config
    return sub.eval()


def _peek_exits(folder: Path) -> Exits:
    import json

    return read_exits(folder, json.loads((folder / "config.json").read_text())["num_hidden_layers"])


def _linear(weight: torch.Tensor) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
    linear.weight = nn.Parameter(weight, requires_grad=False)
    return linear
