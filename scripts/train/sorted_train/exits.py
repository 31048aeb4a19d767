"""Which layers a model can stop at, and the exits.json that says so beside a checkpoint."""

import json
from dataclasses import dataclass
from pathlib import Path

KINDS = ("sft", "soft", "early-exit")
FILE_NAME = "exits.json"


@dataclass(frozen=True)
class Exits:
    kind: str
    layers: tuple[int, ...]
    base: str | None = None  # early-exit only: the frozen SFT checkpoint, relative to this folder


def default_exits(num_layers: int) -> tuple[int, ...]:
    """The paper's exits: 30 % to 100 % of the depth in steps of 10 % (12, 16 ... 40 of 40)."""
    return tuple(sorted({max(1, round(num_layers * tenth / 10)) for tenth in range(3, 11)}))


def check_exits(layers: tuple[int, ...], num_layers: int) -> tuple[int, ...]:
    if list(layers) != sorted(set(layers)) or not layers or layers[0] < 1 or layers[-1] != num_layers:
        raise SystemExit(f"exits: expected rising layer numbers that end at {num_layers}, found {list(layers)}")
    return layers


def write_exits(folder: Path, exits: Exits) -> None:
    record = {"kind": exits.kind, "exits": list(exits.layers)}
    if exits.base is not None:
        record["base"] = exits.base
    (folder / FILE_NAME).write_text(json.dumps(record) + "\n")


def read_exits(folder: Path, num_layers: int) -> Exits:
    """A plain checkpoint without exits.json counts as SFT with the paper's exits."""
    file = folder / FILE_NAME
    if not file.exists():
        return Exits("sft", default_exits(num_layers))
    record = json.loads(file.read_text())
    if record.get("kind") not in KINDS:
        raise SystemExit(f"{file}: expected kind to be one of {', '.join(KINDS)}, found {record.get('kind')!r}")
    return Exits(record["kind"], check_exits(tuple(record["exits"]), num_layers), record.get("base"))
