"""Write small PyTorch files of every kind that people save, with what is in them, for the tests of the reader.

    python scripts/train/torch_golden.py test/golden/torch

`<name>.bin` is what `torch.save` wrote, `tensors.json` the bytes of every tensor as PyTorch reads them. The files
under `refused/` hold no plain state dict; `gadget.bin` would run a command if a reader of pickles followed it.
"""

import argparse
import json
import os
from collections import OrderedDict
from pathlib import Path

import torch

NAMES_OF_DTYPES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float64: "F64",
    torch.int64: "I64",
    torch.bool: "BOOL",
}


class Gadget:
    """A pickle of this runs a command when Python loads it."""

    def __reduce__(self):
        return os.system, ("echo run > gadget-was-run",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    (out / "refused").mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    expected = {}
    for name, (state, options) in read_files().items():
        torch.save(state, out / f"{name}.bin", **options)
        expected[name] = {key: describe(tensor) for key, tensor in state.items()}
    for name, (value, options) in refused_files().items():
        torch.save(value, out / "refused" / f"{name}.bin", **options)
    facts = {"torch": torch.__version__, "files": expected}
    (out / "tensors.json").write_text(json.dumps(facts, indent=1) + "\n")


def read_files() -> dict:
    matrix = torch.randn(4, 6)
    embedding = torch.randn(5, 4).to(torch.bfloat16)
    linear = torch.nn.Linear(3, 2)
    dtypes = {f"of.{name}": torch.ones(3).to(dtype) for dtype, name in NAMES_OF_DTYPES.items()}
    return {
        "contiguous": ({"weight": matrix, "norm": torch.randn(6).half()}, {}),
        "views": ({"rows": matrix[1:3], "last": matrix[3], "one": matrix[2, 3:4], "all": matrix}, {}),
        "shared": ({"embed": embedding, "head": embedding, "again": embedding.view(20)}, {}),
        "module": (linear.state_dict(), {}),
        "parameters": (OrderedDict(weight=linear.weight, frozen=linear.bias.requires_grad_(False)), {}),
        "dtypes": (dtypes | {"scalar": torch.tensor(2.5), "empty": torch.zeros(0, 4)}, {}),
        "protocol-4": ({"weight": matrix, "ä.日本": matrix[0]}, {"pickle_protocol": 4}),
    }


def refused_files() -> dict:
    matrix = torch.randn(4, 6)
    return {
        "transposed": ({"weight": matrix.t()}, {}),
        "strided": ({"weight": matrix[:, ::2]}, {}),
        "nested": ({"model": {"weight": matrix}, "step": 3}, {}),
        "number": ({"weight": matrix, "step": 3}, {}),
        "list": ([matrix], {}),
        "tensor": (matrix, {}),
        "whole-module": (torch.nn.Linear(2, 2), {}),
        "sparse": ({"weight": matrix.to_sparse()}, {}),
        "negated": ({"weight": torch._neg_view(matrix)}, {}),
        "gadget": ({"weight": Gadget()}, {}),
        "before-1.6": ({"weight": matrix}, {"_use_new_zipfile_serialization": False}),
    }


def describe(tensor: torch.Tensor) -> dict:
    raw = tensor.detach().contiguous().reshape(-1).view(torch.uint8) if tensor.numel() else tensor
    return {
        "dtype": NAMES_OF_DTYPES[tensor.dtype],
        "shape": list(tensor.shape),
        "hex": bytes(raw.tolist()).hex() if tensor.numel() else "",
    }


if __name__ == "__main__":
    main()
