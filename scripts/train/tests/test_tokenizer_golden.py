"""The committed tokenizers, texts and golden files are what tokenizer_golden.py writes."""

import gzip
import json
from pathlib import Path

import pytest
from tokenizer_golden import golden
from tokenizer_parity.small import write_small_tokenizers
from tokenizer_parity.texts import COUNT, make_texts

COMMITTED = Path(__file__).parents[3] / "test/golden/tokenizers"


def read(path: Path):
    return json.loads(gzip.decompress(path.read_bytes()))


def test_texts_are_those_committed_and_of_every_kind():
    texts = make_texts()
    assert texts == read(COMMITTED / "texts.json.gz")
    assert len(texts) == len(set(texts)) == COUNT
    assert "" in texts and any("\x00" in text for text in texts) and any("🏳️‍🌈" in text for text in texts)
    assert sum("</s>" in text for text in texts) > 20


def test_small_tokenizers_are_those_committed(tmp_path):
    for folder in write_small_tokenizers(tmp_path):
        for file in ("tokenizer.json", "tokenizer_config.json"):
            assert (folder / file).read_text() == (COMMITTED / folder.name / file).read_text(), f"{folder.name}/{file}"


@pytest.mark.parametrize("name", ["smollm2-style", "llama2-style", "llama2-metaspace", "llama3-style"])
def test_golden_files_are_those_committed(name):
    made = json.loads(json.dumps(golden(COMMITTED / name, make_texts())))
    assert made == read(COMMITTED / name / "golden.json.gz")
