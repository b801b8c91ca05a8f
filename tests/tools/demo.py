"""The demo data for tests: seeded once a run, then copied into each process's database.

Seeding walks some thousand acts and takes longer than all tests that look at it; copying the rows
takes a second. The first process that needs the data seeds and writes it down in a shared folder.
"""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = {MigrationRecorder.Migration._meta.db_table, "sqlite_sequence"}
PATIENCE = 900  # a machine with other work takes long to seed
FILE = "demo.sqlite3"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A folder that the processes of one run share."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder /= "demo"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def demo(demo_folder, django_db_setup, django_db_blocker):
    """The demo data, for all tests of a module; what a test changes is undone after it."""
    is_sqlite = connection.vendor == "sqlite"
    # pytest-django makes test databases only when a test is marked: never fill the product's own.
    is_for_tests = connection.settings_dict["NAME"] == connection.creation._get_test_db_name()
    assert is_for_tests, "mark the tests that ask for the demo with django_db"
    with django_db_blocker.unblock():
        if is_sqlite and is_first(demo_folder):
            with told(demo_folder):
                seed_file(demo_folder / FILE)
        with transaction.atomic():
            fill(demo_folder)
            yield
            transaction.set_rollback(True)


def fill(folder):
    """Put the data into the test database, inside the transaction that will be rolled back."""
    if connection.vendor == "sqlite":
        copy_file(folder / FILE)
    elif is_first(folder):
        with told(folder):
            call_command("seed_demo")
            copy_out(folder)
    else:
        copy_in(folder)


# --- who seeds ------------------------------------------------------------------------------------


def is_first(folder):
    """Say whether this process is to seed; if another one does, wait until it has."""
    try:
        (folder / "lock").touch(exist_ok=False)
    except FileExistsError:
        deadline = time.monotonic() + PATIENCE
        while not (folder / "ready").exists():
            assert not (folder / "failed").exists(), "the process that seeds the demo failed"
            assert time.monotonic() < deadline, "the process that seeds the demo did not finish"
            time.sleep(0.2)
        return False
    return True


@contextmanager
def told(folder):
    """Let the processes that wait go on, or give up, when the block has ended."""
    outcome = "failed"
    try:
        yield
        outcome = "ready"
    finally:
        (folder / outcome).touch()


# --- SQLite ---------------------------------------------------------------------------------------


def seed_file(path):
    """Make a database file with the demo data."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    for arguments in (("migrate", "--verbosity", "0"), ("seed_demo",)):
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


def copy_file(path):
    """Copy every table of a database file, whose tables are those of the test database.

    Row by row and not from an attached file, which a transaction would lock for other processes;
    by name, because the order of the columns of a table is not the same in every database.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source:
        for table in tables():
            rows = source.execute(f'SELECT * FROM "{table}"')
            names = ", ".join(f'"{column[0]}"' for column in rows.description)
            places = ", ".join("?" for column in rows.description)
            connection.connection.execute(f'DELETE FROM "{table}"')
            insert = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
            connection.connection.executemany(insert, rows)


# --- PostgreSQL -----------------------------------------------------------------------------------


def tables():
    return sorted(set(connection.introspection.table_names()) - NOT_COPIED)


def copy_out(folder):
    """Write down every table; foreign keys are looked at only when a transaction ends."""
    with connection.cursor() as cursor:
        for table in tables():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                (folder / table).write_bytes(b"".join(bytes(part) for part in rows))
        cursor.execute("ANALYZE")


def copy_in(folder):
    """Read every table back, and let new rows get numbers after the last one."""
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'DELETE FROM "{table}"')
        for table in tables():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as rows:
                rows.write((folder / table).read_bytes())
        for table in tables():
            for row in connection.introspection.get_sequences(cursor, table):
                last = f'SELECT COALESCE(max("{row["column"]}"), 1) FROM "{table}"'
                cursor.execute(f"SELECT setval('{row['name']}', ({last}))")
        cursor.execute("ANALYZE")
