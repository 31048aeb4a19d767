"""The checkpoint's first n layers as a checkpoint of its own: what engines without exits need for each of them.

    python scripts/train/baselines/truncate.py checkpoints/smollm2 9 out/9-layers
"""

import json
import re
import shutil
import sys
from pathlib import Path

TEXT_FILES = ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja")
LAYER = re.compile(r"model\.layers\.(\d+)\.")


def truncate(source: Path, layers: int, out: Path) -> None:
    from safetensors.torch import load_file, save_file

    out.mkdir(parents=True, exist_ok=True)
    config = json.loads((source / "config.json").read_text())
    config["num_hidden_layers"] = layers
    config.pop("layer_types", None)
    # transformers before 5, which exports to ONNX, knows no other place for it.
    config.setdefault("rope_theta", config.get("rope_parameters", {}).get("rope_theta", 10000.0))
    (out / "config.json").write_text(json.dumps(config, indent=2))
    for name in TEXT_FILES:
        if (source / name).exists():
            shutil.copy(source / name, out / name)
    weights = {name: tensor for name, tensor in load_file(source / "model.safetensors").items() if is_kept(name, layers)}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})


def is_kept(name: str, layers: int) -> bool:
    match = LAYER.match(name)
    return match is None or int(match[1]) < layers


if __name__ == "__main__":
    truncate(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
