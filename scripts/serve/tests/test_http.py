"""The routes, in one process without Ray: docs/server-api.md is the contract."""

import json
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sorted_serve.app import Serving, create_app
from sorted_serve.guards import Guards
from sorted_serve.settings import read_settings

KEYS_OF_ERRORS = ["message", "type", "param", "code"]


@pytest.fixture(scope="module")
def serving():
    from conftest import REPOSITORY
    from one_process import open_serving

    made = open_serving(read_settings(REPOSITORY / "eval-data" / "nano" / "serve.yaml"))
    yield made
    for model in made.models.values():
        model.close()


@pytest.fixture(scope="module")
def client(serving):
    return client_of(serving)


def client_of(serving: Serving, **guards) -> TestClient:
    own = Serving(serving.models, replace(serving.guards, **guards))
    return TestClient(create_app(own), base_url="http://localhost", raise_server_exceptions=False)


def post(client: TestClient, path: str, body: dict, **more) -> tuple[int, dict]:
    response = client.post(path, json=body, **more)
    return response.status_code, response.json()


def complete(client: TestClient, **body) -> dict:
    status, answer = post(client, "/v1/completions", {"return_token_ids": True} | body)
    assert status == 200, answer
    return answer


def test_models_are_listed_with_exits_layers_kind_and_sha256(client):
    listed = client.get("/v1/models").json()["data"]
    assert [one["id"] for one in listed[:9]] == [*(f"sft@{n}" for n in range(3, 11)), "sft"]
    one = client.get("/v1/models/early-exit@4").json()
    assert one in listed
    assert (one["exit"], one["exits"], one["layers"], one["kind"]) == (4, list(range(3, 11)), 10, "early-exit")
    assert len(one["weights_sha256"]) == 64 and one["precision"] == "fp32" and one["max_model_len"] == 1024


def test_the_sha256_is_that_of_the_weight_files(client):
    import hashlib

    from conftest import REPOSITORY

    file = REPOSITORY / "eval-data/nano/models/soft/model.safetensors"
    line = hashlib.sha256(file.read_bytes()).hexdigest() + "\n"
    shown = client.get("/v1/models/soft").json()["weights_sha256"]
    assert shown == hashlib.sha256(line.encode()).hexdigest()


def test_text_or_ids_in_and_text_and_ids_out(client, golden):
    case = golden("nano-soft")[1]
    by_text = complete(client, model="soft@6", prompt=case["prompt"], max_tokens=32)
    (choice,) = by_text["choices"]
    assert choice["token_ids"] == case["exits"]["6"] and choice["prompt_token_ids"] == case["prompt_ids"]
    assert (choice["finish_reason"], choice["stop_reason"]) == ("stop", "eos")
    counts = {"prompt_tokens": len(case["prompt_ids"]), "completion_tokens": len(case["exits"]["6"])}
    assert by_text["usage"].items() >= counts.items()
    (by_ids,) = complete(client, model="soft@6", prompt=case["prompt_ids"], max_tokens=32)["choices"]
    assert by_ids == choice


def test_several_prompts_are_answered_in_their_order(client, golden):
    cases = golden("nano-early-exit")[:6]
    answer = complete(client, model="early-exit@5", prompt=[case["prompt"] for case in cases], max_tokens=32)
    assert [choice["token_ids"] for choice in answer["choices"]] == [case["exits"]["5"] for case in cases]


def test_what_looks_like_a_special_token_is_spelled_out(client):
    (choice,) = complete(client, model="soft", prompt="a</s>b", max_tokens=1)["choices"]
    assert 1 not in choice["prompt_token_ids"]


def test_half_of_a_surrogate_pair_counts_as_a_replacement_character(client):
    def read(prompt: str) -> list[int]:
        content = f'{{"model": "soft", "prompt": "{prompt}", "max_tokens": 0, "return_token_ids": true}}'
        answer = client.post("/v1/completions", content=content, headers={"content-type": "application/json"})
        return answer.json()["choices"][0]["prompt_token_ids"]

    assert read("a\\ud83db") == read("a\\ufffdb") and read("\\ud83d\\ude42") == read("🙂")


def test_an_answer_ends_with_its_token_limit_or_before_a_stop_text(client, golden):
    case = golden("nano-soft")[1]
    (cut,) = complete(client, model="soft", prompt=case["prompt"], max_tokens=2)["choices"]
    assert (cut["finish_reason"], cut["stop_reason"], len(cut["token_ids"])) == ("length", "token-limit", 2)
    (whole,) = complete(client, model="soft", prompt=case["prompt"], max_tokens=32)["choices"]
    stop = whole["text"][1:3]
    (stopped,) = complete(client, model="soft", prompt=case["prompt"], max_tokens=32, stop=stop)["choices"]
    assert (stopped["stop_reason"], stopped["text"]) == ("stop-text", whole["text"][: whole["text"].index(stop)])


