"""Pairs with a known better side, to train and to measure a judge for language on: SmolLM2's judge.

    python scripts/train/smollm2_pairs.py --tokenizer BASE --records DATA/train.json --answers answers.db --out DATA

Every label holds by construction; none comes from a model that scores, and no pair sets one trained model against another:
that is what the judge will be asked about. Kinds, and which side is better:

    reference   the record's response, against what an exit below the last wrote
    depth       what the last exit of a model wrote, against an exit at least a fifth of the depth below it
    other       the record's response, against another record's
    cut         ..., against its own first third
    shuffled    ..., against its own words in another order
    repeated    ..., against a few of its words again and again
    equal       neither (Tie): the same text twice
    astray      neither (Tie): two other records' responses

Two equal texts are a Tie whatever their kind. In three quarters of the pairs records' responses end after --response-tokens, as
exits' answers do, so that the longer or the finished response is not the better one for that alone. Every pair stands in both orders. Writes judge-train.json (for train.py: PandaLM's prompt,
verdict, reason and reference), judge-verdicts.json (the same pairs, all for the verdict alone) and judge-held-out.json (for `sorted-eval agreement`: PandaLM's form of labelled pairs), with no
instruction in both. --answers is the results file of a sweep over the records: texts of its view responses.
"""

import argparse
import hashlib
import json
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sorted_train.data import read_records, record_answer
from sorted_train.prompts import record_prompt

SEED = "smollm2 judge"
HELD_OUT_EVERY = 8  # instructions
SHORTENED = 0.75  # share of the pairs whose records' responses end where answers of exits do
VERDICT_ONLY = 0.8  # share of the pairs that teach the verdict alone: it is one token of some fifty of an answer
DEPTH_GAP = 0.2  # of the layers; closer exits write too much alike for "deeper is better" to hold
WEIGHTS = {"reference": 6, "depth": 6, "other": 2, "cut": 1, "shuffled": 2, "repeated": 1, "equal": 1, "astray": 1}
REASONS = {
    "reference": "Response {better} does what the instruction asks for. Response {worse} does not do it as well.",
    "depth": "Response {better} is closer to what the instruction asks for than Response {worse}.",
    "other": "Response {better} does what the instruction asks for. Response {worse} is about something else.",
    "cut": "Response {better} is complete. Response {worse} ends too early.",
    "shuffled": "Response {better} is written in sentences. The words of Response {worse} have no order.",
    "repeated": "Response {better} does what the instruction asks for. Response {worse} repeats itself.",
}
EQUAL_REASON = "Both responses are the same."
ASTRAY_REASON = "Neither response does what the instruction asks for."
Shorten = Callable[[str], str]
Answers = dict[tuple[str, str], dict[str, dict[int, str]]]  # (instruction, input) -> model -> exit -> text


@dataclass(frozen=True)
class Pair:
    kind: str
    better: str
    worse: str
    tie: bool = False  # neither is better


def main() -> None:
    args = parse_args()
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    records, answers = read_records(args.records), read_answers(args.answers)
    fits = lambda record: len(tokenizer(record_prompt(record) + record_answer(record)).input_ids) < args.max_length  # noqa: E731
    shorten = lambda text: tokenizer.decode(tokenizer(text).input_ids[: args.response_tokens])  # noqa: E731
    questions = [q for q in judge_records(records, answers, args.pairs, shorten) if fits(q)]
    train = [q for q in questions if not held_out(q)]
    tested = [q for q in questions if held_out(q)]
    train = random.Random(f"{SEED} order").sample(train, len(train))
    write(args.out / "judge-train.json", train)
    write(args.out / "judge-verdicts.json", [q | {"learn": "verdict"} for q in train])
    write(args.out / "judge-held-out.json", [labelled(place, q) for place, q in enumerate(tested)])
    for name, rows in (("train", train), ("held out", tested)):
        print(f"{len(rows)} {name}:", dict(Counter(q["kind"] for q in rows)), dict(Counter(q["verdict"] for q in rows)))


def read_answers(results: Path) -> Answers:
    answers: Answers = defaultdict(lambda: defaultdict(dict))
    with sqlite3.connect(f"file:{results}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT instruction, input, model, exit, text FROM responses WHERE text IS NOT NULL")
        for instruction, input, model, exit, text in rows:
            answers[instruction, input][model][exit] = text
    return answers


