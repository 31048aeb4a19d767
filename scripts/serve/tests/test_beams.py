"""Beams as the two versions of transformers search them."""

import pytest
from sorted_serve.batcher import BatchLimits
from sorted_serve.beams import BeamSequence
from sorted_serve.sequences import AskedPrompt, BeamsAsked


@pytest.mark.parametrize(("rule", "golden_name"), [("transformers-4.28", "4.28"), ("transformers-4.36", "5")])
def test_beams_in_one_batch_equal_those_of_transformers(rule, golden_name, nano, golden, batcher, greedy):
    model, cases = nano("judge"), golden(f"nano-judge-beams-{golden_name}")
    cases = cases[::4] + cases[85:86]  # of the 104 the one that tells the rules apart
    asked = [
        AskedPrompt(tuple(case["prompt_ids"]), 10, 512, model.checkpoint.eos_ids, 1024, beams=BeamsAsked(4, 1.2, rule))
        for case in cases
    ]
    others = [greedy(model, case["prompt_ids"], 3 + index % 8) for index, case in enumerate(cases)]
    sequences = [one for pair in zip(map(BeamSequence, asked), others, strict=True) for one in pair]
    futures = batcher(model, BatchLimits(rows=40)).answer(sequences)[::2]
    assert [future.result(timeout=120).token_ids for future in futures] == [case["answer_ids"] for case in cases]
