"""No tested instruction, no repeated record and nothing too long is trained on."""

from smollm2_data import instruction_key, select, split


def record(instruction, output="yes", input=""):
    return {"instruction": instruction, "input": input, "output": output}


def words(text):
    return len(text.split())


def test_leaves_out_by_reason():
    records = [
        record("Say yes."),
        record("say  YES. "),
        record("Say yes.", input="now"),
        record("Name a  Test."),
        record("Empty", output=" "),
        record("Long", output="word " * 60),
    ]
    kept, left_out = select(records, {instruction_key(record("name a test."))}, words, max_length=100)
    assert [(r["instruction"], r["input"]) for r in kept] == [("Say yes.", ""), ("Say yes.", "now")]
    assert left_out == {"repeated": 1, "tested": 1, "empty": 1, "long": 1}


def test_split_does_not_depend_on_the_other_records():
    records = [record(f"Task {n}") for n in range(400)]
    whole = split(records, 20)
    assert len(whole["train"]) + len(whole["validation"]) == 400
    assert 5 <= len(whole["validation"]) <= 40
    assert split(records[200:], 20)["validation"] == [r for r in whole["validation"] if r in records[200:]]
