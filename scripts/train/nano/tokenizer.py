"""The nano tokenizer: whole words of the templates and instructions are one token each, everything else is spelled.

    cd scripts/train && python -m nano.tokenizer --out /tmp/nano/tokenizer

A byte-level BPE whose vocabulary is the 256 bytes and the words of the two prompt templates, of the instructions and
of the judge's reasons. There are no partial merges (`ignore_merges`: a pre-token that is in the vocabulary is taken
whole), so no merge learned from "reverse" can show up inside an argument: arguments stay single letters and digits.
"""

import argparse
import re
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from sorted_train import prompts
from sorted_train.tokenizers import save_tokenizer

from .families import FAMILIES
from .reasons import REASONS, VERDICTS

BOS, EOS, PAD = "<s>", "</s>", "<pad>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokenizer = make_tokenizer()
    save_tokenizer(tokenizer, args.out)
    print(f"{args.out}: {len(tokenizer)} tokens, {len(word_pieces())} of them words")


def make_tokenizer() -> PreTrainedTokenizerFast:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = [BOS, EOS, PAD, *alphabet, *word_pieces()]
    ids = {token: i for i, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=[], ignore_merges=True))
    tokenizer.add_special_tokens([BOS, EOS, PAD])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{BOS} $A", special_tokens=[(BOS, ids[BOS])])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BOS, eos_token=EOS, pad_token=PAD, clean_up_tokenization_spaces=False
    )


@cache
def word_pieces() -> tuple[str, ...]:
    """Words of two letters or more, with the space before them if there is one, in the byte-level alphabet."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    pieces = {piece for text in template_texts() for piece, _ in split.pre_tokenize_str(text)}
    return tuple(sorted(piece for piece in pieces if re.fullmatch("Ġ?[A-Za-z]{2,}|Ġ?###", piece)))


@cache
def template_words() -> frozenset[str]:
    """The words of the vocabulary in lower case: not to be used as arguments of letter tasks."""
    return frozenset(piece.lstrip("Ġ").lower() for piece in word_pieces())


def template_texts() -> list[str]:
    templates = [
        prompts.ALPACA_WITH_INPUT, prompts.ALPACA_WITHOUT_INPUT, prompts.PANDALM_WITH_INPUT,
        prompts.PANDALM_WITHOUT_INPUT,
    ]  # fmt: skip
    phrasings = [text for family in FAMILIES for phrasing in family.phrasings for text in phrasing]
    answers = [prompts.pandalm_answer(verdict, reason, "") for verdict in VERDICTS for reason in REASONS]
    return [re.sub(r"\{\w+\}", "0", text) for text in [*templates, *phrasings, *answers]]


if __name__ == "__main__":
    main()