def judge_records(records: list[dict], answers: Answers, pairs_a_record: int, shorten: Shorten) -> list[dict]:
    """Both orders of some pairs of every answered record; a kind that the record has no texts for is not drawn."""
    questions = []
    for place, record in enumerate(records):
        written = answers.get((record["instruction"], record.get("input", "")))
        if not written:
            continue
        rng = random.Random(f"{SEED} {place}")
        for _ in range(pairs_a_record):
            makers = makers_of(rng, record, records, written, shorten if rng.random() < SHORTENED else str)
            kind = rng.choices(list(makers), [WEIGHTS[kind] for kind in makers])[0]
            learn = "verdict" if rng.random() < VERDICT_ONLY else "all"
            questions += [question | {"learn": learn} for question in both_orders(record, makers[kind]())]
    return questions


def makers_of(rng: random.Random, record: dict, records: list[dict], written: dict, shorten: Shorten) -> dict[str, Callable[[], Pair]]:
    right = shorten(record["output"].strip())
    words = right.split()
    elsewhere = lambda: shorten(rng.choice(records)["output"].strip())  # noqa: E731
    makers = {
        "other": lambda: Pair("other", right, elsewhere()),
        "equal": lambda: Pair("equal", right, right),
        "astray": lambda: Pair("astray", elsewhere(), elsewhere(), tie=True),
        "reference": lambda: Pair("reference", right, an_answer(rng, written)),
        "depth": lambda: deeper(rng, written),
    }
    if len(words) >= 6:
        makers |= {
            "cut": lambda: Pair("cut", right, " ".join(words[: len(words) // 3])),
            "shuffled": lambda: Pair("shuffled", right, " ".join(rng.sample(words, len(words)))),
            "repeated": lambda: Pair("repeated", right, repeated(rng, words)),
        }
    return makers


def repeated(rng: random.Random, words: list[str]) -> str:
    start, length = rng.randrange(len(words) - 3), rng.randint(1, 4)
    phrase = words[start : start + length]
    return " ".join(phrase * (rng.randint(20, 40) // length))


def an_answer(rng: random.Random, written: dict) -> str:
    by_exit = written[rng.choice(list(written))]
    return by_exit[rng.choice([n for n in by_exit if n < max(by_exit)])].strip()


def deeper(rng: random.Random, written: dict) -> Pair:
    by_exit = written[rng.choice(list(written))]
    deepest = max(by_exit)
    shallow = rng.choice([n for n in by_exit if deepest - n >= DEPTH_GAP * deepest])
    return Pair("depth", by_exit[deepest].strip(), by_exit[shallow].strip())


def both_orders(record: dict, pair: Pair) -> list[dict]:
    shown = {key: record.get(key, "") for key in ("instruction", "input", "output")} | {"kind": pair.kind}
    first, second = shown | {"response1": pair.better, "response2": pair.worse}, shown | {"response1": pair.worse, "response2": pair.better}
    if pair.better == pair.worse or pair.tie:
        reason = EQUAL_REASON if pair.better == pair.worse else ASTRAY_REASON
        return [question | {"verdict": "Tie", "reason": reason} for question in (first, second)]
    reason = REASONS[pair.kind]
    return [
        first | {"verdict": "1", "reason": reason.format(better=1, worse=2)},
        second | {"verdict": "2", "reason": reason.format(better=2, worse=1)},
    ]


def held_out(question: dict) -> bool:
    """By the instruction alone, so that no instruction is on both sides."""
    digest = hashlib.sha256(f"{SEED}\0{question['instruction']}".encode()).hexdigest()
    return int(digest, 16) % HELD_OUT_EVERY == 0


def labelled(place: int, question: dict) -> dict:
    """As a record of PandaLM's testset-v1.json, whose label is the majority of three people: 0 is a tie."""
    label = {"Tie": 0, "1": 1, "2": 2}[question["verdict"]]
    shown = {key: question[key] for key in ("instruction", "input", "response1", "response2")}
    return {"idx": place, "cmp_key": question["kind"]} | shown | {f"annotator{n}": label for n in (1, 2, 3)}


def write(file: Path, rows: list[dict]) -> None:
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--records", type=Path, required=True, help="training records; pairs are made of the answered ones")
    parser.add_argument("--answers", type=Path, required=True, help="results file with answers of exits to some of the records")
    parser.add_argument("--pairs", type=int, default=3, help="pairs a record, each in both orders")
    parser.add_argument("--max-length", type=int, default=512, help="tokens of prompt and answer; longer pairs are left out")
    parser.add_argument("--response-tokens", type=int, default=48, help="tokens of a shortened response")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
