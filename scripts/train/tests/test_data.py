"""Prompts byte for byte, and which tokens are learned."""

import json

import pytest

from nano.tokenizer import make_tokenizer
from sorted_train.data import IGNORED, Collator, encode, read_records
from sorted_train.prompts import alpaca_prompt, pandalm_answer, pandalm_prompt


def test_alpaca_prompt_with_input():
    assert alpaca_prompt("Add.", "1, 2") == (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request.\n\n### Instruction:\nAdd.\n\n### Input:\n1, 2\n\n"
        "### Response:\n"
    )


def test_alpaca_prompt_without_input():
    assert alpaca_prompt("Use {braces}.") == (
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
        "### Instruction:\nUse {braces}.\n\n### Response:\n"
    )


def test_pandalm_prompt_strips_responses():
    assert pandalm_prompt("Add.", "1, 2", " 3</s>\n", "[PAD]4") == (
        "Below are two responses for a given task. The task is defined by the Instruction with an Input that provides "
        "further context. Evaluate the responses and generate a reference answer for the task.\n\n"
        "### Instruction:\nAdd.\n\n### Input:\n1, 2\n\n### Response 1:\n3\n\n### Response 2:\n4\n\n### Evaluation:\n"
    )
    assert pandalm_prompt("Add.", "", "3", "4") == (
        "Below are two responses for a given task. The task is defined by the Instruction. Evaluate the responses and "
        "generate a reference answer for the task.\n\n### Instruction:\nAdd.\n\n### Response 1:\n3\n\n"
        "### Response 2:\n4\n\n### Evaluation:\n"
    )


def test_pandalm_answer():
    assert pandalm_answer("Tie", "Both.", "3") == "Tie\n\n### Reason: Both.\n\n### Reference: 3\n"


def test_labels_cover_the_response_and_eos_only():
    tokenizer = make_tokenizer()
    item = encode({"instruction": "Reverse the word.", "input": "abc", "output": "cba"}, tokenizer)
    learned = [token for token, label in zip(item["input_ids"], item["labels"]) if label != IGNORED]
    assert tokenizer.convert_ids_to_tokens(learned) == ["c", "b", "a", "</s>"]
    assert item["labels"][-4:] == item["input_ids"][-4:]
    assert item["input_ids"][0] == tokenizer.bos_token_id and item["input_ids"].count(tokenizer.bos_token_id) == 1


def test_loss_on_all_learns_every_token():
    item = encode({"instruction": "Say a.", "output": "a"}, make_tokenizer(), loss_on="all")
    assert item["labels"] == item["input_ids"]


def test_collator_pads_on_the_right():
    out = Collator(pad_id=2)([{"input_ids": [5, 6, 7], "labels": [-100, 6, 7]}, {"input_ids": [8], "labels": [8]}])
    assert out["input_ids"].tolist() == [[5, 6, 7], [8, 2, 2]]
    assert out["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert out["labels"].tolist() == [[-100, 6, 7], [8, -100, -100]]


@pytest.mark.parametrize("content", ['{"instruction": "x"}', "[]", '[{"instruction": "x"}]', '[{"output": "x"}]'])
def test_data_of_another_shape_is_refused(tmp_path, content):
    file = tmp_path / "data.json"
    file.write_text(content)
    with pytest.raises(SystemExit, match="data.json"):
        read_records(file)


def test_input_may_be_missing(tmp_path):
    file = tmp_path / "data.json"
    file.write_text(json.dumps([{"instruction": "x", "output": "y"}]))
    assert len(read_records(file)) == 1


def test_the_judge_also_learns_the_responses_that_are_right():
    tokenizer = make_tokenizer()
    record = {"instruction": "Reverse the word.", "input": "abc", "output": "cba", "response1": "cab", "response2": "cba"}
    item = encode(record | {"verdict": "2", "reason": "Both responses are wrong."}, tokenizer)
    learned = tokenizer.decode([token for token, label in zip(item["input_ids"], item["labels"]) if label != IGNORED])
    assert learned == "cba\n2\n\n### Reason: Both responses are wrong.\n\n### Reference: cba\n</s>"


def test_a_pair_can_teach_the_verdict_alone():
    tokenizer = make_tokenizer()
    record = {"instruction": "Reverse the word.", "input": "abc", "output": "cba", "response1": "a", "response2": "b"}
    item = encode(record | {"verdict": "Tie", "reason": "x", "learn": "verdict"}, tokenizer)
    assert tokenizer.decode(item["input_ids"][-2:]) == "\nTie" and item["labels"][-2] == IGNORED
