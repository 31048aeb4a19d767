"""Saving a tokenizer so that transformers 4 and 5 and other programs read it."""

import json
from pathlib import Path

NOT_PORTABLE = ("backend", "is_local", "local_files_only")  # transformers 5 alone writes these


def save_tokenizer(tokenizer, folder: Path) -> None:
    tokenizer.save_pretrained(folder)
    file = Path(folder) / "tokenizer_config.json"
    settings = {name: value for name, value in json.loads(file.read_text()).items() if name not in NOT_PORTABLE}
    settings["tokenizer_class"] = "PreTrainedTokenizerFast"
    file.write_text(json.dumps(settings, indent=2) + "\n")
