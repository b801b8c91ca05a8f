"""Seconds and rows of the demo data, as the command that run.py calls on an empty database.

    python benchmarks/seed_demo.py

Works in a scratch SQLite file, which is removed at the end; wanted: under 20 s.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLES = (
    "villages_village",
    "villages_villagefile",
    "rectification_screening",
    "rectification_case",
    "rectification_problem",
    "rectification_task",
    "rectification_visit",
    "rectification_caseevent",
    "surveys_surveyrecord",
)


def timed(path: Path, *arguments: str) -> tuple[float, float]:
    """Run a command on the scratch file; return its wall and processor seconds."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "DEBUG": "False"}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime - used.ru_utime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scratch.sqlite3"
        for arguments in (("migrate",), ("seed_demo",), ("verify_figures",)):
            wall, processor = timed(path, *arguments)
            print(f"{arguments[0]:<16}{wall:6.1f} s  (processor {processor:.1f} s)")
        with sqlite3.connect(path) as database:
            for table in TABLES:
                count = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                print(f"{table:<28}{count:>7}")


if __name__ == "__main__":
    main()
