"""Write what Hugging Face's tokenizers make of 5,000 texts, for the harness's parity tests.

    python scripts/train/tokenizer_golden.py --small test/golden/tokenizers
    python scripts/train/tokenizer_golden.py --tokenizer checkpoints/smollm2 --out smollm2-tokenizer.json.gz

`--small` trains the small tokenizers of the tests and writes them with their golden files and the texts; `--tokenizer`
takes a real one. A golden file holds, for the texts in their order:

ids      with `split_special_tokens=True`: what looks like a special token in a text is spelled
default  {text's place: ids}, where transformers' default gives others
decoded  {text's place: text}, where decoding the ids does not give the text back
random   [ids, decoded] of ids drawn from the whole vocabulary, which are seldom valid UTF-8
"""

import argparse
import gzip
import json
import random
from pathlib import Path

import tokenizers
import transformers
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from tokenizer_parity.small import write_small_tokenizers
from tokenizer_parity.texts import SEED, make_texts

RANDOM_COUNT = 1000


def main() -> None:
    args = parse_args()
    texts = make_texts()
    if args.tokenizer:
        return write(args.out, golden(args.tokenizer, texts))
    write(args.small / "texts.json.gz", texts)
    for folder in write_small_tokenizers(args.small):
        write(folder / "golden.json.gz", golden(folder, texts))


def golden(folder: Path, texts: list[str]) -> dict:
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    check_same(Tokenizer.from_file(str(folder / "tokenizer.json")), tokenizer, texts)
    ids = tokenizer(texts, split_special_tokens=True)["input_ids"]
    default = tokenizer(texts)["input_ids"]
    decoded = decode(tokenizer, ids)
    drawn = random_ids(tokenizer)
    return {
        "tokenizers": tokenizers.__version__,
        "transformers": transformers.__version__,
        "ids": ids,
        "default": {place: row for place, row in enumerate(default) if row != ids[place]},
        "decoded": {place: text for place, text in enumerate(decoded) if text != texts[place]},
        "random": list(zip(drawn, decode(tokenizer, drawn), strict=True)),
    }


def check_same(plain: Tokenizer, tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> None:
    """transformers must leave the file's own pipeline as it is."""
    ids = [row.ids for row in plain.encode_batch(texts)]
    assert ids == tokenizer(texts)["input_ids"], "another pipeline than the file's"


def decode(tokenizer: PreTrainedTokenizerFast, rows: list[list[int]]) -> list[str]:
    return [tokenizer.decode(row, skip_special_tokens=True) for row in rows]


def random_ids(tokenizer: PreTrainedTokenizerFast) -> list[list[int]]:
    """Half of the ids stand for one byte or character, so that a character's bytes meet now and then."""
    choose = random.Random(SEED)
    vocab = tokenizer.get_vocab()
    short = sorted(id for token, id in vocab.items() if len(token) == 1 or token.startswith("<0x"))
    every = range(max(vocab.values()) + 3)  # the last two are no token's
    lengths = [choose.randrange(9) for _ in range(RANDOM_COUNT)]
    return [[choose.choice(choose.choice((short, every))) for _ in range(length)] for length in lengths]


def write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path}: {path.stat().st_size} bytes")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--small", type=Path)
    what.add_argument("--tokenizer", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.tokenizer and not args.out:
        parser.error("--tokenizer needs --out")
    return args


if __name__ == "__main__":
    main()
