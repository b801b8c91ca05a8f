"""Tasks: entered, changed, finished, dropped, opened again; one sentence of progress at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from accounts.roles import Permission
from core import clock, policy
from core.exceptions import DomainError, NotAllowed
from rectification import workflow_problems
from rectification.choices import (
    DESIGNATED_STATUSES,
    WORKING_STATUSES,
    CaseStatus,
    ProblemStatus,
    TaskStatus,
)
from rectification.models import Problem, Task, TaskProgress
from rectification.services.cases import record
from rectification.services.holders import holder_for
from rectification.services.limits import check_deadline, check_ends_after_start
from rectification.services.problems import note_problem_list
from rectification.services.steps import (
    at_work,
    check_may_enter,
    lock,
    move,
    past_day,
    snapshot,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.models import User


@transaction.atomic
def add_task(task: Task, *, by: User, statuses: tuple[CaseStatus, ...] = ()) -> Task:
    """Save a new task of a case, with the account that holds it."""
    check_may_enter(by)
    statuses = statuses or (DESIGNATED_STATUSES if task.problem else WORKING_STATUSES)
    case = at_work(task.case, statuses=statuses)
    _check_problem(task)
    check_ends_after_start(task.deadline, task.start_on)
    policy.check(task.measure, task.result_wanted)
    task.holder = holder_for(case, task.owner)
    task.save()
    words = f"{task.measure}（责任人 {task.owner}，期限 {task.deadline:%Y年%-m月%-d日}）"
    record(case, "task_add", "安排任务", by=by, problem=task.problem, task=task, note=words)
    note_problem_list(case, clock.today())
    return task


def _check_problem(task: Task) -> None:
    if task.problem_id is None:
        return
    problem = Problem.objects.get(pk=task.problem_id)  # as it stands now, under the case's lock
    if problem.case_id != task.case_id:
        raise DomainError("所选问题不属于这个村")
    if problem.status not in {ProblemStatus.OPEN, ProblemStatus.TRACKED}:
        raise DomainError(
            f"问题“{problem.title}”现在是“{problem.get_status_display()}”，不能再安排任务",
            link=problem.get_absolute_url(),
            link_text="看问题",
        )


def check_can_be_revised(task: Task, *, by: User) -> None:
    """Refuse to change what is over."""
    check_may_enter(by)
    if task.status != TaskStatus.OPEN:
        raise DomainError(
            f"任务{task.get_status_display()}，要修改请先重新打开",
            link=task.get_absolute_url(),
            link_text="看任务",
        )


@transaction.atomic
def revise_task(task: Task, *, save: Callable[[], Any], changes: list[str], by: User) -> Task:
    """Save an edited task; the event keeps each former value."""
    check_can_be_revised(task, by=by)
    lock(task.case_id)
    _check_problem(task)
    check_ends_after_start(task.deadline, task.start_on)
    check_deadline(task)
    policy.check(task.measure, task.result_wanted)
    task.holder = holder_for(task.case, task.owner)
    save()
    if changes:
        record(
            task.case,
            "task_edit",
            "修改任务",
            by=by,
            problem=task.problem,
            task=task,
            note="；".join(changes),
        )
    note_problem_list(task.case, clock.today())
    return task


# --- steps ----------------------------------------------------------------------------------------


@transaction.atomic
def _perform(task: Task, action: str, *, by: User, note: str, on: date, **fields: Any) -> Task:
    lock(task.case_id)
    step = workflow_problems.check(workflow_problems.TASK_STEPS, task, action, by=by)
    before = snapshot(task, fields)
    former = move(task, target=step.targets[0], **fields)
    record(
        task.case,
        f"task_{action}",
        f"任务{step.name}",
        by=by,
        problem=task.problem,
        task=task,
        from_status=former,
        to_status=task.status,
        former=before,
        note=f"{task.measure}。{note}" if note else task.measure,
        on=on,
    )
    return task


def finish(task: Task, *, by: User, on: date | None = None, note: str = "") -> Task:
    """办结."""
    on = past_day(on)
    return _perform(task, "finish", by=by, note=note, on=on, ended_on=on, end_note=note)


def drop(task: Task, *, by: User, reason: str) -> Task:
    """不再进行, with the reason."""
    written(不再进行的原因=reason)
    on = clock.today()
    return _perform(task, "drop", by=by, note=reason, on=on, ended_on=on, end_note=reason)


def reopen(task: Task, *, by: User, reason: str) -> Task:
    """重新打开, with the reason; how it ended stays in the events."""
    written(重新打开的原因=reason)
    holder = holder_for(task.case, task.owner)
    fields = {"ended_on": None, "end_note": "", "holder": holder}
    return _perform(task, "reopen", by=by, note=reason, on=clock.today(), **fields)


ACTS: dict[str, Callable[..., Task]] = {"finish": finish, "drop": drop, "reopen": reopen}


# --- progress -------------------------------------------------------------------------------------


@transaction.atomic
def add_progress(task: Task, *, by: User, text: str, on: date | None = None) -> TaskProgress:
    """Add a sentence of progress to an open task."""
    if not by.can(Permission.PROGRESS_ADD):
        raise NotAllowed("您的账号不能记任务进展")
    on = past_day(on)
    step = workflow_problems.TASK_STEPS["finish"]
    if task.status not in step.sources:
        raise DomainError(f"任务{task.get_status_display()}，不用再记进展")
    at_work(task.case, statuses=DESIGNATED_STATUSES)
    progress = TaskProgress.objects.create(task=task, on=on, text=text, by=by)
    latest = Greatest(Coalesce(F("last_progress_on"), on), on)
    Task.objects.filter(pk=task.pk).update(last_progress_on=latest)
    words = f"{task.measure}：{text}"
    record(
        task.case, "progress", "任务进展", by=by, problem=task.problem, task=task, on=on, note=words
    )
    return progress
