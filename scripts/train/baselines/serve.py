"""Reads the job that npm run bench handed over, and writes what comes of it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

MISSING = 3


def serve(work: Callable[[dict], dict]) -> None:
    """A package that is not installed is said in one line; the bench then goes on without this peer."""
    job = json.loads(Path(sys.argv[1]).read_text())
    try:
        result = work(job)
    except ImportError as error:
        print(f"{sys.executable} lacks a package: {error}", file=sys.stderr)
        sys.exit(MISSING)
    Path(sys.argv[2]).write_text(json.dumps(result))
