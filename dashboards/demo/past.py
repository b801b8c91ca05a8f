"""What lies long in the past, in bulk: the rows and events that the services would have left.

Walking each visit, task and closing of sixty old cases through the services would take longer than
all the rest. Every step of a case and of a plan is walked all the same, with its guards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simple_history.utils import bulk_create_with_history

from core import clock
from dashboards.demo import texts
from rectification.choices import ProblemStatus, TaskStatus
from rectification.models import Assignment, CaseEvent, Problem, Task, Visit
from rectification.models.standards import StandardSlot
from rectification.services import milestones

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from dashboards.demo.problems import Kind
    from dashboards.demo.walk import Walk


@dataclass
class Diary:
    """Events of a case, written down at once."""

    walk: Walk
    events: list[CaseEvent] = field(default_factory=list)

    def note(self, on: date, action: str, title: str, *, by: User, **details: Any) -> None:
        with clock.set_to(on):
            event = CaseEvent(
                case=self.walk.case, on=on, action=action, title=title, by=by, **details
            )
        self.events.append(event)

    def write_down(self) -> None:
        CaseEvent.objects.bulk_create(self.events)


def had_slots(walk: Walk, on: date) -> None:
    """The slots of the four ones were filled on a day."""
    slots = walk.case.round.standard.slots.filter(is_enabled=True).order_by("number")
    rows, diary = [], Diary(walk)
    for place, slot in enumerate(slots):
        person = walk.helper(place)
        is_unit = slot.kind == StandardSlot.Kind.UNIT
        holder = {"unit_name": person.unit, "liaison": person} if is_unit else {"cadre": person}
        fields = {"case": walk.case, "slot": slot, "started_on": on, **holder}
        row = Assignment(**fields)
        words = f"{slot.name}：{row.cadre or row.unit_name}"
        diary.note(on, "assign", "安排帮扶力量", by=walk.world.office, note=words)
        rows.append(row)
    Assignment.objects.bulk_create(rows)
    diary.write_down()
    milestones.reach(walk.case, "four_ones", on)


def had_visits(walk: Walk, days: list[date], found: list[Problem]) -> None:
    """The village was visited on some days, each visit moving a problem."""
    made, diary = [], Diary(walk)
    for step, day in enumerate(days):
        is_delegated = step % 3 == 0 and walk.number % 2 == 0
        with clock.set_to(day):
            row = walk.new_visit(day, step % 3, is_delegated=is_delegated)
            row.entered_by, row.entered_at = walk.township, clock.now()
        words = f"{row.visitor}{row.get_mode_display()}：{row.findings}"
        diary.note(day, "visit", "走访", by=walk.township, note=words)
        made.append(row)
    Visit.objects.bulk_create(made)
    links = Visit.problems.through
    links.objects.bulk_create(
        links(visit=row, problem=found[step % len(found)]) for step, row in enumerate(made)
    )
    diary.write_down()


def had_problems(walk: Walk, on: date, solved_on: date) -> list[Problem]:
    """Problems were listed on a day and solved by another, all but what was tracked for long."""
    diary = Diary(walk)
    pairs = [
        (walk.new_problem(category, kind, on, number=number, **ending(walk, kind, solved_on)), kind)
        for number, (category, kind) in enumerate(walk.chosen_kinds(), start=1)
    ]
    found = [problem for problem, _ in pairs]
    bulk_create_with_history(found, Problem, default_user=walk.township)
    finished = {
        "holder": walk.township,
        "status": TaskStatus.DONE,
        "ended_on": solved_on,
        "end_note": texts.DONE,
    }
    tasks = [
        task for problem, kind in pairs for task in walk.new_tasks(problem, kind, on, **finished)
    ]
    Task.objects.bulk_create(tasks)
    for problem in found:
        diary.note(
            on, "problem_add", "登记问题", by=walk.township, problem=problem, note=problem.title
        )
    for task in tasks:
        note_task(diary, task, solved_on)
    for problem in found:
        note_closing(diary, problem)
    diary.write_down()
    milestones.reach(walk.case, "problem_list", on)
    return found


def ending(walk: Walk, kind: Kind, solved_on: date) -> dict[str, Any]:
    """How a problem ended: closed by another than who asked; old ones of odd cases stay open."""
    if kind.is_historical and walk.number % 2:
        return {"holder": walk.township}
    return {
        "holder": walk.township,
        "status": ProblemStatus.CLOSED,
        "evidence": kind.evidence,
        "closing_by": walk.township,
        "closed_by": walk.world.office,
        "closed_on": solved_on,
    }


def note_task(diary: Diary, task: Task, solved_on: date) -> None:
    by = diary.walk.township
    about: dict[str, Any] = {"by": by, "problem": task.problem, "task": task}
    diary.note(task.start_on, "task_add", "安排任务", note=task.measure, **about)
    diary.note(
        solved_on,
        "task_finish",
        "任务办结",
        from_status=TaskStatus.OPEN,
        to_status=TaskStatus.DONE,
        note=f"{task.measure}。{texts.DONE}",
        **about,
    )


def note_closing(diary: Diary, problem: Problem) -> None:
    if problem.closed_on is None:
        return
    diary.note(
        problem.closed_on,
        "problem_request_close",
        "问题申请销号",
        by=diary.walk.township,
        problem=problem,
        from_status=ProblemStatus.OPEN,
        to_status=ProblemStatus.CLOSING,
        note=problem.evidence,
    )
    diary.note(
        problem.closed_on,
        "problem_approve_close",
        "问题核准销号",
        by=diary.walk.world.office,
        problem=problem,
        from_status=ProblemStatus.CLOSING,
        to_status=ProblemStatus.CLOSED,
    )
