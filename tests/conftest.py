"""What every test may ask for."""

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client

from core import clock as core_clock
from tests.tools.demo import demo, demo_folder  # noqa: F401 - fixtures
from tests.tools.scope import take_scope_away


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still and can be put forward."""

    class Clock:
        moment = core_clock.now()

        def forward(self, **distance):
            self.moment += timedelta(**distance)

    standing = Clock()
    monkeypatch.setattr(core_clock, "now", lambda: standing.moment)
    return standing


@pytest.fixture
def client_factory():
    """Make further browsers beside ``client``."""
    return Client


@pytest.fixture(scope="session", autouse=True)
def _rows_of_migrations(django_db_setup):
    """Let each connection know the rows to restore after a test that flushes the database.

    Playwright's event loop gives the browser tests connections of their own, and Django keeps the
    rows on the one that made the database.
    """
    rows = getattr(connection, "_test_serialized_contents", None)
    if rows:
        type(connections["default"])._test_serialized_contents = rows


@pytest.fixture(scope="session", autouse=True)
def _scope_under_test():
    """Let ``manage.py check_scope`` take one model's scope away and see which test notices."""
    take_scope_away()
