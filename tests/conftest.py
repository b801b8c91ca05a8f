"""What every test may ask for."""

from datetime import timedelta

import pytest
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
def _scope_under_test():
    """Let ``manage.py check_scope`` take one model's scope away and see which test notices."""
    take_scope_away()
