"""Train small SentencePiece models and write what the library makes of the 5,000 texts, for the harness's parity tests.

    python scripts/train/sentencepiece_golden.py --small test/golden/tokenizers
    python scripts/train/sentencepiece_golden.py --model checkpoints/llama-7b/tokenizer.model --out llama-sentencepiece.json.gz

A golden file holds, for the texts in their order:

ids      of the model alone, without <s>
decoded  {text's place: text}, where decoding the ids does not give the text back
random   [ids, decoded] of ids drawn from all pieces, which are seldom valid UTF-8
"""

import argparse
import gzip
import random
from pathlib import Path

import sentencepiece
from sentencepiece import SentencePieceProcessor

from tokenizer_golden import RANDOM_COUNT, write
from tokenizer_parity.sentencepieces import small_models
from tokenizer_parity.texts import SEED, make_texts


def main() -> None:
    args = parse_args()
    texts = make_texts()
    if args.model:
        return write(args.out, golden(args.model.read_bytes(), texts))
    for name, model in small_models():
        folder = args.small / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tokenizer.model.gz").write_bytes(gzip.compress(model, mtime=0))
        write(folder / "golden.json.gz", golden(model, texts))


def golden(model: bytes, texts: list[str]) -> dict:
    processor = SentencePieceProcessor(model_proto=model)
    ids = processor.encode(texts)
    drawn = random_ids(processor)
    return {
        "sentencepiece": sentencepiece.__version__,
        "ids": ids,
        "decoded": {
            place: text for place, text in enumerate(map(processor.decode, ids)) if text != texts[place]
        },
        "random": [[row, processor.decode(row)] for row in drawn],
    }


def random_ids(processor: SentencePieceProcessor) -> list[list[int]]:
    """Half of the ids stand for one byte or character, so that a character's bytes meet now and then."""
    choose = random.Random(SEED)
    every = range(processor.get_piece_size())
    short = [id for id in every if len(processor.id_to_piece(id)) == 1 or processor.is_byte(id)]
    lengths = [choose.randrange(9) for _ in range(RANDOM_COUNT)]
    return [[choose.choice(choose.choice((short, every))) for _ in range(length)] for length in lengths]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--small", type=Path)
    what.add_argument("--model", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.model and not args.out:
        parser.error("--model needs --out")
    return args


if __name__ == "__main__":
    main()
