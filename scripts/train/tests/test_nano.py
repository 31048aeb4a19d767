"""The nano data: splits that do not leak, and a tokenizer that spells arguments."""

import json
import random

import pytest

from nano import words
from nano.families import FAMILIES
from nano.judge_model import RIGHT_SO_FAR, VERDICT_NEXT, WRONG_SO_FAR, encode_checked
from nano.judge_stages import is_easy
from nano.generate import SIZES, held_out_records, training_records
from nano.near_miss import near_miss
from nano.reasons import verdict_and_reason
from nano.tokenizer import make_tokenizer, template_words
from sorted_train.prompts import record_prompt

OPEN_WORD_FAMILIES = ("reverse", "uppercase", "first letter", "last letter", "count vowels")


@pytest.fixture(scope="module")
def splits():
    return {"train": training_records("train", 4000), **{s: held_out_records(s, SIZES[s]) for s in ("validation", "test")}}


def questions(records):
    return {(r["instruction"], r["input"]) for r in records}


def test_test_has_170_instructions_evenly_over_the_families(splits):
    counts = [sum(r["category"] == family.name for r in splits["test"]) for family in FAMILIES]
    assert sum(counts) == 170 == len(questions(splits["test"])) and max(counts) - min(counts) <= 1
    assert len(FAMILIES) >= 15


def test_committed_splits_share_no_question(repository):
    data = {s: json.loads((repository / f"eval-data/nano/data/{s}.json").read_text()) for s in SIZES}
    assert {s: len(records) for s, records in data.items()} == SIZES
    asked = {side: questions(records) for side, records in data.items()}
    assert not asked["train"] & asked["test"]
    assert not asked["train"] & asked["validation"]
    assert not asked["validation"] & asked["test"]


def test_committed_data_is_what_the_generator_makes(repository):
    for side in ("validation", "test"):
        committed = json.loads((repository / f"eval-data/nano/data/{side}.json").read_text())
        assert committed == held_out_records(side, SIZES[side])


def test_pretraining_and_judge_text_is_train_side_too(splits):
    asked = questions(splits["test"]) | questions(splits["validation"])
    for name in ("pretrain", "judge fresh", "judge answered"):
        assert not questions(training_records(name, 4000)) & asked


def test_words_of_the_sides_are_disjoint():
    sides = [set(words.words_of(side, template_words())) for side in words.SIDES]
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]
    assert min(map(len, sides)) > 300


def test_closed_facts_of_test_are_known_in_training():
    for family in (f for f in FAMILIES if f.table):
        records = [r for r in training_records("train", 30_000) if r["category"] == family.name]
        assert {r["output"] for r in records} == set(family.table.values()), family.name


def test_answers_are_right():
    for record in training_records("check", 3000):
        match record["category"]:
            case "reverse":
                assert record["output"][::-1] in record["instruction"] + record["input"]
            case "uppercase":
                assert record["output"].lower() in record["instruction"] + record["input"]
            case "sort numbers":
                numbers = [int(n) for n in record["output"].split(", ")]
                assert numbers == sorted(numbers) and str(numbers[0]) in record["instruction"] + record["input"]
            case "add" if record["input"] and "," in record["input"]:
                assert int(record["output"]) == sum(map(int, record["input"].split(", ")))
            case "subtract":
                assert int(record["output"]) >= 0


def test_generating_twice_gives_the_same_records(splits):
    assert training_records("train", 4000) == splits["train"]


def test_arguments_stay_spelled(splits):
    """Every token of the word in a letter task is one character."""
    tokenizer = make_tokenizer()
    for record in splits["test"]:
        if record["category"] in OPEN_WORD_FAMILIES and record["input"]:
            assert tokenizer.tokenize(record["input"]) == list(record["input"])
            prompt = tokenizer.tokenize(record_prompt(record))  # ends with Ċ Ċ ### ĠResponse : Ċ
            assert prompt[-6 - len(record["input"]) :][: len(record["input"])] == list(record["input"])


@pytest.mark.parametrize("text", ["Reverse the word.", " two  spaces\n\n\ttab", "naïve 你好 🙂", "12 + 30, reverse reversed", ""])
def test_any_text_survives_the_tokenizer(text):
    tokenizer = make_tokenizer()
    assert tokenizer.decode(tokenizer(text)["input_ids"], skip_special_tokens=True) == text


def test_template_words_are_one_token():
    tokenizer = make_tokenizer()
    assert tokenizer.tokenize("### Instruction:\nReverse the word.") == [
        "###", "ĠInstruction", ":", "Ċ", "Reverse", "Ġthe", "Ġword", ".",
    ]  # fmt: skip


@pytest.mark.parametrize("right", ["7", "42", "a", "dica", "SNOW", "3, 17, 45", "cat cat", "nun, snow, veg", "aa"])
def test_a_near_miss_is_wrong(right):
    rng = random.Random(0)
    assert all(near_miss(rng, right) not in (right,) for _ in range(200))


def test_verdict_names_the_right_response():
    assert verdict_and_reason(True, False) == ("1", "Response 1 is correct and Response 2 is not.")
    assert verdict_and_reason(False, True) == ("2", "Response 2 is correct and Response 1 is not.")
    assert verdict_and_reason(True, True)[0] == verdict_and_reason(False, False)[0] == "Tie"


def test_every_response_token_is_checked_against_the_right_answer():
    record = {"instruction": "Reverse the word.", "input": "abc", "output": "cba", "response1": "cab", "response2": "cba"}
    item = encode_checked(record | {"verdict": "2", "reason": "x", "learn": "verdict"}, make_tokenizer())
    right, wrong = RIGHT_SO_FAR, WRONG_SO_FAR
    assert [c for c in item["checks"] if c != -100] == [right, wrong, wrong, wrong, right, right, right, right, VERDICT_NEXT]
    assert len(item["checks"]) == len(item["input_ids"]) and item["checks"][-2] == VERDICT_NEXT


def test_easy_pairs_are_wrong_from_the_first_letter():
    assert is_easy({"output": "cba", "response1": "abc", "response2": "cba"})
    assert not is_easy({"output": "cba", "response1": "cab", "response2": "cba"})
