"""Serve models on a Ray cluster, or on a cluster of this machine alone where none is named.

    ray start --head --include-dashboard=false
    python scripts/serve/on_ray.py serve.yaml --address auto

Every node needs the checkpoints at the same place and this folder's requirements (requirements-ray.txt).
Ctrl-C or SIGTERM ends the application: what was accepted is answered first.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

import ray
from ray import serve

from sorted_serve.bad_input import BadCheckpoint
from sorted_serve.deployments import application
from sorted_serve.guards import Guards
from sorted_serve.settings import ServeSettings, read_key, read_settings

APPLICATION = "sorted-eval"
HERE = Path(__file__).resolve().parent


def main() -> int:
    args = parse_args()
    try:
        settings = read_settings(args.file)
        guards = Guards(read_key(settings.api_key_env), 1000 * settings.max_body_kb, settings.is_local)
    except BadCheckpoint as error:
        print(error, file=sys.stderr)
        return 2
    if (problem := connect(args.address)) is not None:
        print(problem, file=sys.stderr)
        return 2
    return run(settings, guards)


def connect(address: str | None) -> str | None:
    """Why there is no cluster, in one line. Replicas import this folder's package from where it lies on their own node."""
    paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    try:
        ray.init(address=address, include_dashboard=False, runtime_env={"env_vars": {"PYTHONPATH": paths}})
    except Exception as error:  # Ray raises Exception itself where a node does not start in time
        place = f"at {address}" if address else "of this machine alone"
        return f"Ray: expected a cluster {place}, found none: {' '.join(str(error).split())}"
    return None


def run(settings: ServeSettings, guards: Guards) -> int:
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    serve.start(http_options={"host": settings.host, "port": settings.port})
    try:
        serve.run(application(settings, guards), name=APPLICATION)
    except RuntimeError as error:
        print("\n".join(reasons()) or f"the models did not start: {error}", file=sys.stderr)
        serve.shutdown()
        return 2
    print(f"http://{settings.host}:{settings.port}/v1\n{', '.join(settings.all_models)}", flush=True)
    ended.wait()
    serve.delete(APPLICATION)
    serve.shutdown()
    return 0


def reasons() -> list[str]:
    """What each replica that did not start says of its checkpoint."""
    deployments = serve.status().applications[APPLICATION].deployments
    lines = {line.strip() for one in deployments.values() for line in one.message.splitlines()}
    return sorted(line.split("BadCheckpoint: ")[1] for line in lines if "BadCheckpoint: " in line)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="YAML: models by name")
    parser.add_argument("--address", help="of a cluster; `auto`: the one that runs on this machine; default: a new one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
