"""The demo: a fictional district whose records add up to every figure of the founding report."""

from __future__ import annotations

from dashboards.demo import (
    current_round,
    extras,
    files,
    handovers,
    history,
    last_round,
    measures,
    neighbour,
    questions,
    round_2014,
    staff,
    terms,
    the_29,
    tree,
)
from dashboards.demo.schedule import Schedule
from rectification.models import Category


def make_demo() -> None:
    """Fill an empty database; the same day gives the same data."""
    world = tree.make_tree()
    staff.make_staff(world)
    world.categories = Category.objects.in_bulk()
    measures.make_measures(world)
    listed = the_29.choose(world)
    terms.make_terms(world, listed)
    schedule = Schedule(world.today)
    schedule.add(round_2014.tell(world, schedule, listed))
    history.add_rounds(world, schedule)
    schedule.add(last_round.tell(world, schedule))
    schedule.add(current_round.tell(world, schedule))
    schedule.add(neighbour.tell(neighbour.make_neighbour(world)))
    schedule.run()
    questions.make_questions(world)
    handovers.make_handovers(world)
    extras.make_extras(world)
    files.make_files(world, listed)
