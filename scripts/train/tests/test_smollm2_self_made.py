"""What the models write themselves becomes a record only if it is new, readable and ended."""

from argparse import Namespace
from collections import Counter

import torch

from smollm2_self_made import few_shot, nucleus, parsed, repetitive, sampled, why_not

LIMITS = Namespace(max_new_tokens=96, max_length=256)


def read(text, seen=None, excluded=()):
    dropped = Counter()
    return parsed(text, set() if seen is None else seen, set(excluded), dropped), dropped


def test_reads_a_block_with_and_without_input():
    assert read(" Name a color of the sky.\nInput: (none)\n\nInstruction:")[0] == {"instruction": "Name a color of the sky.", "input": ""}
    assert read("Shorten this sentence.\nInput: A very long one.\n\n")[0] == {"instruction": "Shorten this sentence.", "input": "A very long one."}
    assert read("Shorten this sentence.\nOutput: Short.")[0] == {"instruction": "Shorten this sentence.", "input": ""}


def test_counts_what_it_leaves_out():
    assert read("one line without an end")[1] == {"unreadable": 1}
    assert read("What is tested?  here\n\n", excluded={"what is tested? here"})[1] == {"tested": 1}
    seen = set()
    read("Name a color.\n\n", seen)
    assert read("name a  COLOR.\n\n", seen)[1] == {"repeated": 1}


def test_answers_have_to_end_fit_and_not_repeat_themselves():
    assert why_not("", 1, 50, LIMITS) == "empty"
    assert why_not("Cut off", 96, 50, LIMITS) == "unended"
    assert why_not("Fine.", 40, 230, LIMITS) == "long"
    assert why_not("a dog and " * 20, 80, 50, LIMITS) == "repetitive"
    assert why_not("The sky is blue because short waves of light are scattered most.", 20, 50, LIMITS) is None
    assert not repetitive("Yes, yes, yes.")


def test_nucleus_keeps_the_most_likely_tokens_that_reach_the_share():
    kept = nucleus(torch.tensor([[0.1, 0.5, 0.05, 0.35], [0.97, 0.01, 0.01, 0.01]]), 0.8)
    assert torch.equal(kept > 0, torch.tensor([[False, True, False, True], [True, False, False, False]]))


def test_samples_are_continuations_of_the_one_prompt(tiny):
    class Letters:
        def __call__(self, text, return_tensors):
            return Namespace(input_ids=torch.tensor([[ord(c) % 97 for c in text]]))

        def batch_decode(self, ids, skip_special_tokens):
            return ids.tolist()

    torch.manual_seed(0)
    greedy = sampled(tiny.eval(), Letters(), "a prompt", rows=3, temperature=1e-4, tokens=6)
    ids, expected = Letters()("a prompt", "pt").input_ids, []
    for _ in range(6):
        expected.append(int(tiny(ids).logits[0, -1].argmax()))
        ids = torch.cat([ids, torch.tensor([[expected[-1]]])], dim=1)
    assert greedy == [expected] * 3


def test_shots_hold_their_inputs():
    import random

    records = [{"instruction": f"Task {n}", "input": "x" if n % 2 else "", "output": "y"} for n in range(60)]
    text = few_shot(random.Random(1), records)
    assert text.count("Instruction:") == 9 and text.endswith("Instruction:")
    assert "Input: (none)" in text and "Input: x" in text
