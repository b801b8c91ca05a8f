"""The round of March 2014, its state on 30 November 2014, and what became of the 29 afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import endings, past, rounds, surveys_2014
from dashboards.demo.the_29 import DESIGNATED_ON
from rectification.choices import Conclusion, PlanStatus, Progress
from rectification.services import cases

if TYPE_CHECKING:
    from dashboards.demo.schedule import Schedule, Story
    from dashboards.demo.the_29 import Listed
    from dashboards.demo.walk import Walk
    from dashboards.demo.world import World

YEAR = 2014
OPENED_ON = date(2014, 3, 3)
MINUTES = "云委常纪〔2014〕5号"
# The 8 were accepted before the cut-off, the 21 in 2015 and 2016.
FIRST_ACCEPTED, FIRST_STEP = date(2014, 10, 20), 4
SECOND_ACCEPTED, SECOND_STEP = date(2015, 3, 18), 27
FAILED, CONSOLIDATED = 3, 6  # among the 21: not passed at first, passed with a longer consolidation


def tell(world: World, schedule: Schedule, listed: list[Listed]) -> Story:
    """The round; it adds a story for each of the 29."""
    yield OPENED_ON
    opened = rounds.open_round(world, YEAR, opened_on=OPENED_ON, due_on=date(2014, 3, 20))
    yield DESIGNATED_ON - timedelta(days=1)
    entries = [rounds.Entry(row.village, row.main, row.further) for row in listed]
    walks = rounds.whole_round(world, opened, entries, OPENED_ON)
    surveys_2014.make_records(world, opened, listed)
    pairs = list(zip(walks, listed, strict=True))
    for place, (walk, _) in enumerate(pair for pair in pairs if pair[1].is_transformed):
        schedule.add(early(walk, place))
    for place, (walk, _) in enumerate(pair for pair in pairs if not pair[1].is_transformed):
        schedule.add(late(walk, place))
    yield date(2014, 4, 18)
    rounds.close(world, opened, date(2014, 4, 18))


def rectify(walk: Walk) -> Story:
    """The year's work, up to the first stage assessment."""
    yield DESIGNATED_ON
    walk.designate(DESIGNATED_ON, MINUTES)
    yield date(2014, 4, 2)
    past.had_slots(walk, date(2014, 4, 2))
    yield date(2014, 4, 26)
    found = past.had_problems(walk, date(2014, 4, 14), date(2014, 8, 20) + timedelta(walk.number))
    walk.plan(date(2014, 4, 21), PlanStatus.APPROVED)
    walk.start(date(2014, 4, 26))
    yield date(2014, 9, 30)
    days = [date(2014, month, 5 + walk.number % 20) for month in (5, 6, 7, 9)]
    past.had_visits(walk, days, found)
    walk.assess(date(2014, 7, 28), Progress.SOME if walk.number % 3 else Progress.CLEAR)


def early(walk: Walk, place: int) -> Story:
    """One of the 8 that were transformed before the cut-off."""
    yield from rectify(walk)
    yield from endings.accept(walk, FIRST_ACCEPTED + timedelta(days=FIRST_STEP * place))
    yield from endings.follow_and_release(walk)


def late(walk: Walk, place: int) -> Story:
    """One of the 21: clearly improved before the cut-off, accepted in 2015 or 2016."""
    yield from rectify(walk)
    assessed_on = date(2014, 11, 18) + timedelta(days=place % 3 * 3)
    yield assessed_on
    walk.assess(assessed_on, Progress.CLEAR)
    decided_on = SECOND_ACCEPTED + timedelta(days=SECOND_STEP * place)
    yield date(2014, 12, 12)
    extend(walk, date(2014, 12, 12), decided_on + timedelta(days=20))
    if place == FAILED:
        again = decided_on + timedelta(days=150)
        yield from endings.accept(walk, decided_on, Conclusion.FAIL, new_deadline=again)
        decided_on = again
    elif place == CONSOLIDATED:
        yield from endings.accept(walk, decided_on, Conclusion.CONSOLIDATE)
        decided_on += timedelta(days=215)
    yield from endings.accept(walk, decided_on)
    yield from endings.follow_and_release(walk)


def extend(walk: Walk, on: date, deadline: date) -> None:
    with clock.set_to(on):
        cases.extend(
            walk.case,
            by=walk.world.office,
            on=on,
            deadline=deadline,
            decision_no=f"云委组决〔{on.year}〕{walk.number}号",
            note="历史遗留问题多，经研究延长整顿期限。",
        )
