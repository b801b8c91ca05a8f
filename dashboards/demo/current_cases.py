"""The cases of this year's round: from 待审定 to 整顿中, each at another point of its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import texts
from dashboards.demo.round_2014 import extend
from rectification.choices import AnswerKind, PlanStatus, Progress
from rectification.models import Plan
from rectification.services import cases, plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.demo.schedule import Schedule, Story
    from dashboards.demo.walk import Walk
    from rectification.models import Problem

FIRST_MEETING, SECOND_MEETING = 45, 12  # days ago


def add_first(schedule: Schedule, walks: list[Walk]) -> None:
    """The first list: half of it is being rectified, the rest is on its way there."""
    for walk, way in zip(walks, FIRST, strict=True):
        schedule.add(way(walk))


def minutes(walk: Walk, days_ago: int) -> str:
    on = walk.world.ago(days_ago)
    return f"云委常纪〔{on.year}〕{on.month * 2}号"


def listed(walk: Walk, days_ago: int) -> Story:
    yield walk.world.ago(days_ago)
    walk.designate(walk.world.ago(days_ago), minutes(walk, days_ago))


def started(walk: Walk) -> Story:
    """Designated at the first meeting, at work since three weeks."""
    world = walk.world
    yield from listed(walk, FIRST_MEETING)
    yield world.ago(25)
    walk.fill_slots(world.ago(41))
    walk.list_problems(world.ago(35), per_category=3)
    walk.plan(world.ago(31), PlanStatus.APPROVED)
    walk.start(world.ago(25))


def problems_of(walk: Walk) -> list[Problem]:
    return list(walk.case.problems.open().order_by("number"))


# --- the first list -------------------------------------------------------------------------------


def going_well(walk: Walk) -> Story:
    """整顿中: visits by everybody, one problem closed, one waiting for approval."""
    world = walk.world
    own = world.users["helper1"]
    walk.own = {0: world.staff_now.leaders[0], 2: world.staff_now.first_secretaries[0]}
    yield from started(walk)
    found = problems_of(walk)
    for days, place in ((22, 2), (19, 1), (16, 0), (11, 2), (6, 2), (2, 1)):
        yield world.ago(days)
        moved = found[days % len(found)]
        walk.visit(world.ago(days), place=place, by=own if place == 2 else None, moved=moved)
    walk.progress(found[-1], world.ago(2))
    yield world.ago(1)
    walk.solve(found[0], world.ago(9))


def asking_for_closing(walk: Walk) -> Story:
    """整顿中: a closing waits for approval; a visit by a delegate, another entered late."""
    world = walk.world
    walk.own = {2: world.staff_now.first_secretaries[1], 3: world.staff_now.liaisons[0]}
    yield from started(walk)
    found = problems_of(walk)
    yield world.ago(18)
    walk.visit(world.ago(18), place=0, is_delegated=True)
    yield world.ago(8)
    walk.visit(world.ago(17), place=2, by=world.users["helper2"], days_late=9, moved=found[0])
    yield world.ago(4)
    walk.visit(world.ago(5), place=3, by=world.users["helper3"], days_late=1)
    yield world.ago(3)
    walk.solve(found[0], world.ago(3), approve=False)


def asking_the_district(walk: Walk) -> Story:
    """整顿中: the hard problem was handed up twice and waits at the district."""
    world = walk.world
    yield from started(walk)
    hard = problems_of(walk)[0]
    yield world.ago(20)
    asked = walk.escalate(hard, world.ago(20))
    yield world.ago(14)
    if asked.to_level == "township":
        walk.answer(asked, world.ago(14), AnswerKind.PASSED_ON)
    yield world.ago(7)
    walk.visit(world.ago(7), place=1, moved=hard)


def answered(walk: Walk) -> Story:
    """整顿中: the district answered; the problem went into 长期跟踪 by its decision."""
    world = walk.world
    yield from started(walk)
    hard = problems_of(walk)[0]
    yield world.ago(19)
    asked = walk.escalate(hard, world.ago(23))
    walk.answer(asked, world.ago(19), AnswerKind.SOLVED, f"云委专题纪〔{world.today.year}〕21号")
    yield world.ago(10)
    walk.track(hard, world.ago(10), f"云委专题纪〔{world.today.year}〕24号")
    walk.visit(world.ago(10), place=2)


def handed_over(walk: Walk) -> Story:
    """整顿中: one problem was handed over, one has no solution; an assessment found a change."""
    world = walk.world
    yield from started(walk)
    found = problems_of(walk)
    yield world.ago(15)
    walk.hand_over(found[-1], world.ago(15), f"云委专题纪〔{world.today.year}〕22号")
    walk.give_up(found[-2], world.ago(15), f"云委专题纪〔{world.today.year}〕23号")
    walk.visit(world.ago(15), place=1)
    yield world.ago(3)
    walk.assess(world.ago(3), Progress.SOME)


def silent(walk: Walk) -> Story:
    """整顿中: nothing has been entered since the start; every task stalls."""
    yield from started(walk)


def plan_approved(walk: Walk) -> Story:
    """已认定: the plan is approved, the start is the office's next step."""
    world = walk.world
    yield from listed(walk, FIRST_MEETING)
    yield world.ago(6)
    walk.fill_slots(world.ago(38))
    walk.list_problems(world.ago(20), per_category=2)
    walk.plan(world.ago(9), PlanStatus.APPROVED)


