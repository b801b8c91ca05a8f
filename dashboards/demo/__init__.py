"""The demo: a fictional district whose records add up to every figure of the founding report."""

from __future__ import annotations

from dashboards.demo import files, staff, terms, the_29, tree


def make_demo() -> None:
    """Fill an empty database; the same day gives the same data."""
    world = tree.make_tree()
    staff.make_staff(world)
    listed = the_29.choose(world)
    terms.make_terms(world, listed)
    files.make_files(world, listed)
