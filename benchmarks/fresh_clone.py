"""Seconds from a fresh clone with empty caches to the first page, and of the tests.

    python3 benchmarks/fresh_clone.py [--tests]

Clones the repository into a scratch folder, starts ``run.py`` there with an empty package cache and
a home of its own, and asks until the first page answers. Needs the network for the packages.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_page(clone: Path, environment: dict[str, str]) -> float:
    """Start the product in the clone and return the seconds until it answers."""
    port, begun = free_port(), time.perf_counter()
    command = ["python3", "run.py", "--port", str(port)]
    with subprocess.Popen(command, cwd=clone, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            while time.perf_counter() - begun < PATIENCE:
                if server.poll() is not None:
                    sys.exit(f"run.py ended with {server.returncode}")
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
                except urllib.error.URLError:
                    time.sleep(0.2)
                else:
                    return time.perf_counter() - begun
        finally:
            server.terminate()
    sys.exit(f"no page after {PATIENCE} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also run the tests, set-up included")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        unwanted = {"DATABASE_URL", "DATA_DIR", "VIRTUAL_ENV", "SECRET_KEY"}
        environment = {key: value for key, value in os.environ.items() if key not in unwanted}
        environment["PIP_CACHE_DIR"] = str(Path(scratch) / "packages")
        print(f"first page     {first_page(clone, environment):6.1f} s")
        for label in ("first tests", "tests again") if options.tests else ():
            begun = time.perf_counter()
            subprocess.run(
                ["python3", "run.py", "test", "-q"], cwd=clone, env=environment, check=True
            )
            print(f"{label:<14} {time.perf_counter() - begun:6.1f} s")


if __name__ == "__main__":
    main()
