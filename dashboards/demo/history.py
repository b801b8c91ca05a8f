"""One small round a year from 2015 to the year before last: cases that ended, each its way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import endings, past, rounds
from dashboards.demo.round_2014 import extend
from dashboards.demo.walk import walk_of
from rectification.choices import (
    Conclusion,
    EndReason,
    PlanStatus,
    Progress,
    RelapseReason,
)
from rectification.services import cases
from rectification.services.dates import add_months

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.demo.schedule import Schedule, Story
    from dashboards.demo.walk import Walk
    from dashboards.demo.world import World

FIRST_YEAR = 2015
RECENT_DAYS = 600  # younger cases are walked act by act
CATEGORIES = (
    ("C08", "C07"),
    ("C03", ""),
    ("C07", ""),
    ("C02", "C10"),
    ("C06", "C08"),
    ("C10", ""),
    ("C04", ""),
    ("C03", "C02"),
    ("C01", ""),
    ("C08", ""),
    ("C07", "C03"),
    ("C09", ""),
    ("C05", ""),
)


def add_rounds(world: World, schedule: Schedule) -> None:
    """Add the story of every round up to the year before last."""
    number = 0
    for year in range(FIRST_YEAR, world.today.year - 1):
        ways = ways_of(world, year)
        entries = []
        for _ in ways:
            township = (number * 5 + 2) % len(world.townships)
            main, further = CATEGORIES[number % len(CATEGORIES)]
            entries.append(rounds.Entry(world.free_village(township), main, further))
            number += 1
        schedule.add(tell(world, schedule, year, entries))


def tell(world: World, schedule: Schedule, year: int, entries: list[rounds.Entry]) -> Story:
    """A year's round; it adds a story for each case."""
    opened_on = date(year, 3, 2)
    yield opened_on
    opened = rounds.open_round(world, year, opened_on=opened_on, due_on=date(year, 3, 18))
    yield date(year, 3, 24)
    walks = rounds.whole_round(world, opened, entries, opened_on)
    for walk, way in zip(walks, ways_of(world, year), strict=True):
        schedule.add(way(walk, year))
    yield date(year, 4, 20)
    rounds.close(world, opened, date(year, 4, 20))


def work(walk: Walk, designated_on: date) -> Story:
    """From the designation to half a year of rectification."""
    yield designated_on
    walk.designate(designated_on, f"云委常纪〔{designated_on.year}〕{designated_on.month * 2}号")
    on = designated_on + timedelta(days=25)
    yield on
    past.had_slots(walk, designated_on + timedelta(days=5))
    listed_on, solved_on = designated_on + timedelta(days=14), designated_on + timedelta(days=120)
    if solved_on < walk.world.ago(RECENT_DAYS):
        found = past.had_problems(walk, listed_on, solved_on)
    else:
        found = walk.list_problems(listed_on)
    walk.plan(designated_on + timedelta(days=20), PlanStatus.APPROVED)
    walk.start(on)
    day = designated_on + timedelta(days=128)
    yield day
    past.had_visits(walk, [designated_on + timedelta(days=days) for days in (45, 85, 125)], found)
    if found[0].is_open:
        walk.solve(found[0], day - timedelta(days=5))
    walk.assess(day, Progress.SOME)


# --- ways a case went -----------------------------------------------------------------------------


def listed(year: int) -> date:
    """The day of the standing committee that decides on a year's list."""
    return date(year, 3, 27)


def released(walk: Walk, year: int) -> Story:
    """Passed in November, followed for a year, taken off the list."""
    yield from work(walk, listed(year))
    yield from endings.accept(walk, date(year, 11, 5) + timedelta(days=walk.number % 20))
    yield from endings.follow_and_release(walk)


def consolidated(walk: Walk, year: int) -> Story:
    """基本合格 first, half a year longer, then passed."""
    yield from work(walk, listed(year))
    yield from endings.accept(walk, date(year, 11, 12), Conclusion.CONSOLIDATE)
    yield from endings.accept(walk, date(year + 1, 6, 20))
    yield from endings.follow_and_release(walk)


