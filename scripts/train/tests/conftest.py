import sys
from pathlib import Path

import pytest
import torch
from transformers import LlamaConfig, set_seed

TRAIN = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TRAIN))

torch.set_num_threads(1)


@pytest.fixture
def repository() -> Path:
    return TRAIN.parents[1]


@pytest.fixture
def tiny():
    """A random six-layer LLaMA with grouped-query attention, weights large enough that every layer matters."""
    return make_tiny()


def make_tiny(vocab_size: int = 97, tie: bool = False, **settings):
    from sorted_train.model import SortedLlama

    set_seed(1)
    config = LlamaConfig(
        vocab_size=vocab_size, hidden_size=32, intermediate_size=48, num_hidden_layers=6, num_attention_heads=4,
        num_key_value_heads=2, initializer_range=0.3, tie_word_embeddings=tie, pad_token_id=2, **settings,
    )  # fmt: skip
    return SortedLlama(config)


@pytest.fixture
def batch():
    """Three rows of different length, padded on the right, labels on the tail of each."""
    from sorted_train.data import Collator

    generator = torch.Generator().manual_seed(2)
    items = []
    for length, prompt in ((12, 5), (9, 7), (15, 3)):
        ids = torch.randint(3, 97, (length,), generator=generator).tolist()
        items.append({"input_ids": ids, "labels": [-100] * prompt + ids[prompt:]})
    return Collator(pad_id=2)(items)
