"""The demo data for tests: seeded once a run into a file, then copied into each process's database.

Seeding walks some thousand acts and takes longer than all tests that look at it; copying the
rows takes less than a second. On PostgreSQL no file can be attached: each process seeds for itself.
"""

import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"django_migrations", "sqlite_sequence"}
PATIENCE = 300


def run_manage(path, *arguments):
    """Run a command of the product on a database file."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def seed_file(path):
    """Make the file, or wait until another process of the run has made it."""
    ready = path.with_suffix(".ready")
    try:
        path.with_suffix(".lock").touch(exist_ok=False)
    except FileExistsError:
        deadline = time.monotonic() + PATIENCE
        while not ready.exists():
            assert time.monotonic() < deadline, "the process that seeds the demo did not finish"
            time.sleep(0.2)
        return
    run_manage(path, "migrate", "--verbosity", "0")
    run_manage(path, "seed_demo")
    ready.touch()


def copy_rows():
    """Copy every table of the attached file into the test database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM demo.sqlite_master WHERE type = 'table'")
        for table in sorted({row[0] for row in cursor.fetchall()} - SKIPPED):
            cursor.execute(f'DELETE FROM main."{table}"')
            cursor.execute(f'INSERT INTO main."{table}" SELECT * FROM demo."{table}"')


@contextmanager
def attached(path):
    """Let the test database see the file as ``demo``."""
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS demo", [str(path)])
    yield
    with connection.cursor() as cursor:
        cursor.execute("DETACH DATABASE demo")


@contextmanager
def demo_rows(request):
    """Hold the demo data in the test database, and take all of it back at the end."""
    is_sqlite = connection.vendor == "sqlite"
    file = attached(request.getfixturevalue("demo_file")) if is_sqlite else nullcontext()
    with file, transaction.atomic():
        if is_sqlite:
            copy_rows()
        else:
            call_command("seed_demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory):
    """The path of a database file with the demo data (SQLite only)."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # shared by the processes of one run
    path = folder / "demo.sqlite3"
    seed_file(path)
    return path


@pytest.fixture(scope="module")
def demo(request, django_db_setup, django_db_blocker):
    """The demo data, for all tests of a module; what a test changes is undone after it."""
    with django_db_blocker.unblock(), demo_rows(request):
        yield
