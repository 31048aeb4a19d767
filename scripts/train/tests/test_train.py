"""The command line end to end on a tiny model: what is written, what stays frozen, what is repeatable."""

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from conftest import TRAIN, make_tiny
from nano.tokenizer import make_tokenizer
from sorted_train.generate import answer_at
from sorted_train.submodels import EXIT_HEADS_FILE, load_checkpoint, submodel

EXITS = "2,4,6"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A base checkpoint, data, and one short run of each kind."""
    folder = tmp_path_factory.mktemp("runs")
    tokenizer = make_tokenizer()
    model = make_tiny(vocab_size=len(tokenizer), bos_token_id=0, eos_token_id=1)
    model.save_pretrained(folder / "base")
    tokenizer.save_pretrained(folder / "base")
    records = [{"instruction": "Reverse the word.", "input": w, "output": w[::-1]} for w in ("abc", "de", "fghi", "xyz")]
    (folder / "data.json").write_text(json.dumps(records * 4))
    train(folder, "sft", "base")
    train(folder, "soft", "base")
    train(folder, "early-exit", "sft")
    return folder


def train(folder: Path, kind: str, model: str, out: str | None = None, *extra: str) -> None:
    command = [
        sys.executable, str(TRAIN / "train.py"), "--kind", kind, "--model", str(folder / model), "--exits", EXITS,
        "--data", str(folder / "data.json"), "--out", str(folder / (out or kind)), "--max-steps", "4",
        "--batch-size", "4", "--lr", "1e-2", "--log-every", "2", "--threads", "1", *extra,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_output_is_an_ordinary_checkpoint(folder):
    names = {file.name for file in (folder / "soft").iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "exits.json"} <= names
    assert "generation_config.json" in names
    assert json.loads((folder / "soft/config.json").read_text())["architectures"] == ["LlamaForCausalLM"]
    assert json.loads((folder / "soft/exits.json").read_text()) == {"kind": "soft", "exits": [2, 4, 6]}
    assert load_file(folder / "soft/model.safetensors").keys() == load_file(folder / "base/model.safetensors").keys()


def test_training_changes_the_weights_and_the_kinds_differ(folder):
    digests = {digest(folder / kind / "model.safetensors") for kind in ("base", "sft", "soft")}
    assert len(digests) == 3


def test_early_exit_leaves_the_base_unchanged_and_writes_heads_only(folder):
    before = digest(folder / "sft/model.safetensors")
    train(folder, "early-exit", "sft", "early-exit-again")
    assert digest(folder / "sft/model.safetensors") == before
    names = {file.name for file in (folder / "early-exit").iterdir()}
    assert "model.safetensors" not in names
    assert json.loads((folder / "early-exit/exits.json").read_text())["base"] == "../sft"
    heads = load_file(folder / "early-exit/exit_heads.safetensors")
    assert sorted(heads) == ["exit_heads.2.weight", "exit_heads.4.weight"]
    trained = load_file(folder / "sft/model.safetensors")["lm_head.weight"]
    assert all(head.shape == trained.shape and not torch.equal(head, trained) for head in heads.values())


def test_early_exit_freezes_everything_but_its_heads(tiny, batch):
    before = {name: p.detach().clone() for name, p in tiny.named_parameters()}
    tiny.train_exit_heads((2, 4, 6))
    optimizer = torch.optim.AdamW(tiny.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        tiny(**batch)["loss"].backward()
        optimizer.step()
        optimizer.zero_grad()
    after = dict(tiny.named_parameters())
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert not torch.equal(after["exit_heads.2.weight"], before["lm_head.weight"])


def test_each_exit_head_learns_from_its_own_exit_alone(tiny, batch):
    tiny.train_exit_heads((2, 4, 6))
    tiny.loss_of(2, torch.randn(5, 32), torch.arange(5), 5).backward()
    assert tiny.exit_heads["2"].weight.grad is not None and tiny.exit_heads["4"].weight.grad is None


def test_training_twice_with_one_seed_gives_the_same_weights(folder):
    train(folder, "soft", "base", "soft-again")
    train(folder, "soft", "base", "soft-other", "--seed", "7")
    assert digest(folder / "soft-again/model.safetensors") == digest(folder / "soft/model.safetensors")
    assert digest(folder / "soft-other/model.safetensors") != digest(folder / "soft/model.safetensors")


@pytest.mark.parametrize(("kind", "model", "weights"), [("soft", "base", "model.safetensors"), ("early-exit", "sft", EXIT_HEADS_FILE)])
def test_a_killed_run_goes_on_to_the_same_weights_and_losses(folder, kind, model, weights):
    out = folder / f"resumed-{kind}"
    train(folder, kind, model, out.name, "--save-every", "1", "--stop-at", "2")
    assert [step.name for step in (out / "checkpoints").iterdir()] == ["checkpoint-2"]
    train(folder, kind, model, out.name)
    ours, undisturbed = load_file(out / weights), load_file(folder / kind / weights)
    assert all(torch.equal(ours[name], undisturbed[name]) for name in undisturbed)
    assert logged_losses(out) == logged_losses(folder / kind)


def logged_losses(run: Path) -> list[list[str]]:
    """Of each exit, by step."""
    with open(run / "training_log.csv") as file:
        return [[value for name, value in row.items() if name.startswith("loss")] for row in csv.DictReader(file)]


def test_log_has_the_loss_of_each_exit_and_equal_tokens(folder):
    logs = {kind: (folder / kind / "training_log.csv").read_text().splitlines() for kind in ("sft", "soft")}
    assert logs["soft"][0] == "step,learning_rate,loss,loss_exit_2,loss_exit_4,loss_exit_6,tokens_per_second,tokens_seen"
    assert len(logs["soft"]) == 3
    tokens = {kind: [line.split(",")[-1] for line in lines[1:]] for kind, lines in logs.items()}
    assert tokens["sft"] == tokens["soft"]
    step, _, loss, *exits, _, _ = (float(text) for text in logs["soft"][1].split(","))
    assert step == 2 and abs(loss - sum(exits) / 3) < 1e-3


def test_a_submodel_shares_norm_and_head_and_early_exit_ends_like_sft(folder):
    checkpoints = {kind: load_checkpoint(folder / kind) for kind in ("sft", "early-exit")}
    prompts = ["### Instruction:\nReverse the word.", "x"]
    answers = {kind: answer_at(c, 6, prompts, 8) for kind, c in checkpoints.items()}
    assert answers["sft"] == answers["early-exit"]
    sft = checkpoints["sft"].model
    ids = torch.tensor([[5, 6, 7]])
    hidden = sft.model(ids, output_hidden_states=True).hidden_states[4]
    assert torch.allclose(submodel(sft, 4)(ids).logits, sft.lm_head(sft.model.norm(hidden)), atol=1e-6)
