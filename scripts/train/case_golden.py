"""Write what PyTorch answers for a checkpoint with tokenizer.model, as PandaLM ships one.

    python scripts/train/case_golden.py test/golden/cases/pandalm-as-shipped

Writes golden.json.gz into the folder: for each text the ids of the prompt (config.json's first token, then those of
Google's library), the ids that the whole network writes greedily, and their text.
"""

import argparse
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from transformers import LlamaForCausalLM

from tokenizer_golden import write
from tokenizer_parity.texts import EMOJI, SENTENCES

NEW_TOKENS = 24


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    folder = parser.parse_args().checkpoint
    write(folder / "golden.json.gz", answers(folder, ["", *SENTENCES, *EMOJI]))


@torch.no_grad()
def answers(folder: Path, texts: list[str]) -> list[dict]:
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    processor = SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    return [answer(model, processor, text) for text in texts]


def answer(model: LlamaForCausalLM, processor: SentencePieceProcessor, text: str) -> dict:
    prompt = [model.config.bos_token_id, *processor.encode(text)]
    ids = list(prompt)
    while len(ids) < len(prompt) + NEW_TOKENS:
        ids.append(model(torch.tensor([ids])).logits[0, -1].argmax().item())
        if ids[-1] == model.config.eos_token_id:
            break
    written = ids[len(prompt) :]
    pieces = [id for id in written if id < processor.get_piece_size()]
    return {"text": text, "prompt": prompt, "ids": written, "answer": processor.decode(pieces)}


if __name__ == "__main__":
    main()