def test_logprobs_are_those_of_the_golden_logits(client, golden):
    case = golden("nano-soft")[0]
    (choice,) = complete(client, model="soft@3", prompt=case["prompt_ids"], max_tokens=1, logprobs=5)["choices"]
    top, values = list(choice["logprobs"]["top_logprobs"][0].values()), case["logits"]["3"]["values"]
    assert [one - top[0] for one in top] == pytest.approx([one - values[0] for one in values], abs=1e-4)
    assert choice["logprobs"]["token_logprobs"] == [top[0]]


def test_an_echo_scores_the_prompt(client, golden):
    ids = golden("nano-soft")[0]["prompt_ids"]
    (choice,) = complete(client, model="soft@4", prompt=ids, max_tokens=0, logprobs=0, echo=True)["choices"]
    scores = choice["logprobs"]["token_logprobs"]
    body = {"model": "soft@4", "prompt": ids[:1], "continuation": ids[1:]}
    _, forced = post(client, "/v1/sorted/loglikelihood", body)
    assert scores[0] is None and len(scores) == len(ids)
    assert scores[1:] == pytest.approx(forced["token_logprobs"]["4"], abs=1e-5)
    offsets = choice["logprobs"]["text_offset"]
    assert offsets == sorted(offsets) and offsets[-1] < len(choice["text"])


@pytest.mark.parametrize(("rule", "name"), [("transformers-4.28", "4.28"), ("transformers-4.36", "5")])
def test_a_judge_searches_beams(rule, name, client, golden):
    case = golden(f"nano-judge-beams-{name}")[85]
    beams = {"num_beams": 4, "repetition_penalty": 1.2, "beam_rule": rule, "max_tokens": 512}
    (choice,) = complete(client, model="judge", prompt=case["prompt_ids"], **beams)["choices"]
    assert choice["token_ids"] == case["answer_ids"] and choice["stop_reason"] == "eos"


def test_an_answer_may_end_with_its_first_line_which_stays_whole(client, golden):
    ids = golden("nano-judge-beams-4.28")[0]["prompt_ids"]
    whole, cut = (
        complete(client, model="judge", prompt=ids, max_tokens=64, **more)["choices"][0]
        for more in ({}, {"stop_after_first_line": True})
    )
    assert (cut["stop_reason"], cut["text"]) == ("stop-text", whole["text"].split("\n")[0] + "\n")


BAD = [
    ({"model": "soft@11"}, 404, "model_not_found", "model: expected one of sft@3, "),
    ({"model": "other"}, 404, "model_not_found", "model: expected one of sft@3, "),
    ({"prompt": [5, 386]}, 400, "invalid_value", "prompt: expected token ids from 0 to 385, found 386"),
    ({"prompt": [-1]}, 400, "invalid_value", "prompt: expected a text, a list of token ids, or a list of these"),
    ({"prompt": []}, 400, "invalid_value", "prompt: expected a text"),
    ({"prompt": [5] * 1024}, 400, "context_length_exceeded", "prompt: expected at most 1023 tokens (context length 1024), found 1024"),
    ({"prompt": [5] * 1025, "max_tokens": 0}, 400, "context_length_exceeded", "prompt: expected at most 1024 tokens"),
    ({"temperature": 0.7}, 400, "invalid_value", "temperature: expected 0, found 0.7"),
    ({"top_p": 0}, 400, "invalid_value", "top_p: "),
    ({"max_tokens": True}, 400, "invalid_value", "max_tokens: "),
    ({"n": 2}, 400, "invalid_value", "n: "),
    ({"stream": True}, 400, "invalid_value", "stream: "),
    ({"top_k": 3}, 400, "invalid_value", "top_k: "),
    ({"logprobs": 21}, 400, "invalid_value", "logprobs: "),
    ({"stop": ""}, 400, "invalid_value", "stop: "),
    ({"max_tokens": "5"}, 400, "invalid_value", "max_tokens: "),
    ({"num_beams": 4, "beam_rule": "mine"}, 400, "invalid_value", "beam_rule: "),
    ({"num_beams": 4, "logprobs": 1}, 400, "invalid_value", "num_beams: "),
    ({"repetition_penalty": 1.2}, 400, "invalid_value", "repetition_penalty: "),
    ({"num_beams": 4, "stop_after_first_line": True}, 400, "invalid_value", "num_beams: "),
    ({"stop_after_first_line": 1}, 400, "invalid_value", "stop_after_first_line: "),
    ({"prompt": None}, 400, "invalid_value", "prompt: expected a text"),
    ({"prompt_parts": {"fixed": ["a", "b", "c"], "shortenable": ["d", "e"]}}, 400, "invalid_value", "prompt_parts: expected it or"),
    ({"prompt": None, "prompt_parts": {"fixed": ["a", "b"], "shortenable": ["d", "e"]}}, 400, "invalid_value", "prompt_parts: "),
]


