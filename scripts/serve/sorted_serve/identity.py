"""What answers depend on, as hashes: a client that stores answers tells by them when a model has become another one."""

import hashlib
import json
from pathlib import Path

import torch

from .weight_files import sha256_of

CONFIGURATION = ("config.json", "generation_config.json", "tokenizer_config.json", "special_tokens_map.json")


def tokenizer_sha256(folder: Path) -> str:
    """Of the files that give tokens their ids."""
    names = ["tokenizer.json"] if (folder / "tokenizer.json").exists() else ["tokenizer.model", "added_tokens.json"]
    return sha256_of(folder / name for name in names if (folder / name).exists())


def configuration_sha256(*folders: Path) -> str:
    return sha256_of(folder / name for folder in folders for name in CONFIGURATION if (folder / name).exists())


def fingerprint(*parts: str) -> str:
    """32 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def device_name(device: torch.device) -> str:
    """`NVIDIA H200`, or the processor with the threads that are used; speeds are of this device."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{_processor()}, {torch.get_num_threads()} threads"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "CPU"
