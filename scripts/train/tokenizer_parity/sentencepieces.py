"""Small SentencePiece models with the settings of large ones, trained on the sentences that they are compared on."""

import contextlib
import io
import tempfile
from pathlib import Path

import sentencepiece

from .texts import SENTENCES

SHARED = {"model_type": "bpe", "vocab_size": 1000, "num_threads": 1, "minloglevel": 2}
MODELS = {
    # As LLaMA's: text stays as it is, what has no piece is spelled by its bytes.
    "sentencepiece-llama": {
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "allow_whitespace_only_pieces": True,
        "byte_fallback": True,
        "split_digits": True,
        "character_coverage": 0.985,
    },
    # As OpenLLaMA's: several spaces are one, and so are compatible characters.
    "sentencepiece-openllama": {
        "normalization_rule_name": "nfkc",
        "byte_fallback": True,
        "split_digits": True,
        "character_coverage": 0.985,
    },
    # What else a model can do: no bytes and so unknown characters, spaces behind words, words of the user's own.
    "sentencepiece-suffix": {
        "normalization_rule_tsv": "rules.tsv",
        "treat_whitespace_as_suffix": True,
        "user_defined_symbols": ["<tool>", "<tool_call>", "e\u0301"],
        "control_symbols": ["<|im_start|>"],
        "character_coverage": 0.985,
    },
}
# Characters that go, that become spaces, that become several; rules of which one begins another.
RULES = {"\u200b": "", "\ufeff": "", "\x07": "", "\t": " ", "\n": " ", "\u3000": "  ", "ß": "ss", "ﬁ": "fi", "…": "...",
         "'": "’", "'l": "’l", "'ll": " will", "🏳️‍🌈": "<flag>", "👩": "w", "👩‍👩": "ww", "é": "e\u0301", "!!": "!"}  # fmt: skip


def small_models() -> list[tuple[str, bytes]]:
    # A model holds the path of its rules.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("rules.tsv").write_text("".join(f"{code_points(of)}\t{code_points(to)}\n" for of, to in RULES.items()))
        return [(name, train(settings)) for name, settings in MODELS.items()]


def code_points(text: str) -> str:
    return " ".join(f"{ord(character):X}" for character in text)


def train(settings: dict) -> bytes:
    model = io.BytesIO()
    sentences = iter(SENTENCES)
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=sentences, model_writer=model, **SHARED, **settings)
    return model.getvalue()
