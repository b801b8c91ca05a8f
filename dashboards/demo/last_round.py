"""Last year's round: its cases go on into this year, at every later stage, by days before today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import endings, rounds, texts
from dashboards.demo.history import work
from dashboards.demo.round_2014 import extend
from dashboards.demo.walk import walk_of
from rectification.choices import (
    AnswerKind,
    Conclusion,
    Progress,
    RelapseReason,
    SignalKind,
)
from rectification.services import cases, follow_ups
from rectification.services.dates import add_months

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.demo.schedule import Schedule, Story
    from dashboards.demo.walk import Walk
    from dashboards.demo.world import World

OPENED_AGO = 420
PLACES = (0, 1, 3, 4, 5, 7, 9, 10, 11, 13)  # townships with a village on last year's list
CATEGORIES = (
    ("C03", ""),
    ("C07", "C10"),
    ("C08", ""),
    ("C02", ""),
    ("C07", ""),
    ("C03", "C07"),
    ("C10", ""),
    ("C06", ""),
    ("C08", "C03"),
    ("C04", ""),
)


def opening(today: date) -> date:
    """About fourteen months ago, and always in last year."""
    year = today.year - 1
    wanted = today - timedelta(days=OPENED_AGO)
    return min(max(wanted, date(year, 1, 15)), date(year, 10, 15))


def tell(world: World, schedule: Schedule) -> Story:
    """The round; it adds a story for each case."""
    opened_on = opening(world.today)
    entries = [
        rounds.Entry(world.free_village(place), *names)
        for place, names in zip(PLACES, CATEGORIES, strict=True)
    ]
    yield opened_on
    opened = rounds.open_round(
        world, world.today.year - 1, opened_on=opened_on, due_on=opened_on + timedelta(days=16)
    )
    yield opened_on + timedelta(days=20)
    walks = rounds.whole_round(world, opened, entries, opened_on)
    designated_on = opened_on + timedelta(days=24)
    for walk, way in zip(walks, WAYS, strict=True):
        if way in HELPED:
            walk.own = {place: own(world) for place, own in HELPED[way].items()}
        schedule.add(way(walk, designated_on))
    yield opened_on + timedelta(days=40)
    rounds.close(world, opened, opened_on + timedelta(days=40))


# --- ways the cases went so far -------------------------------------------------------------------


def due_soon(walk: Walk, designated_on: date) -> Story:
    """已转化: the look-back after 3 months falls due this week; an election is near."""
    yield from work(walk, designated_on)
    yield from endings.accept(walk, add_months(walk.world.ahead(5), -3))
    yield walk.world.ago(28)
    walk.visit(walk.world.ago(28), place=1)
    yield from signal(walk, 15, SignalKind.ELECTION)


def overdue(walk: Walk, designated_on: date) -> Story:
    """已转化: the look-back after 3 months is late; one signal answered, one not."""
    yield from work(walk, designated_on)
    yield from endings.accept(walk, add_months(walk.world.ago(10), -3))
    yield from signal(walk, 40, SignalKind.PETITIONS, answered_after=9)
    yield from signal(walk, 6, SignalKind.SATISFACTION)


def second_look(walk: Walk, designated_on: date) -> Story:
    """已转化: the first look-back done, the one after 6 months due in twelve days."""
    yield from work(walk, designated_on)
    yield from endings.accept(walk, add_months(walk.world.ahead(12), -6))
    first = walk.case.follow_ups.get(months=3)
    yield first.due_on - timedelta(days=4)
    endings.look_back(walk, first)
    yield walk.world.ago(30)
    walk.visit(walk.world.ago(30), place=1)


def extended(walk: Walk, designated_on: date) -> Story:
    """延长巩固: 基本合格 ten weeks ago."""
    yield from work(walk, designated_on)
    yield from endings.accept(walk, walk.world.ago(70), Conclusion.CONSOLIDATE)
    yield walk.world.ago(18)
    walk.visit(walk.world.ago(18), place=0, is_delegated=True)


def applied(walk: Walk, designated_on: date) -> Story:
    """待验收 since nine days."""
    yield from work(walk, designated_on)
    on = walk.world.ago(9)
    yield on
    endings.settle(walk, on - timedelta(days=8))
    endings.apply(walk, on)


def inspecting(walk: Walk, designated_on: date) -> Story:
    """验收中: the ballot is counted, the score is not in yet."""
    yield from work(walk, designated_on)
    on = walk.world.ago(24)
    yield on
    endings.settle(walk, on - timedelta(days=8))
    endings.apply(walk, on)
    yield walk.world.ago(7)
    endings.inspect(walk, walk.world.ago(7))
    yield walk.world.ago(3)
    endings.ballot(walk, walk.world.ago(3), Conclusion.PASS)


def sent_back(walk: Walk, designated_on: date) -> Story:
    """整顿中 again: the application was sent back; 有所变化."""
    yield from work(walk, designated_on)
    yield walk.world.ago(60)
    prolong(walk, 60, 45)
    on = walk.world.ago(40)
    yield on
    endings.settle(walk, on - timedelta(days=8))
    endings.apply(walk, on)
    yield walk.world.ago(31)
    endings.send_back(walk, walk.world.ago(31))
    yield walk.world.ago(26)
    walk.find_more(walk.world.ago(26), ("C07", "C10"))
    yield walk.world.ago(14)
    walk.assess(walk.world.ago(14), Progress.SOME)


def failed(walk: Walk, designated_on: date) -> Story:
    """整顿中 again: 不合格 two months ago, with a new deadline; clearly improved since."""
    yield from work(walk, designated_on)
    on = walk.world.ago(60)
    yield from endings.accept(walk, on, Conclusion.FAIL, new_deadline=walk.world.ahead(90))
    yield walk.world.ago(50)
    walk.find_more(walk.world.ago(50), ("C04", "C08"))
    yield walk.world.ago(12)
    walk.visit(walk.world.ago(12), place=2)
    walk.assess(walk.world.ago(12), Progress.CLEAR)


def stuck(walk: Walk, designated_on: date) -> Story:
    """整顿中 beyond its deadline: tasks overdue and stalled, a question unanswered, no change."""
    yield from work(walk, designated_on)
    world = walk.world
    yield world.ago(120)
    walk.find_more(world.ago(120), ("C02", "C06", "C10"))
    walk.visit(world.ago(120), place=0, is_delegated=True)
    yield world.ago(64)
    problems = list(walk.case.problems.open().order_by("level", "number"))  # township's first
    asked = walk.escalate(problems[0], world.ago(64))
    walk.progress(problems[-1], world.ago(58))
    yield world.ago(50)
    walk.answer(asked, world.ago(50), AnswerKind.RULE, f"云委专题纪〔{world.ago(50).year}〕18号")
    yield world.ago(21)
    walk.escalate(problems[1], world.ago(21), reply_days=10)
    walk.escalate(problems[-1], world.ago(21), reply_days=21)
    yield world.ago(13)
    walk.assess(world.ago(13), Progress.NONE)


def bad_again(walk: Walk, designated_on: date) -> Story:
    """已反弹 last week: the linked case waits for the standing committee."""
    world = walk.world
    yield from work(walk, designated_on)
    yield from endings.accept(walk, add_months(world.ago(30), -4))
    first = walk.case.follow_ups.get(months=3)
    yield first.due_on - timedelta(days=4)
    endings.look_back(walk, first, is_stable=False)
    yield world.ago(8)
    with clock.set_to(world.ago(8)):
        linked = cases.relapse(
            walk.case,
            by=world.office,
            on=world.ago(8),
            reason=RelapseReason.SECRETARY,
            note="书记调离后班子不和，两件老问题重新出现，群众来访增多。",
            round=world.rounds[world.today.year],
            main_category=walk.case.main_category,
        )
    walk_of(world, linked)


def signal(
    walk: Walk, days_ago: int, kind: SignalKind, *, answered_after: int | None = None
) -> Story:
    """A signal of relapse, answered or not."""
    world = walk.world
    yield world.ago(days_ago)
    with clock.set_to(world.ago(days_ago)):
        raised = follow_ups.raise_signal(
            walk.case,
            by=walk.township,
            kind=kind,
            observed_on=world.ago(days_ago),
            note=texts.SIGNALS[kind],
        )
    if answered_after is not None:
        on = world.ago(days_ago - answered_after)
        yield on
        with clock.set_to(on):
            follow_ups.answer_signal(raised, by=walk.township, answer=texts.SIGNAL_ANSWER)


def prolong(walk: Walk, days_ago: int, days_ahead: int) -> None:
    """Extend the deadline, unless it lies later already."""
    deadline = walk.world.ahead(days_ahead)
    if walk.case.deadline and walk.case.deadline < deadline:
        extend(walk, walk.world.ago(days_ago), deadline)


WAYS: tuple[Callable[[Walk, date], Story], ...] = (
    due_soon,
    overdue,
    stuck,
    extended,
    applied,
    sent_back,
    inspecting,
    failed,
    second_look,
    bad_again,
)
# Cases whose slots are held by people with accounts.
HELPED = {
    stuck: {0: lambda world: world.staff_now.leaders[0]},
    sent_back: {
        2: lambda world: world.staff_now.first_secretaries[0],
        3: lambda world: world.staff_now.liaisons[0],
    },
}
