"""The server as a process: it starts, refuses bad files in one line, and ends gracefully."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import one_process
import pytest
import torch
from conftest import REPOSITORY, SERVE


def start(file) -> subprocess.Popen:
    command = [sys.executable, SERVE / "one_process.py", file, "--threads", "1"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def settings_file(folder, text: str):
    file = folder / "serve.yaml"
    file.write_text(text.replace("NANO", str(REPOSITORY / "eval-data/nano/models")))
    return file


def test_what_was_accepted_is_answered_when_the_server_ends(tmp_path):
    process = start(settings_file(tmp_path, "port: 0\nmodels: { soft: { path: NANO/soft } }\n"))
    url = process.stdout.readline().strip()
    body = {"model": "soft", "prompt": [5] * 8, "max_tokens": 1000, "num_beams": 8, "repetition_penalty": 3.0, "return_token_ids": True}
    request = urllib.request.Request(f"{url}/completions", json.dumps(body).encode(), {"content-type": "application/json"})
    answers = []
    asking = threading.Thread(target=lambda: answers.append(json.load(urllib.request.urlopen(request, timeout=60))))
    asking.start()
    health = url.replace("/v1", "/health")
    while json.load(urllib.request.urlopen(health))["running"] == 0 and not answers:
        pass
    process.send_signal(signal.SIGTERM)
    asking.join(60)
    assert process.wait(60) == 0
    assert answers[0]["choices"][0]["token_ids"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("models: { soft: { path: nowhere } }", r"nowhere: expected a checkpoint with config.json"),
        ("models: { soft: { path: NANO/soft, exit: 3 } }", r"models.soft.exit: "),
        ("models: { soft: { path: NANO/soft, dtype: int4 } }", r"models.soft.dtype: "),
        ("models: { soft: { path: NANO/soft, replicas: 2, autoscaling: { maxReplicas: 3 } } }", r"replicas or autoscaling"),
        ("models: { soft: { path: NANO/soft } }\njudges: { soft: { path: NANO/judge } }", r"names without @ that occur once"),
        ("models: { soft: { path: NANO/soft } }\napiKeyEnv: NO_SUCH_KEY", r"environment variable NO_SUCH_KEY"),
        ("models: [", r"expected YAML"),
        ("host: 127.0.0.1", r"models: "),
    ],
)
def test_a_bad_file_ends_with_code_2_and_one_line(text, message, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["one_process.py", str(settings_file(tmp_path, text))])
    assert one_process.main() == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert re.search(message, line)


class RunsCode:
    def __reduce__(self):
        return os.system, ("true",)


def test_a_pickle_with_code_ends_with_code_2_and_one_line(repository, tmp_path, monkeypatch, capsys):
    shutil.copytree(repository / "eval-data/nano/models/soft", tmp_path / "soft")
    (tmp_path / "soft/model.safetensors").unlink()
    torch.save({"lm_head.weight": RunsCode()}, tmp_path / "soft/pytorch_model.bin")
    monkeypatch.setattr(sys, "argv", ["one_process.py", str(settings_file(tmp_path, "models: { soft: { path: soft } }"))])
    assert one_process.main() == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "found a pickle that would run code" in line


def test_a_port_that_is_taken_ends_with_code_2_and_names_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(settings_file(tmp_path, f"port: {port}\nmodels: {{ soft: {{ path: NANO/soft }} }}\n"))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2 and len(errors.strip().splitlines()) == 1
    assert str(port) in errors and "in use" in errors


def test_the_file_for_eight_gpus_is_read(repository):
    from sorted_serve.settings import read_settings

    settings = read_settings(repository / "eval-data" / "llama-2-13b" / "serve.yaml")
    assert list(settings.models) == ["sft", "soft", "early-exit"] and list(settings.judges) == ["pandalm"]
    assert sum(one.gpus * one.replicas for one in settings.all_models.values()) == 8
