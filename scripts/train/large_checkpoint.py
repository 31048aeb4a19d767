"""Make a checkpoint of LLaMA-7B's shape, random weights in two files of torch.save, without ever holding one in memory.

    python scripts/train/large_checkpoint.py /big/pandalm-7b [--layers 32]

The small files are those of test/golden/pandalm-lookalike, with the larger shape in config.json. The weights take 13.5 GB of
float16; while the larger file is written, another half of that.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

LOOKALIKE = Path(__file__).parents[2] / "test/golden/pandalm-lookalike"
SHAPE = {"hidden_size": 4096, "intermediate_size": 11008, "num_attention_heads": 32, "vocab_size": 32001}
INDEX = "pytorch_model.bin.index.json"
SHARD = "pytorch_model-0000{}-of-00002.bin"
BLOCK = 1 << 24  # numbers that are drawn; a matrix repeats them from a place of its own


def main() -> None:
    args = parse_args()
    args.out.mkdir(parents=True)
    config = write_settings(args.out, args.layers)
    shapes = shapes_of(config)
    names = list(shapes)
    shards = {1: names[: len(names) // 2], 2: names[len(names) // 2 :]}
    torch.manual_seed(0)
    block = (torch.randn(2 * BLOCK) * config["initializer_range"]).half()
    for number, held in shards.items():
        write_shard(args.out / SHARD.format(number), {name: shapes[name] for name in held}, block)
    weight_map = {name: SHARD.format(number) for number, held in shards.items() for name in held}
    write_json(args.out / INDEX, {"metadata": {}, "weight_map": weight_map})


def write_settings(out: Path, layers: int) -> dict:
    for file in LOOKALIKE.glob("*.*"):
        if "pytorch_model" not in file.name and file.name != "golden.json":
            shutil.copy(file, out / file.name)
    config = json.loads((out / "config.json").read_text()) | SHAPE | {"num_hidden_layers": layers}
    write_json(out / "config.json", config)
    return config


def shapes_of(config: dict) -> dict[str, torch.Size]:
    with torch.device("meta"):
        model = LlamaForCausalLM(LlamaConfig(**config))
    return {name: weight.shape for name, weight in model.state_dict().items()}


def write_shard(path: Path, shapes: dict[str, torch.Size], block: torch.Tensor) -> None:
    """Weights lie in a file that is mapped, so that the system may drop what torch.save has written."""
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        tensors = {
            name: mapped(Path(scratch) / str(index), shape, block) for index, (name, shape) in enumerate(shapes.items())
        }
        torch.save(tensors, path)


def mapped(file: Path, shape: torch.Size, block: torch.Tensor) -> torch.Tensor:
    tensor = torch.from_file(str(file), shared=True, size=shape.numel(), dtype=torch.float16)
    if len(shape) == 1:
        return tensor.fill_(1)  # a norm
    for start in range(0, len(tensor), BLOCK):
        part = tensor[start : start + BLOCK]
        offset = int(torch.randint(BLOCK, ()))
        part.copy_(block[offset : offset + len(part)])
    return tensor.view(shape)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, default=32)
    return parser.parse_args()


if __name__ == "__main__":
    main()
