"""The committed SentencePiece models and golden files are what the scripts write; transformers reads them as the harness does."""

import gzip
import json
from pathlib import Path

import pytest
from case_golden import answers
from sentencepiece import SentencePieceProcessor
from sentencepiece_golden import golden
from tokenizer_parity.sentencepieces import MODELS, small_models
from tokenizer_parity.texts import make_texts
from transformers import LlamaTokenizer

COMMITTED = Path(__file__).parents[3] / "test/golden"


def model_of(name: str) -> bytes:
    return gzip.decompress((COMMITTED / "tokenizers" / name / "tokenizer.model.gz").read_bytes())


def read(path: Path):
    return json.loads(gzip.decompress(path.read_bytes()))


def test_models_are_those_committed():
    for name, model in small_models():
        assert model == model_of(name), name


@pytest.mark.parametrize("name", MODELS)
def test_golden_files_are_those_committed(name):
    made = json.loads(json.dumps(golden(model_of(name), make_texts())))
    assert made == read(COMMITTED / "tokenizers" / name / "golden.json.gz")


@pytest.mark.parametrize("legacy", [True, False])
def test_transformers_agrees_with_the_library_on_texts_that_do_not_begin_with_a_space(tmp_path, legacy):
    """Of several spaces at the beginning, transformers 5 takes one for that which is put before a text."""
    (tmp_path / "tokenizer.model").write_bytes(model_of("sentencepiece-llama"))
    tokenizer = LlamaTokenizer.from_pretrained(tmp_path, legacy=legacy)
    library = SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model"))
    texts = [text for text in make_texts() if not text.startswith((" ", "▁"))]
    assert len(texts) > 4600
    ids = tokenizer(texts, split_special_tokens=True, add_special_tokens=False)["input_ids"]
    assert ids == library.encode(texts)


def test_answers_of_the_shipped_checkpoint_are_those_committed():
    folder = COMMITTED / "cases/pandalm-as-shipped"
    known = read(folder / "golden.json.gz")
    assert answers(folder, [row["text"] for row in known]) == known
