"""Seconds and peak memory of the division import, as the command a person types.

    python benchmarks/import_divisions.py

Loads the district file and the national one, each twice, into a scratch database on the configured
server (for SQLite: into a scratch file), which is removed at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
from national_file import national_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = ROOT / "tests" / "data" / "divisions-110116.csv"


@contextmanager
def scratch_database(folder: Path, label: str = "import") -> Iterator[str]:
    """Yield the address of an empty database that nobody else uses."""
    configured = os.environ.get("DATABASE_URL", "sqlite")
    if configured.startswith("sqlite"):
        yield f"sqlite:///{folder / 'scratch.sqlite3'}"
        return
    name = f"scratch_{label}_{os.getpid()}"
    with psycopg.connect(configured, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(configured)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(url: str, *arguments: str) -> tuple[float, int, str]:
    """Run a management command; return its seconds, peak memory in MB and last words."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "False"}
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        words = child.stdout.read() if child.stdout else ""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{arguments}: {words}")
    return time.perf_counter() - start, usage.ru_maxrss // 1024, words


def main() -> None:
    with tempfile.TemporaryDirectory() as made, scratch_database(Path(made)) as url:
        manage(url, "migrate", "--verbosity", "0")
        print(f"database: {urlsplit(url).scheme}")
        for label, path in (("district", DISTRICT), ("national", national_file(Path(made)))):
            for turn in ("first", "second"):
                seconds, memory, words = manage(url, "import_divisions", str(path))
                counts = words.strip().splitlines()[-2]
                print(f"{label:9} {turn:7} {seconds:6.2f} s {memory:5} MB  {counts}")


if __name__ == "__main__":
    main()
