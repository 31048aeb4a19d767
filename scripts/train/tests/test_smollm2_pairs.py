"""Labels hold by construction, both orders agree, and no instruction is both trained on and held out."""

import sqlite3

import pytest

from smollm2_pairs import held_out, judge_records, labelled, read_answers, repeated
from sorted_train.prompts import record_prompt

RECORDS = [
    {"instruction": f"Task {n}", "input": "", "output": f"The answer to task {n} has these words in this order."} for n in range(60)
]
TEXTS = {"soft": {9: "and and and", 30: "The answer"}, "sft": {9: "x x", 12: "y y", 30: "A right one."}}
WRITTEN = {(f"Task {n}", ""): TEXTS for n in range(0, 60, 2)}


@pytest.fixture(scope="module")
def questions():
    return judge_records(RECORDS, WRITTEN, pairs_a_record=40, shorten=shorten)


def shorten(text):
    return text[:30]


def text_of(question, side):
    return question[f"response{side}"]


def test_every_pair_stands_in_both_orders_with_swapped_verdicts(questions):
    for first, second in zip(questions[::2], questions[1::2]):
        assert (text_of(first, 1), text_of(first, 2)) == (text_of(second, 2), text_of(second, 1))
        assert (first["verdict"], second["verdict"]) in {("1", "2"), ("Tie", "Tie")}
        assert first["learn"] == second["learn"]


def test_the_better_side_is_the_records_response_or_the_deeper_exit(questions):
    for question in questions:
        if question["verdict"] == "Tie":
            assert question["kind"] == "astray" or text_of(question, 1) == text_of(question, 2)
            continue
        better, worse = text_of(question, question["verdict"]), text_of(question, "21"[int(question["verdict"]) - 1])
        if question["kind"] == "depth":
            exits = [(a, b) for texts in TEXTS.values() for a in texts for b in texts if (texts[a], texts[b]) == (better, worse)]
            assert exits and all(a == 30 and a - b >= 6 for a, b in exits)
        else:
            if question["kind"] == "reference":
                assert worse not in {texts[30] for texts in TEXTS.values()}
            assert better in (question["output"], shorten(question["output"])) and better != worse


def test_verdict_and_reason_name_the_same_side(questions):
    for question in questions:
        if question["verdict"] != "Tie":
            first_named = question["reason"].split("Response ")[1][0]
            assert first_named == question["verdict"]


def test_some_responses_of_records_are_shortened_and_some_not(questions):
    shown = {text_of(q, q["verdict"]) == shorten(q["output"]) for q in questions if q["verdict"] != "Tie" and q["kind"] != "depth"}
    assert shown == {True, False}


def test_answered_records_have_pairs_of_every_kind_and_others_none(questions):
    assert {q["kind"] for q in questions} == {"reference", "depth", "other", "cut", "shuffled", "repeated", "equal", "astray"}
    assert {q["instruction"] for q in questions} == {instruction for instruction, _ in WRITTEN}


def test_no_instruction_is_on_both_sides(questions):
    trained = {q["instruction"] for q in questions if not held_out(q)}
    tested = {q["instruction"] for q in questions if held_out(q)}
    assert trained and tested and not trained & tested


def test_labels_are_in_pandalms_form(questions):
    for question in questions[:40]:
        row = labelled(3, question)
        assert row["idx"] == 3
        assert {row["annotator1"], row["annotator2"], row["annotator3"]} == {{"1": 1, "2": 2, "Tie": 0}[question["verdict"]]}
        assert "### Response 1:\n" + row["response1"] in record_prompt(question)


def test_repetition_repeats():
    import random

    for seed in range(50):
        words = repeated(random.Random(seed), [f"w{n}" for n in range(9)]).split()
        assert len(set(words)) <= 4 < len(words)


def test_reads_texts_of_a_results_file(tmp_path):
    file = tmp_path / "results.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE responses (instruction, input, model, exit, text)")
        db.executemany("INSERT INTO responses VALUES (?, ?, ?, ?, ?)", [("a", "", "sft", 9, "x"), ("a", "", "sft", 12, None)])
    assert {key: {m: dict(e) for m, e in v.items()} for key, v in read_answers(file).items()} == {("a", ""): {"sft": {9: "x"}}}
