import pytest

from core import clock
from tests.dashboards.scene import TODAY, make_scene


@pytest.fixture
def today():
    """The clock stands on the day for which the scene is counted."""
    with clock.set_to(TODAY):
        yield TODAY


@pytest.fixture
def scene(db, today):
    return make_scene()
