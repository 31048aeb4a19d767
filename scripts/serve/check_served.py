"""Ask a running server of the nano models what is known: the golden ids at every exit, beams, KL, and what it must refuse.

    python scripts/serve/check_served.py http://127.0.0.1:8000/v1 --models soft judge [--kl] [--beams]

Many requests at a time, so that they share batches and replicas. Prints what differs; ends with code 1 where anything does.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[2] / "test" / "golden"
LONGEST = {"judge": 48}  # tokens of an answer in the golden file; of the others 32
REFUSED = (
    ("completions", {"model": "soft@11", "prompt": "x"}, 404, "model_not_found"),
    ("completions", {"model": "soft", "prompt": [100_000]}, 400, "invalid_value"),
    ("completions", {"model": "soft", "prompt": [5] * 1024}, 400, "context_length_exceeded"),
)


def main() -> int:
    args = parse_args()
    started = time.perf_counter()
    checks = [(check_ids, args.url, model, case, exit) for model, case, exit in asked(args.models)]
    checks += [(check_refusal, args.url, *one) for one in REFUSED if "soft" in args.models]
    if args.beams:
        checks += [(check_beams, args.url, rule, case) for rule, case in beam_cases()]
    if args.kl:
        checks += [(check_kl, args.url, case) for case in cases_of("nano-stored") if "kl_nats" in case and known(case, args)]
    with ThreadPoolExecutor(args.concurrency) as pool:
        problems = [one for one in pool.map(lambda check: check[0](*check[1:]), checks) if one]
    print("\n".join(problems[:20]))
    print(f"{len(checks) - len(problems)} of {len(checks)} as expected, {time.perf_counter() - started:.1f} s")
    return 1 if problems else 0


def check_ids(url: str, model: str, case: dict, exit: str) -> str | None:
    body = {"model": f"{model}@{exit}", "prompt": case["prompt_ids"], "max_tokens": LONGEST.get(model, 32), "return_token_ids": True}
    status, answer = post(url, "completions", body)
    found = answer["choices"][0]["token_ids"] if status == 200 else answer
    return None if found == case["exits"][exit] else f"{model}@{exit}: expected {case['exits'][exit]}, found {found}"


def check_beams(url: str, rule: str, case: dict) -> str | None:
    beams = {"num_beams": 4, "repetition_penalty": 1.2, "beam_rule": rule, "max_tokens": 512, "return_token_ids": True}
    status, answer = post(url, "completions", {"model": "judge", "prompt": case["prompt_ids"]} | beams)
    found = answer["choices"][0]["token_ids"] if status == 200 else answer
    return None if found == case["answer_ids"] else f"beams {rule}: expected {case['answer_ids']}, found {found}"


def check_kl(url: str, case: dict) -> str | None:
    prompt = cases_of("nano-soft")[case["instruction"]]["prompt_ids"]
    body = {"model": f"{case['model']}@{case['exit']}", "reference": case["reference"], "prompt": prompt}
    status, answer = post(url, "sorted/kl", body | {"continuation": case["answer_ids"]})
    found = answer["kl_nats"][str(case["exit"])] if status == 200 else []
    worst = max((abs(a - b) for a, b in zip(found, case["kl_nats"])), default=9)
    return None if worst < 1e-5 else f"KL of {body['model']} from {case['reference']}: off by {worst}, {answer}"


def check_refusal(url: str, path: str, body: dict, status: int, code: str) -> str | None:
    found, answer = post(url, path, body)
    is_right = (found, answer.get("error", {}).get("code")) == (status, code)
    return None if is_right else f"{path}: expected {status} {code}, found {found} {answer}"


def post(url: str, path: str, body: dict) -> tuple[int, dict]:
    request = urllib.request.Request(f"{url}/{path}", json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=300) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        return error.code, json.loads(text) if text.startswith("{") else {"text": text[:300]}


def asked(models: list[str]) -> list[tuple[str, dict, str]]:
    return [(model, case, exit) for model in models for case in cases_of(f"nano-{model}") for exit in case["exits"]]


def beam_cases() -> list[tuple[str, dict]]:
    rules = {"transformers-4.28": "4.28", "transformers-4.36": "5"}
    return [(rule, case) for rule, name in rules.items() for case in cases_of(f"nano-judge-beams-{name}")]


def known(case: dict, args: argparse.Namespace) -> bool:
    return {case["model"], case["reference"].split("@")[0]} <= set(args.models)


def cases_of(name: str) -> list[dict]:
    return json.loads((GOLDEN / f"{name}.json").read_text())["cases"]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="ends with /v1")
    parser.add_argument("--models", nargs="+", default=["sft", "soft", "judge"])
    parser.add_argument("--kl", action="store_true")
    parser.add_argument("--beams", action="store_true", help="of the judge")
    parser.add_argument("--concurrency", type=int, default=64)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
