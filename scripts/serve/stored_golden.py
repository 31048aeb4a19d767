"""Write some of the nano run's stored KL values and likelihoods, which the harness's own engine computed, as a golden file.

    node -e "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync('test/golden/nano-8389566.db.br')))" > nano.db
    python scripts/serve/stored_golden.py nano.db eval-data/nano/data/test.json test/golden/nano-stored.json
"""

import json
import sqlite3
import sys
from pathlib import Path

INSTRUCTIONS = 3  # the first ones of the file

CURVES = """
  SELECT model, exit, reference_model, reference_exit, token_ids, kl_key
  FROM kl_curve JOIN kl USING (kl_key) JOIN generation USING (response_key)
  WHERE instruction_id = ? ORDER BY curve, exit
"""
VALUES = "SELECT kl_nats FROM kl_value WHERE kl_key = ? ORDER BY position"
LIKELIHOODS = """
  SELECT DISTINCT answer.model, answer.exit, sub_model.model, sub_model.exit, token_ids, likelihood.tokens, mean_log_probability
  FROM answer JOIN likelihood USING (response_key) JOIN generation USING (response_key)
  JOIN sub_model ON sub_model.sub_model_key = likelihood.reference_key
  WHERE answer.instruction_id = ? AND likelihood.tokens > 0 ORDER BY 1, 2, 3, 4
"""


def main() -> None:
    results, records, out = map(Path, sys.argv[1:])
    database = sqlite3.connect(results)
    lines = []
    for index, record in enumerate(json.loads(records.read_text())[:INSTRUCTIONS]):
        own = instruction_id(database, record)
        lines += [kl_case(database, index, row) for row in database.execute(CURVES, [own])]
        lines += [likelihood_case(index, row) for row in database.execute(LIKELIHOODS, [own])]
    text = ",\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    out.write_text(f'{{"cases": [\n{text}\n]}}\n')


def instruction_id(database: sqlite3.Connection, record: dict) -> str:
    found = "SELECT instruction_id FROM instruction WHERE instruction = ? AND input = ?"
    return database.execute(found, [record["instruction"], record.get("input", "")]).fetchone()[0]


def kl_case(database: sqlite3.Connection, index: int, row: tuple) -> dict:
    model, exit, reference, reference_exit, ids, key = row
    values = [value for (value,) in database.execute(VALUES, [key])]
    names = {"model": model, "exit": exit, "reference": f"{reference}@{reference_exit}"}
    return {"instruction": index} | names | {"answer_ids": json.loads(ids), "kl_nats": values}


def likelihood_case(index: int, row: tuple) -> dict:
    answered, answered_exit, model, exit, ids, tokens, mean = row
    names = {"answered": f"{answered}@{answered_exit}", "model": model, "exit": exit}
    return {"instruction": index} | names | {"answer_ids": json.loads(ids)[:tokens], "mean_log_probability": mean}


if __name__ == "__main__":
    main()