def plan_submitted(walk: Walk) -> Story:
    """已认定: a slot is empty and the plan, copied from another village, waits for approval."""
    world = walk.world
    yield from listed(walk, FIRST_MEETING)
    yield world.ago(3)
    walk.fill_slots(world.ago(36), leave_out=1)
    walk.list_problems(world.ago(15), per_category=2)
    first = Plan.objects.filter(case__round=walk.case.round).for_list().order_by("pk").first()
    walk.plan(world.ago(5), PlanStatus.SUBMITTED, like=first)


def plan_returned(walk: Walk) -> Story:
    """已认定: the plan was sent back, and mended in part."""
    world = walk.world
    yield from listed(walk, FIRST_MEETING)
    yield world.ago(5)
    walk.fill_slots(world.ago(36))
    walk.list_problems(world.ago(18), per_category=1)
    plan = walk.plan(world.ago(9), PlanStatus.RETURNED)
    plan.goal = plan.goal.replace("三个月内", "两个月内") + texts.MENDED
    plan.measures = texts.MENDED_MEASURE + plan.measures
    with clock.set_to(world.ago(5)):
        changes = ["整顿目标", "主要措施"]
        plans.revise_plan(plan, save=plan.save, changes=changes, by=walk.township)


def plan_drafted(walk: Walk) -> Story:
    """已认定 at the second meeting: two slots empty, the plan begun."""
    world = walk.world
    yield from listed(walk, SECOND_MEETING)
    yield world.ago(3)
    walk.fill_slots(world.ago(8), leave_out=2)
    walk.list_problems(world.ago(4), per_category=1)
    walk.plan(world.ago(3), PlanStatus.DRAFTING)


def bare(walk: Walk) -> Story:
    """已认定 at the second meeting: no slot filled although seven days have passed."""
    yield from listed(walk, SECOND_MEETING)


def declined(walk: Walk) -> Story:
    """未认定 at the first meeting."""
    on = walk.world.ago(FIRST_MEETING)
    yield on
    with clock.set_to(on):
        cases.decline(
            walk.case,
            by=walk.world.office,
            on=on,
            minutes_no=minutes(walk, FIRST_MEETING),
            note="联查部门意见不一，情况正在好转，本次不列入，由乡镇跟踪。",
        )


def put_off(walk: Walk) -> Story:
    """整顿中: the deadline was put off by decision."""
    yield from started(walk)
    yield walk.world.ago(5)
    extend(walk, walk.world.ago(5), walk.world.ahead(285))


FIRST: tuple[Callable[[Walk], Story], ...] = (
    going_well,
    asking_for_closing,
    asking_the_district,
    plan_submitted,
    answered,
    handed_over,
    put_off,
    bare,
    silent,
    plan_returned,
    plan_approved,
    declined,
    plan_drafted,
)
