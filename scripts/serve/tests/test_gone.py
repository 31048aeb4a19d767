"""A client that goes away, over a real connection."""

import json
import socket
import threading
import time
import urllib.request

import pytest
from one_process import EndingServer, open_serving
from sorted_serve.settings import ServeSettings


@pytest.fixture
def server(repository):
    settings = ServeSettings.model_validate({"port": 0, "models": {"soft": {"path": str(repository / "eval-data/nano/models/soft")}}})
    serving = open_serving(settings)
    server = EndingServer(serving, settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield server, serving.models["soft"].batcher
    server.should_exit = True
    thread.join(30)
    serving.models["soft"].close()


def test_a_client_that_goes_ends_all_prompts_of_its_request(server):
    running, batcher = server
    address = running.servers[0].sockets[0].getsockname()
    body = {"model": "soft", "prompt": [[5 + n, 6] for n in range(300)], "max_tokens": 1000, "num_beams": 8, "repetition_penalty": 9.0}
    text = json.dumps(body)
    head = f"POST /v1/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
    with socket.create_connection(address) as client:
        client.sendall((head + text).encode())
        until(lambda: batcher.running > 0)
        assert batcher.waiting > 100
    until(lambda: batcher.running == 0 and batcher.waiting == 0, seconds=10)
    health = urllib.request.urlopen(f"http://{address[0]}:{address[1]}/health")
    assert json.load(health)["status"] == "ok"


def until(is_so, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
