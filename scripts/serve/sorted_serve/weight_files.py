"""The files of weights of a checkpoint: which they are, their sha256, and their tensors without running any code."""

import hashlib
import json
import pickle
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from .bad_input import BadCheckpoint

INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
SINGLE = ("model.safetensors", "pytorch_model.bin")


def weight_files(folder: Path) -> list[Path]:
    """Safetensors before PyTorch's own format, as transformers prefers them.

    Raises BadCheckpoint where there are none.
    """
    for index, single in zip(INDEXES, SINGLE, strict=True):
        if (folder / single).exists():
            return [folder / single]
        if (folder / index).exists():
            names = json.loads((folder / index).read_text())["weight_map"].values()
            return [folder / name for name in sorted(set(names))]
    raise BadCheckpoint(f"{folder}: expected {' or '.join(SINGLE + INDEXES)}, found none")


def sha256_of(files: Iterable[Path]) -> str:
    """Of the sha256 of the files, each once, sorted, a line each."""
    hashes = sorted({_sha256(file) for file in files})
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


def load_tensors(file: Path) -> dict[str, torch.Tensor]:
    """Raises BadCheckpoint for a damaged file, and for a pickle that holds more than tensors: nothing in it is run."""
    try:
        if file.suffix == ".safetensors":
            return load_file(file)
        return torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except pickle.UnpicklingError as error:
        raise BadCheckpoint(f"{file}: expected tensors alone, found a pickle that would run code: {_line(error)}") from error
    except (OSError, RuntimeError, SafetensorError) as error:
        raise BadCheckpoint(f"{file}: expected a whole file of tensors: {_line(error)}") from error


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:200] if lines else type(error).__name__
