"""One small round a year from 2015 to the year before last: cases that came to an end, each its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import endings, rounds
from dashboards.demo.walk import Walk, propose, walk_of
from rectification.choices import (
    Conclusion,
    EndReason,
    PlanStatus,
    Progress,
    RelapseReason,
)
from rectification.services import cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.demo.world import World
    from rectification.models import Round
    from villages.models import Village

FIRST_YEAR = 2015
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


@dataclass(frozen=True)
class Entry:
    """A village of a year's list."""

    village: Village
    main: str
    further: str


def make_rounds(world: World) -> None:
    """Walk every round up to the year before last; ways that take longer come only in older ones."""
    last = world.today.year - 2
    number = 0
    for year in range(FIRST_YEAR, last + 1):
        entries = []
        ways = WAYS[(year - FIRST_YEAR) % len(WAYS)] if year <= last - 2 else QUICK_WAYS
        for _ in ways:
            township = (number * 5 + 2) % len(world.townships)
            main, further = CATEGORIES[number % len(CATEGORIES)]
            entries.append(Entry(world.free_village(township), main, further))
            number += 1
        make_round(world, year, entries, ways)


def make_round(
    world: World, year: int, entries: list[Entry], ways: tuple[Callable[[Walk, int], None], ...]
) -> None:
    opened = rounds.open_round(
        world,
        year,
        opened_on=date(year, 3, 2),
        due_on=date(year, 3, 18),
        list_of={entry.village.pk: (entry.main, entry.further) for entry in entries},
    )
    list_again(world, opened)
    for entry, way in zip(entries, ways, strict=True):
        walk = propose(
            world,
            entry.village,
            listed_in=opened,
            on=date(year, 3, 24),
            main=entry.main,
            further=entry.further,
        )
        way(walk, year)
    rounds.close_round(world, opened, date(year, 12, 28))


def work(walk: Walk, designated_on: date) -> None:
    """From the designation to half a year of rectification."""
    year = designated_on.year
    walk.designate(designated_on, f"云委常纪〔{year}〕{designated_on.month * 2}号")
    walk.fill_slots(designated_on + timedelta(days=5))
    found = walk.list_problems(designated_on + timedelta(days=14))
    walk.plan(designated_on + timedelta(days=20), PlanStatus.APPROVED)
    walk.start(designated_on + timedelta(days=25))
    for step in range(4):
        day = designated_on + timedelta(days=45 + 40 * step)
        walk.visit(day, place=step % 3, moved=found[step % len(found)])
    walk.solve(found[0], designated_on + timedelta(days=80))
    walk.assess(designated_on + timedelta(days=118), Progress.SOME)


def decision(walk: Walk, on: date) -> str:
    return f"云委组验〔{on.year}〕{walk.number}号"


def pass_on(walk: Walk, on: date, result: Conclusion = Conclusion.PASS) -> None:
    again = on + timedelta(days=190) if result == Conclusion.FAIL else None
    endings.accept(walk, on, decision(walk, on), result, new_deadline=again)


# --- ways a case went -----------------------------------------------------------------------------


def released(walk: Walk, year: int) -> None:
    """Passed in November, followed for a year, taken off the list."""
    work(walk, date(year, 3, 27))
    pass_on(walk, date(year, 11, 5) + timedelta(days=walk.number % 20))
    endings.release(walk)


def consolidated(walk: Walk, year: int) -> None:
    """基本合格 first, half a year longer, then passed."""
    work(walk, date(year, 3, 27))
    pass_on(walk, date(year, 11, 12), Conclusion.CONSOLIDATE)
    pass_on(walk, date(year + 1, 6, 20))
    endings.release(walk)


def failed_once(walk: Walk, year: int) -> None:
    """不合格 first, a new deadline, passed at the second try."""
    work(walk, date(year, 3, 27))
    pass_on(walk, date(year, 11, 12), Conclusion.FAIL)
    walk.visit(date(year + 1, 2, 20), place=0)
    pass_on(walk, date(year + 1, 5, 20))
    endings.release(walk)


def merged(walk: Walk, year: int) -> None:
    """The village was merged into its neighbour while it was being rectified."""
    work(walk, date(year, 3, 27))
    on = date(year, 10, 15)
    neighbours = walk.world.villages[walk.case.village.township_id]
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


def declined(walk: Walk, year: int) -> None:
    """The standing committee did not agree."""
    on = date(year, 3, 27)
    with clock.set_to(on):
        cases.decline(
            walk.case,
            by=walk.world.office,
            on=on,
            minutes_no=f"云委常纪〔{year}〕6号",
            note="主要问题已在排查期间解决，不再列入，由乡镇继续关注。",
        )


def mistaken(walk: Walk, year: int) -> None:
    """The designation rested on a wrong figure."""
    walk.designate(date(year, 3, 27), f"云委常纪〔{year}〕6号")
    on = date(year, 5, 8)
    with clock.set_to(on):
        cases.end(
            walk.case,
            by=walk.world.office,
            on=on,
            end_reason=EndReason.MISTAKE,
            decision_no=f"云委常纪〔{year}〕9号",
            note="复核发现信访件数登记重复，不符合认定条件。",
        )


def relapsed(walk: Walk, year: int) -> None:
    """Passed, turned bad again within a year, listed anew with a linked case, passed for good."""
    work(walk, date(year, 3, 27))
    pass_on(walk, date(year, 11, 12))
    walk.world.relapses.append(walk)


def list_again(world: World, opened: Round) -> None:
    """Open the linked cases of last year's relapses in this year's round."""
    for walk in world.relapses:
        on = date(opened.year, 9, 10)
        endings.look_back_until(walk, on)
        with clock.set_to(on):
            linked = cases.relapse(
                walk.case,
                by=world.office,
                on=on,
                reason=RelapseReason.ELECTION,
                note="换届后新旧班子不和，征地款分配争议再起，群众多次来访。",
                round=opened,
                main_category=walk.case.main_category,
            )
        again = walk_of(world, linked)
        work(again, date(opened.year, 9, 25))
        pass_on(again, date(opened.year + 1, 6, 15))
        endings.release(again)
    world.relapses.clear()


WAYS: tuple[tuple[Callable[[Walk, int], None], ...], ...] = (
    (released, released, declined),
    (consolidated, relapsed, released),
    (released, merged),
    (failed_once, released, relapsed),
    (released, mistaken, declined),
)
QUICK_WAYS = (released, released, declined)
