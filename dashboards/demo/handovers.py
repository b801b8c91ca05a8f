"""What passes from hand to hand: handovers in each state, and deputies past, present, to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from rectification.choices import CaseStatus
from rectification.models import Assignment, Cadre, Problem, Task
from rectification.services import deputies, handovers

if TYPE_CHECKING:
    from dashboards.demo.world import World
    from rectification.models import Handover


def make_handovers(world: World) -> None:
    """Propose, accept and refuse; let helper2 act for the helper who is at the Party school."""
    pass_tasks(world)
    pass_a_slot(world)
    change_a_leader(world)
    make_deputies(world)


def pass_tasks(world: World) -> None:
    """A task that waits for helper1, one that the township answers for, one refused."""
    helper = world.users["helper1"].cadre
    waiting = open_tasks(world, helper)
    if len(waiting) > 1:
        propose(world, waiting[0], helper, 3, "原责任人抽调参加防汛，由第一书记接着办")
        refused = propose(world, waiting[1], helper, 12, "原责任人外出学习三个月")
        with clock.set_to(world.ago(10)):
            handovers.refuse(
                refused, by=world.users["helper1"], reason="账目清理须由乡镇经管人员办"
            )
    team = world.staff_now.township[world.townships[0].code]
    owned = Problem.objects.filter(
        case__village__township=world.townships[0], case__round__district=world.district
    ).unfinished()
    problems = list(owned.exclude(owner=team[1]).for_detail().order_by("pk")[:2])
    for number, problem in enumerate(problems):
        made = propose(world, problem, team[1], 5 + number, "班子分工调整")
        if number:
            with clock.set_to(world.ago(4)):
                handovers.accept(made, by=world.users["township1"], note="本人已同意")


def open_tasks(world: World, helper: Cadre) -> list[Task]:
    """Tasks of others in the villages where a helper works."""
    cases = Assignment.objects.running().held_by(helper).values("case_id")
    rows = Task.objects.open().filter(case__in=cases).exclude(owner=helper)
    return list(rows.for_detail().order_by("deadline", "pk"))


def pass_a_slot(world: World) -> None:
    """A first secretary whose turn is over asks a colleague without a village to take it."""
    slots = Assignment.objects.running().filter(
        slot__key="first_secretary", case__round__district=world.district, cadre__account=None
    )
    free = world.staff_now.first_secretaries[-1]
    slot = slots.exclude(cadre=free).for_list().order_by("-case__designated_on", "pk").first()
    if slot:
        propose(world, slot, free, 2, "两年驻村期满，轮换")


def change_a_leader(world: World) -> None:
    """In one village of the first township another member of its team has taken over."""
    team = world.staff_now.township[world.townships[0].code]
    slots = Assignment.objects.running().filter(
        slot__key="township_leader", case__village__township=world.townships[0]
    )
    slot = slots.filter(case__status=CaseStatus.RECTIFYING).for_list().order_by("pk").first()
    successor = next((cadre for cadre in team[2:] if slot and cadre != slot.cadre), None)
    if slot and successor:
        made = propose(world, slot, successor, 15, "班子分工调整，换人包村")
        with clock.set_to(world.ago(13)):
            by = successor.account or world.users["township1"]
            handovers.accept(made, by=by, note="已当面交接")


def propose(
    world: World, item: Assignment | Problem | Task, to_cadre: Cadre, days_ago: int, reason: str
) -> Handover:
    with clock.set_to(world.ago(days_ago)):
        return handovers.propose(item, to_cadre, by=world.office, reason=reason)


def make_deputies(world: World) -> None:
    """One that runs, one that is over, one to come."""
    staff = world.staff_now
    secretaries, leaders = staff.first_secretaries, staff.leaders
    rows = [
        (secretaries[0], secretaries[1], -2, 12, "区委党校学习"),
        (secretaries[3], secretaries[4], -60, 14, "住院治疗"),
        (leaders[2], leaders[1], 6, 20, "赴外地考察学习"),
    ]
    for cadre, deputy, begin, days, reason in rows:
        from_on = world.today + timedelta(days=begin)
        with clock.set_to(min(from_on, world.ago(1))):
            deputies.add_deputy(
                cadre,
                deputy,
                by=world.office,
                from_on=from_on,
                to_on=from_on + timedelta(days=days),
                reason=reason,
            )