def failed_once(walk: Walk, year: int) -> Story:
    """不合格 first, a new deadline, passed at the second try."""
    again = date(year + 1, 5, 20)
    yield from work(walk, listed(year))
    yield from endings.accept(walk, date(year, 11, 12), Conclusion.FAIL, new_deadline=again)
    yield date(year + 1, 2, 20)
    walk.visit(date(year + 1, 2, 20), place=0)
    yield from endings.accept(walk, again)
    yield from endings.follow_and_release(walk)


def slow(walk: Walk, year: int) -> Story:
    """Passed late, after its deadline was put off: the last look-back falls due next week."""
    decided_on = add_months(walk.world.ahead(8), -12)
    yield from work(walk, listed(year))
    yield date(year, 11, 20)
    if walk.case.deadline and walk.case.deadline < decided_on:
        extend(walk, date(year, 11, 20), decided_on + timedelta(days=30))
    yield from endings.accept(walk, decided_on)
    for follow_up in walk.case.follow_ups.filter(months__lt=12).order_by("months"):
        yield follow_up.due_on - timedelta(days=4)
        endings.look_back(walk, follow_up)
    yield walk.world.ago(34)
    walk.visit(walk.world.ago(34), place=1)


def merged(walk: Walk, year: int) -> Story:
    """The village was merged into its neighbour while it was being rectified."""
    yield from work(walk, listed(year))
    on = date(year, 10, 15)
    yield on
    neighbours = walk.world.villages[walk.case.village.township_id]
    for problem in walk.case.problems.open():
        walk.hand_over(problem, on, f"云政民〔{year}〕9号")
    with clock.set_to(on):
        cases.end(
            walk.case,
            by=walk.world.office,
            on=on,
            end_reason=EndReason.MERGED,
            decision_no=f"云政民〔{year}〕9号",
            note="按村庄规模调整方案并入邻村，未办结事项由承接村继续办理。",
            successor_village=next(row for row in neighbours if row.pk != walk.case.village_id),
        )


def declined(walk: Walk, year: int) -> Story:
    """The standing committee did not agree."""
    on = listed(year)
    yield on
    with clock.set_to(on):
        cases.decline(
            walk.case,
            by=walk.world.office,
            on=on,
            minutes_no=f"云委常纪〔{year}〕6号",
            note="主要问题已在排查期间解决，不再列入，由乡镇继续关注。",
        )


def mistaken(walk: Walk, year: int) -> Story:
    """The designation rested on a wrong figure."""
    yield listed(year)
    walk.designate(listed(year), f"云委常纪〔{year}〕6号")
    on = date(year, 5, 8)
    yield on
    with clock.set_to(on):
        cases.end(
            walk.case,
            by=walk.world.office,
            on=on,
            end_reason=EndReason.MISTAKE,
            decision_no=f"云委常纪〔{year}〕9号",
            note="复核发现信访件数登记重复，不符合认定条件。",
        )


def relapsed(walk: Walk, year: int) -> Story:
    """Passed, bad again within a year, listed anew with a linked case, then passed for good."""
    yield from work(walk, listed(year))
    yield from endings.accept(walk, date(year, 11, 12))
    for follow_up in walk.case.follow_ups.filter(months__lt=12).order_by("months"):
        yield follow_up.due_on - timedelta(days=4)
        endings.look_back(walk, follow_up, is_stable=follow_up.months == 3)
    on = date(year + 1, 9, 10)
    yield on
    with clock.set_to(on):
        linked = cases.relapse(
            walk.case,
            by=walk.world.office,
            on=on,
            reason=RelapseReason.ELECTION,
            note="换届后新旧班子不和，征地款分配争议再起，群众多次来访。",
            round=walk.world.rounds[year + 1],
            main_category=walk.case.main_category,
        )
    again = walk_of(walk.world, linked)
    yield from work(again, date(year + 1, 9, 25))
    yield from endings.accept(again, date(year + 2, 6, 15))
    yield from endings.follow_and_release(again)


WAYS: tuple[tuple[Callable[[Walk, int], Story], ...], ...] = (
    (released, declined),
    (consolidated, relapsed),
    (released, merged),
    (failed_once, relapsed),
    (released, released, mistaken),
)


def ways_of(world: World, year: int) -> tuple[Callable[[Walk, int], Story], ...]:
    """How the cases of a year went."""
    ways = WAYS[(year - FIRST_YEAR) % len(WAYS)]
    return (*ways, slow) if year == world.today.year - 2 else ways
