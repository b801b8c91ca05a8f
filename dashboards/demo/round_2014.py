"""The round of March 2014, its state on 30 November 2014, and what became of the 29 afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import endings, rounds, surveys_2014
from dashboards.demo.the_29 import DESIGNATED_ON
from dashboards.demo.walk import Walk, propose
from rectification.choices import Conclusion, PlanStatus, Progress
from rectification.services import cases

if TYPE_CHECKING:
    from dashboards.demo.the_29 import Listed
    from dashboards.demo.world import World
    from rectification.models import Round

YEAR = 2014
MINUTES = "云委常纪〔2014〕5号"
EXTENSION = "云委组决〔{}〕{}号"
# The 8 were accepted before the cut-off, the 21 in 2015 and 2016.
FIRST_ACCEPTED, LAST_DAYS = date(2014, 10, 20), 4
SECOND_ACCEPTED = date(2015, 3, 18)
STEP_DAYS = 27
FAILED, CONSOLIDATED = 3, 6  # among the 21: not passed at first, passed with a longer consolidation


def make_round(world: World, listed: list[Listed]) -> list[Walk]:
    """Walk the 29 from the screening to what they are today; return their walks."""
    opened = rounds.open_round(
        world,
        YEAR,
        opened_on=date(2014, 3, 3),
        due_on=date(2014, 3, 20),
        list_of={row.village.pk: (row.main, row.further) for row in listed},
    )
    walks = [designated(world, opened, row) for row in listed]
    surveys_2014.make_records(world, opened, listed)
    first = [walk for walk, row in zip(walks, listed, strict=True) if row.is_transformed]
    for place, walk in enumerate(first):
        endings.accept(
            walk, FIRST_ACCEPTED + timedelta(days=LAST_DAYS * place), decision(2014, place)
        )
        endings.release(walk)
    second = [walk for walk, row in zip(walks, listed, strict=True) if not row.is_transformed]
    for place, walk in enumerate(second):
        improve(walk, place)
        finish(walk, place)
    rounds.close_round(world, opened, date(2014, 12, 30))
    return walks


def decision(year: int, number: int) -> str:
    return f"云委组验〔{year}〕{number + 1}号"


def designated(world: World, opened: Round, row: Listed) -> Walk:
    """Bring one of the 29 under rectification, with the year's visits."""
    walk = propose(
        world,
        row.village,
        listed_in=opened,
        on=date(2014, 3, 24),
        main=row.main,
        further=row.further,
    )
    walk.designate(DESIGNATED_ON, MINUTES)
    walk.fill_slots(date(2014, 4, 2))
    found = walk.list_problems(date(2014, 4, 14))
    walk.plan(date(2014, 4, 21), PlanStatus.APPROVED)
    walk.start(date(2014, 4, 26))
    for month in (5, 6, 7, 8, 9):
        walk.visit(
            date(2014, month, 5 + walk.number % 20),
            place=month % 3,
            is_delegated=month % 3 == 0 and walk.number % 2 == 0,
            moved=found[month % len(found)],
        )
    walk.solve(found[0], date(2014, 6, 16))
    result = Progress.SOME if walk.number % 3 else Progress.CLEAR
    walk.assess(date(2014, 7, 28), result)
    return walk


def improve(walk: Walk, place: int) -> None:
    """The last assessment before the cut-off finds the village clearly improved."""
    walk.assess(date(2014, 11, 18) + timedelta(days=place % 3 * 3), Progress.CLEAR)


def finish(walk: Walk, place: int) -> None:
    """Accept in 2015 or 2016, after the deadline was extended by decision."""
    decided_on = SECOND_ACCEPTED + timedelta(days=STEP_DAYS * place)
    extend(walk, date(2014, 12, 12), decided_on + timedelta(days=20))
    if place == FAILED:
        again = decided_on + timedelta(days=150)
        number = decision(decided_on.year, 40 + place)
        endings.accept(walk, decided_on, number, Conclusion.FAIL, new_deadline=again)
        decided_on = again
    elif place == CONSOLIDATED:
        number = decision(decided_on.year, 40 + place)
        endings.accept(walk, decided_on, number, Conclusion.CONSOLIDATE)
        decided_on += timedelta(days=215)
    endings.accept(walk, decided_on, decision(decided_on.year, place))
    endings.release(walk)


def extend(walk: Walk, on: date, deadline: date) -> None:
    with clock.set_to(on):
        cases.extend(
            walk.case,
            by=walk.world.office,
            on=on,
            deadline=deadline,
            decision_no=EXTENSION.format(on.year, walk.number),
            note="历史遗留问题多，经研究延长整顿期限。",
        )
