import json
import sys
from pathlib import Path

import pytest
import torch

SERVE = Path(__file__).resolve().parents[1]
REPOSITORY = SERVE.parents[1]
sys.path[:0] = [str(SERVE), str(SERVE / "tests")]

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def nano():
    """The nano checkpoints by name, each opened once."""
    from sorted_serve.checkpoint import CheckpointSettings, open_checkpoint
    from sorted_serve.sorted_model import SortedModel

    opened = {}

    def model(name: str) -> SortedModel:
        if name not in opened:
            folder = REPOSITORY / "eval-data" / "nano" / "models" / name
            opened[name] = open_checkpoint(CheckpointSettings(folder))
        return SortedModel(opened[name])

    return model


@pytest.fixture(scope="session")
def golden():
    """The cases of a golden file of test/golden."""
    return lambda name: json.loads((REPOSITORY / "test" / "golden" / f"{name}.json").read_text())["cases"]


@pytest.fixture
def batcher():
    """Makes batchers of models, and closes them after the test."""
    from sorted_serve.batcher import Batcher

    made = []

    def make(model, limits=None) -> Batcher:
        made.append(Batcher(model, limits))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def greedy():
    """A sequence that continues ids at an exit of a model."""
    from sorted_serve.sequences import AskedPrompt, GreedySequence

    def make(model, ids, exit, max_new_tokens=32, **more) -> GreedySequence:
        checkpoint = model.checkpoint
        return GreedySequence(
            AskedPrompt(tuple(ids), exit, max_new_tokens, checkpoint.eos_ids, checkpoint.context_length, **more)
        )

    return make
