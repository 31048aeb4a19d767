"""What can be opened, and what is refused in one line before anything of it runs."""

import json
import os
import shutil

import pytest
import torch
from conftest import REPOSITORY
from sorted_serve.bad_input import BadCheckpoint
from sorted_serve.checkpoint import CheckpointSettings, open_checkpoint
from sorted_serve.sorted_model import SortedModel
from sorted_serve.texts import encode

NANO = REPOSITORY / "eval-data" / "nano" / "models"
GOLDEN = REPOSITORY / "test" / "golden"


@pytest.fixture
def soft(tmp_path):
    """A copy of the nano SoFT checkpoint that a test may damage."""
    return shutil.copytree(NANO / "soft", tmp_path / "soft")


def refusal_of(folder, **settings) -> str:
    with pytest.raises(BadCheckpoint) as refused:
        open_checkpoint(CheckpointSettings(folder, **settings))
    assert "\n" not in str(refused.value)
    return str(refused.value)


class RunsCode:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch {self.mark}",)


def test_a_pickle_with_code_is_refused_and_nothing_of_it_runs(soft, tmp_path):
    mark = tmp_path / "it-ran"
    (soft / "model.safetensors").unlink()
    torch.save({"lm_head.weight": RunsCode(mark)}, soft / "pytorch_model.bin")
    assert "found a pickle that would run code" in refusal_of(soft)
    assert not mark.exists()


def test_a_judge_with_pandalms_file_names_reads_and_answers_as_its_golden_file_says(batcher, greedy):
    model = SortedModel(open_checkpoint(CheckpointSettings(GOLDEN / "pandalm-lookalike")))
    cases = json.loads((GOLDEN / "pandalm-lookalike" / "golden.json").read_text())["cases"]
    assert [encode(model.checkpoint.tokenizer, case["prompt"]) for case in cases] == [case["prompt_ids"] for case in cases]
    asked = [(case["prompt_ids"], int(exit), len(ids)) for case in cases for exit, ids in case["exits"].items()]
    answers = [future.result(60).token_ids for future in batcher(model).answer([greedy(model, *one) for one in asked])]
    assert answers == [ids for case in cases for ids in case["exits"].values()]


def test_a_damaged_file_is_refused(soft):
    file = soft / "model.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    assert "expected a whole file of tensors" in refusal_of(soft)


def test_an_early_exit_checkpoint_without_a_head_of_an_exit_is_refused(tmp_path):
    shutil.copytree(NANO / "sft", tmp_path / "sft")
    folder = shutil.copytree(NANO / "early-exit", tmp_path / "early-exit")
    assert "found none for [2]" in refusal_of(folder, exits=(2, 3, 10))
    (folder / "exit_heads.safetensors").unlink()
    assert "found no such file" in refusal_of(folder)


@pytest.mark.parametrize("exits", [(0, 10), (3, 11), (5, 3, 10), (3, 3)])
def test_exits_must_rise_within_the_layers(exits):
    assert "expected exits that rise from 1 to 10 at most" in refusal_of(NANO / "soft", exits=exits)


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path, soft):
    assert "expected a checkpoint with config.json" in refusal_of(tmp_path / "nothing")
    (soft / "model.safetensors").unlink()
    assert "expected model.safetensors or pytorch_model.bin" in refusal_of(soft)


def test_a_kind_of_network_that_was_never_tested_is_refused(soft):
    config = json.loads((soft / "config.json").read_text())
    (soft / "config.json").write_text(json.dumps(config | {"model_type": "gpt2"}))
    assert "expected model_type to be one of llama" in refusal_of(soft)


def test_the_exits_of_a_plain_checkpoint_are_those_of_the_paper(soft):
    (soft / "exits.json").unlink()
    opened = open_checkpoint(CheckpointSettings(soft))
    assert (opened.kind, opened.exits) == ("plain", tuple(range(3, 11)))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_takes_half_the_memory_and_nearly_the_same_first_tokens(dtype, golden, batcher, greedy):
    model = SortedModel(open_checkpoint(CheckpointSettings(NANO / "early-exit", dtype=dtype)))
    weights = [*model.checkpoint.model.parameters(), *(head.weight for head in model.checkpoint.heads.values())]
    assert {weight.element_size() for weight in weights} == {2}
    cases = golden("nano-early-exit")
    asked = [(case, exit) for case in cases for exit in (3, 10)]
    answers = [one.result(60) for one in batcher(model).answer([greedy(model, case["prompt_ids"], exit, 2) for case, exit in asked])]
    same = [answer.token_ids[0] == case["exits"][str(exit)][0] for answer, (case, exit) in zip(answers, asked, strict=True)]
    assert sum(same) >= 0.9 * len(same)
