"""Exports the first n layers of a checkpoint for transformers.js, by optimum: job {model, layers, out}.

Wants Python packages of its own, since optimum's exporter needs transformers before 5: `pip install optimum-onnx onnxruntime`.
"""

import shutil
import tempfile
from pathlib import Path

from serve import serve
from truncate import truncate


def main(job: dict) -> dict:
    from optimum.exporters.onnx import main_export

    out = Path(job["out"])
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        cut, exported = Path(folder) / "cut", Path(folder) / "exported"
        truncate(Path(job["model"]), job["layers"], cut)
        main_export(str(cut), output=exported, task="text-generation-with-past", do_validation=False)
        (exported / "onnx").mkdir()
        for file in exported.glob("model.onnx*"):
            file.rename(exported / "onnx" / file.name)
        shutil.move(exported, out)
    return {}


if __name__ == "__main__":
    serve(main)