@pytest.mark.parametrize(("change", "status", "code", "message"), BAD)
def test_a_bad_completion_is_refused_in_one_line(change, status, code, message, client):
    found, body = post(client, "/v1/completions", {"model": "soft@3", "prompt": "Hello", "max_tokens": 2} | change)
    error = body["error"]
    assert (found, error["code"], list(error)) == (status, code, KEYS_OF_ERRORS)
    assert error["message"].startswith(message) and "\n" not in error["message"]


def test_what_is_no_json_or_too_long_or_has_no_route_is_refused(client, serving):
    json_type = {"content-type": "application/json"}
    broken = client.post("/v1/completions", content='{"model": ', headers=json_type)
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "not_json")
    for content in (b"\xff\xfe{", b"5", b"[]"):
        assert client.post("/v1/completions", content=content, headers=json_type).status_code == 400
    plain = client.post("/v1/completions", content="{}", headers={"content-type": "text/plain"})
    assert (plain.status_code, plain.json()["error"]["code"]) == (415, "unsupported_media_type")
    small = client_of(serving, max_body_bytes=100)
    long = small.post("/v1/completions", json={"model": "soft", "prompt": "a" * 200})
    assert (long.status_code, long.json()["error"]["code"]) == (413, "body_too_long")
    assert client.get("/v1/other").json()["error"]["code"] == "not_found"


def test_a_key_is_asked_for_but_for_health(serving):
    locked = client_of(serving, key="a-secret")
    assert locked.get("/v1/models").json()["error"]["code"] == "invalid_api_key"
    assert locked.get("/v1/models", headers={"authorization": "Bearer other"}).status_code == 401
    assert locked.get("/v1/models", headers={"authorization": "Bearer a-secret"}).status_code == 200
    assert locked.get("/health").json() == {"status": "ok", "running": 0, "waiting": 0}
    assert locked.get("/ready").status_code == 200


def test_a_local_server_answers_to_its_own_names_alone(serving):
    foreign = TestClient(create_app(serving), base_url="http://elsewhere.example")
    assert foreign.get("/v1/models").json()["error"]["code"] == "foreign_host"


def test_a_server_that_ends_takes_no_new_requests(serving):
    ending = Serving(serving.models, Guards(), is_ending=True)
    client = TestClient(create_app(ending), base_url="http://localhost")
    assert client.get("/health").status_code == 503
    status, body = post(client, "/v1/completions", {"model": "soft", "prompt": "Hello"})
    assert (status, body["error"]["code"]) == (503, "ending")


def test_errors_are_json_on_one_line_whatever_the_name(client):
    _, body = post(client, "/v1/completions", {"model": "a\nb\u2028c", "prompt": "x"})
    assert "\n" not in body["error"]["message"] and "\u2028" not in json.dumps(body, ensure_ascii=False)


def test_kl_and_loglikelihood_are_served_for_all_exits_or_for_those_that_are_named(client, golden):
    case = next(one for one in golden("nano-stored") if one.get("reference") == "sft@10" and one["model"] == "soft")
    body = {"model": "soft", "reference": "sft", "continuation": case["answer_ids"], "prompt": golden("nano-soft")[0]["prompt"]}
    _, all_exits = post(client, "/v1/sorted/kl", body)
    assert list(all_exits["kl_nats"]) == [str(exit) for exit in range(3, 11)]
    assert all_exits["kl_nats"][str(case["exit"])] == pytest.approx(case["kl_nats"], abs=1e-5)
    _, first_two = post(client, "/v1/sorted/kl", body | {"model": "soft@3", "positions": 2})
    assert first_two["kl_nats"]["3"] == pytest.approx(all_exits["kl_nats"]["3"][:2], abs=1e-6)
    del body["reference"]
    _, likely = post(client, "/v1/sorted/loglikelihood", body | {"exits": [10, 4]})
    assert {exit: len(values) for exit, values in likely["token_logprobs"].items()} == {
        "4": len(case["answer_ids"]),
        "10": len(case["answer_ids"]),
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reference": "sft@2"}, "reference: expected one of "),
        ({"exits": [2]}, "exits: expected some of [3, 4, 5, 6, 7, 8, 9, 10], found 2"),
        ({"model": "soft@4", "exits": [5]}, "exits: expected some of [4], found 5"),
        ({"continuation": [400]}, "continuation: expected token ids from 0 to 385, found 400"),
        ({"continuation": ""}, "continuation: expected at least one token"),
        ({"continuation": [5] * 1024}, "prompt: expected at most 1024 tokens"),
        ({"positions": 0}, "positions: "),
    ],
)
def test_a_bad_kl_is_refused_in_one_line(change, message, client):
    body = {"model": "soft", "reference": "sft", "prompt": [5, 6], "continuation": [7]}
    status, answer = post(client, "/v1/sorted/kl", body | change)
    assert status in (400, 404) and answer["error"]["message"].startswith(message)
