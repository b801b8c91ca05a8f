"""Each page once in a real browser, as one role that sees it: nothing wrong on its console.

The sweep (test_sweep_pages.py) looks harder, at every role and with the demo data.
"""

import pytest
from django.urls import reverse

from tests.browser.pages import pages
from tests.matrix import ROLES, World
from tests.test_permission_matrix import MATRIX
from tests.tools.browser import let_in

# Rolled back to what the migrations leave, because the ten categories come from one.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PARTS = 4  # so that several processes can share the work


@pytest.mark.parametrize("part", range(PARTS))
def test_each_page_opens_without_an_error(open_page, live_server, part):
    page = open_page()
    found = {}
    for number, name in list(enumerate(pages()))[part::PARTS]:
        found[name] = [visit(page, name, new_world(number), live_server.url), *page.errors]
        page.errors.clear()
    assert {name: answer for name, answer in found.items() if answer != [200]} == {}


def new_world(number):
    """A world of its own for each page, because rows of two may exclude each other."""
    return World(f"99{number // 80 + 1:02}{number % 80 + 11:02}")


def visit(page, name, world, site):
    """Open a page as the first role that may see it; return how it answered."""
    row = MATRIX[name]
    role = next(role for role in ROLES if 200 in row.expected(role))
    args = row.args(world) if row.args else []
    let_in(page, world.user(role), site)
    return page.goto(reverse(name, args=args) + row.query).status
