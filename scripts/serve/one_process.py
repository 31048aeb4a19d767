"""Serve models from this process alone: what is served on Ray, without Ray.

    python scripts/serve/one_process.py eval-data/nano/serve.yaml

Ctrl-C or SIGTERM: what was accepted is answered, nothing new is taken, then the process ends with code 0.
"""

import argparse
import logging
import sys
from pathlib import Path

import torch
import uvicorn

from sorted_serve.app import Serving, create_app
from sorted_serve.bad_input import BadCheckpoint
from sorted_serve.guards import Guards
from sorted_serve.model_server import ModelServer
from sorted_serve.settings import ServeSettings, read_key, read_settings


def main() -> int:
    args = parse_args()
    logging.basicConfig(level=logging.WARNING)
    if args.threads:
        torch.set_num_threads(args.threads)
    try:
        settings = read_settings(args.file)
        serving = open_serving(settings)
    except BadCheckpoint as error:
        print(error, file=sys.stderr)
        return 2
    if not settings.is_local and serving.guards.key is None:
        print("Whoever reaches this address may use the server: apiKeyEnv asks for a key.", file=sys.stderr)
    has_served = run(EndingServer(serving, settings))
    for model in serving.models.values():
        model.close()
    return 0 if has_served else 2


def run(server: "EndingServer") -> bool:
    """False where it could not listen; uvicorn has logged why, in one line."""
    try:
        server.run()
    except SystemExit:
        return False
    return server.started


def open_serving(settings: ServeSettings) -> Serving:
    key = read_key(settings.api_key_env)
    guards = Guards(key, 1000 * settings.max_body_kb, settings.is_local)
    models = {name: ModelServer(name, one.checkpoint, one.batch_limits) for name, one in settings.all_models.items()}
    return Serving(models, guards)


class EndingServer(uvicorn.Server):
    """Says in /health that it ends, and answers what it has."""

    def __init__(self, serving: Serving, settings: ServeSettings):
        super().__init__(
            uvicorn.Config(
                create_app(serving),
                host=settings.host,
                port=settings.port,
                log_level="warning",
                timeout_graceful_shutdown=int(settings.end_seconds),
            )
        )
        self._serving = serving

    def handle_exit(self, sig: int, frame) -> None:
        """Not uvicorn's own, which ends the process by the signal instead of with code 0. A second one stops at once."""
        self.force_exit = self.should_exit
        self.should_exit = self._serving.is_ending = True

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            host, port = server.sockets[0].getsockname()[:2]
            print(f"http://{host}:{port}/v1\n{', '.join(self._serving.models)}", flush=True)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="YAML: models by name")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; default: PyTorch's choice")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
