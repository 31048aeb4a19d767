"""A checkpoint that is served: its weights, once, and what is known about it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from .bad_input import BadCheckpoint
from .identity import configuration_sha256, tokenizer_sha256
from .weight_files import load_tensors, sha256_of, weight_files

MODEL_TYPES = ("llama", "mistral", "qwen2", "qwen3")
KINDS = ("plain", "sft", "soft", "early-exit")
EXIT_HEADS_FILE = "exit_heads.safetensors"
UNEVEN_ROPES = ("dynamic", "longrope")  # the angles depend on the longest row of a batch
NOT_WEIGHTS = ("inv_freq",)


@dataclass(frozen=True)
class CheckpointSettings:
    path: Path
    kind: str | None = None  # default: that of exits.json, or plain
    exits: tuple[int, ...] | None = None  # default: those of exits.json, or 30 % to 100 % of the depth
    dtype: str = "float32"
    device: str = "cpu"


@dataclass(frozen=True)
class Checkpoint:
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    kind: str
    exits: tuple[int, ...]
    heads: dict[int, nn.Linear]  # exit -> head; the same one for all unless the model is early-exit
    eos_ids: frozenset[int]
    context_length: int
    weights_sha256: str = field(repr=False)
    tokenizer_sha256: str = field(repr=False)
    configuration_sha256: str = field(repr=False)
    dtype: str = "float32"

    @property
    def config(self) -> PreTrainedConfig:
        return self.model.config

    @property
    def layers(self) -> int:
        return self.config.num_hidden_layers

    @property
    def device(self) -> torch.device:
        return self.model.lm_head.weight.device


def open_checkpoint(settings: CheckpointSettings) -> Checkpoint:
    """Raises BadCheckpoint, in one line, for a folder that is none or that cannot be served as it says."""
    folder = settings.path
    record = _read_json(folder / "exits.json") if (folder / "exits.json").exists() else {}
    base = (folder / record["base"]).resolve() if record.get("base") else folder
    config = _config(base)
    kind = settings.kind or record.get("kind", "plain")
    exits = _exits(settings.exits or record.get("exits"), config.num_hidden_layers, folder)
    if kind not in KINDS:
        raise BadCheckpoint(f"{folder}: expected kind to be one of {', '.join(KINDS)}, found {kind!r}")
    own_files = [folder / EXIT_HEADS_FILE] if kind == "early-exit" else []
    files = weight_files(base) + own_files
    model = _load_model(base, config, settings)
    return Checkpoint(
        model=model,
        tokenizer=_tokenizer(folder, config),
        kind=kind,
        exits=exits,
        heads={n: model.lm_head for n in exits} | _exit_heads(own_files, exits, model),
        eos_ids=_eos_ids(model),
        context_length=config.max_position_embeddings,
        weights_sha256=sha256_of(files),
        tokenizer_sha256=tokenizer_sha256(folder),
        configuration_sha256=configuration_sha256(base, folder),
        dtype=settings.dtype,
    )


def default_exits(layers: int) -> tuple[int, ...]:
    """The paper's exits: 30 % to 100 % of the depth in steps of 10 % (12, 16 ... 40 of 40)."""
    return tuple(sorted({max(1, round(layers * tenth / 10)) for tenth in range(3, 11)}))


def _config(folder: Path) -> PreTrainedConfig:
    if not (folder / "config.json").exists():
        raise BadCheckpoint(f"{folder}: expected a checkpoint with config.json, found none")
    config = AutoConfig.from_pretrained(folder)
    if config.model_type not in MODEL_TYPES:
        raise BadCheckpoint(f"{folder}: expected model_type to be one of {', '.join(MODEL_TYPES)}, found {config.model_type}")
    rope = (config.rope_parameters or {}).get("rope_type", "default")
    if rope in UNEVEN_ROPES:
        raise BadCheckpoint(f"{folder}: expected rotary embeddings that are the same in every batch, found {rope}")
    return config


def _tokenizer(folder: Path, config: PreTrainedConfig) -> PreTrainedTokenizerBase:
    """PandaLM's own files call `</s>` the beginning of a text, while its weights know `<s>`: config.json is right."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if (folder / "tokenizer.json").exists() or config.bos_token_id in (None, tokenizer.bos_token_id):
        return tokenizer
    return AutoTokenizer.from_pretrained(folder, bos_token=tokenizer.convert_ids_to_tokens(config.bos_token_id))


def _exits(given, layers: int, folder: Path) -> tuple[int, ...]:
    exits = tuple(given) if given is not None else default_exits(layers)
    rises = list(exits) == sorted(set(exits))
    if not exits or not rises or exits[0] < 1 or exits[-1] > layers:
        raise BadCheckpoint(f"{folder}: expected exits that rise from 1 to {layers} at most, found {list(exits)}")
    return exits


def _load_model(folder: Path, config: PreTrainedConfig, settings: CheckpointSettings) -> PreTrainedModel:
    """The tensors are read here and not by transformers, so that a pickle is refused before anything of it runs."""
    dtype = getattr(torch, settings.dtype)
    tensors = {}
    for file in weight_files(folder):
        named = load_tensors(file).items()
        tensors |= {name: tensor.to(settings.device, dtype) for name, tensor in named if not name.endswith(NOT_WEIGHTS)}
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype, attn_implementation="sdpa")
    tensors |= _tied_head(config, tensors)
    missing, unknown = model.load_state_dict(tensors, strict=False, assign=True)
    if missing or unknown:
        raise BadCheckpoint(f"{folder}: expected the tensors of its config.json, found missing {missing[:3]}, unknown {unknown[:3]}")
    model.model.rotary_emb = type(model.model.rotary_emb)(config).to(settings.device)
    if (folder / "generation_config.json").exists():
        model.generation_config = type(model.generation_config).from_pretrained(folder)
    return model.eval().requires_grad_(False)


def _tied_head(config: PreTrainedConfig, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    if not config.tie_word_embeddings or "model.embed_tokens.weight" not in tensors:
        return {}
    return {"lm_head.weight": tensors["model.embed_tokens.weight"]}


def _exit_heads(files: list[Path], exits: tuple[int, ...], model: PreTrainedModel) -> dict[int, nn.Linear]:
    """The file holds exit_heads.<n>.weight [vocabulary, hidden] for every exit but the last."""
    heads = {}
    for file in files:
        if not file.exists():
            raise BadCheckpoint(f"{file}: expected the heads of an early-exit model, found no such file")
        tensors = load_tensors(file)
        heads |= {int(name.split(".")[1]): _linear(tensor.to(model.lm_head.weight)) for name, tensor in tensors.items()}
        lacking = [n for n in exits if n not in heads and n != model.config.num_hidden_layers]
        if lacking:
            raise BadCheckpoint(f"{file}: expected a head for every exit, found none for {lacking}")
    return heads


def _linear(weight: torch.Tensor) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
    linear.weight = nn.Parameter(weight, requires_grad=False)
    return linear


def _eos_ids(model: PreTrainedModel) -> frozenset[int]:
    eos = model.generation_config.eos_token_id
    if eos is None:
        eos = model.config.eos_token_id
    return frozenset(eos if isinstance(eos, list) else [] if eos is None else [eos])


def _read_json(file: Path) -> dict:
    try:
        return json.loads(file.read_text())
    except ValueError as error:
        raise BadCheckpoint(f"{file}: expected JSON: {error}") from error
