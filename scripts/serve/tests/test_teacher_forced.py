"""KL and log-likelihoods equal what the harness's own engine stored for the nano run."""

from itertools import groupby

import pytest
import torch
from sorted_serve.teacher_forced import divergences, log_probs, loglikelihoods

EXITS = list(range(3, 11))
ABOUT = {"abs": 1e-5, "rel": 1e-5}


@pytest.fixture(scope="module")
def prompts(golden):
    return [case["prompt_ids"] for case in golden("nano-soft")]


def test_kl_at_every_exit_equals_the_stored_one(nano, golden, prompts):
    cases = [case for case in golden("nano-stored") if "kl_nats" in case]
    curves = groupby(cases, key=lambda case: (case["instruction"], case["model"], case["reference"]))
    for (instruction, model, reference), group in curves:
        own = list(group)
        start, ids = len(prompts[instruction]), prompts[instruction] + own[0]["answer_ids"]
        name, exit = reference.split("@")
        expected = log_probs(nano(name), ids, start, [int(exit)])[int(exit)]
        measured = divergences(nano(model), ids, start, EXITS, expected)
        assert [case["exit"] for case in own] == EXITS
        for case in own:
            assert measured[case["exit"]] == pytest.approx(case["kl_nats"], **ABOUT), case


def test_mean_loglikelihoods_equal_the_stored_ones(nano, golden, prompts):
    cases = [case for case in golden("nano-stored") if "mean_log_probability" in case]
    assert len(cases) > 100
    for case in cases:
        start, ids = len(prompts[case["instruction"]]), prompts[case["instruction"]] + case["answer_ids"]
        (values,) = loglikelihoods(nano(case["model"]), ids, start, [case["exit"]]).values()
        assert sum(values) / len(values) == pytest.approx(case["mean_log_probability"], **ABOUT), case


def test_all_exits_take_one_pass_through_the_deepest(nano, prompts):
    model, ids = nano("soft"), prompts[0]
    loglikelihoods(model, ids, 5, EXITS)
    assert model.executions == 10 * (len(ids) - 1)


def test_parts_of_a_long_continuation_come_together(nano, prompts, monkeypatch):
    import sorted_serve.teacher_forced as module

    ids = prompts[0]
    whole = loglikelihoods(nano("early-exit"), ids, 1, [3, 10])
    monkeypatch.setattr(module, "POSITIONS_AT_ONCE", 7)
    parts = loglikelihoods(nano("early-exit"), ids, 1, [3, 10])
    expected = log_probs(nano("sft"), ids, 1, [10])[10]
    assert parts.keys() == whole.keys()
    for exit in parts:
        assert parts[exit] == pytest.approx(whole[exit], abs=1e-5)
    assert len(divergences(nano("soft"), ids, 1, [4], expected)[4]) == len(ids) - 1


def test_kl_from_itself_is_0_and_a_reference_may_be_shorter(nano, prompts):
    ids = prompts[1]
    expected = log_probs(nano("soft"), ids, 4, [10])[10][:6]
    values = divergences(nano("soft"), ids, 4, [10], expected)[10]
    assert values == pytest.approx([0] * 6, abs=1e-6)
    assert torch.allclose(expected.exp().sum(-1), torch.ones(6))
