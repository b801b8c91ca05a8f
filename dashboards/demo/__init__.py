"""The demo: a fictional district whose records add up to every figure of the founding report."""

from __future__ import annotations

from dashboards.demo import files, history, round_2014, staff, terms, the_29, tree
from rectification.models import Category


def make_demo() -> None:
    """Fill an empty database; the same day gives the same data."""
    world = tree.make_tree()
    staff.make_staff(world)
    world.categories = Category.objects.in_bulk()
    listed = the_29.choose(world)
    terms.make_terms(world, listed)
    round_2014.make_round(world, listed)
    history.make_rounds(world)
    files.make_files(world, listed)
