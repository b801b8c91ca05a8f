"""What must hold before a step of a problem, a task or a plan, as guards.py for the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.roles import Permission
from rectification.choices import (
    DESIGNATED_STATUSES,
    OPEN_PROBLEM_STATUSES,
    WORKING_STATUSES,
    Level,
    ProblemStatus,
    TaskStatus,
    VerdictValue,
)
from rectification.guards import Missing
from rectification.guards_deputies import barred_from, running_pairs
from rectification.services.acting import acts_for

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Case, Plan, Problem, Task
    from rectification.querysets import TaskQuerySet

# Levels whose problems need a measure of their own; one handed up further needs its question.
OWN_LEVELS = (Level.VILLAGE, Level.TOWNSHIP)


def _case_is_not_designated(case: Case) -> list[Missing]:
    if case.status in DESIGNATED_STATUSES:
        return []
    words = f"整顿档案现在是“{case.get_status_display()}”，认定之后才能办理"
    return [Missing(words, case.get_absolute_url(), "看档案")]


# --- problems -------------------------------------------------------------------------------------


def problem_is_at_work(problem: Problem, user: User) -> list[Missing]:
    """The case was designated; what is open when it ends is still brought to its own end."""
    return _case_is_not_designated(problem.case)


def case_goes_on(problem: Problem, user: User) -> list[Missing]:
    """重新打开: only while the case goes on; afterwards it is a signal of relapse."""
    case = problem.case
    if case.status in WORKING_STATUSES:
        return []
    words = f"整顿档案现在是“{case.get_status_display()}”，问题再次出现的，请登记反弹苗头"
    return [Missing(words, case.get_absolute_url(), "看档案")]


def tasks_are_settled(problem: Problem, user: User) -> list[Missing]:
    """销号: every task is done, or dropped with a reason."""
    return [
        Missing(f"任务“{task.measure}”还没有完成", task.get_absolute_url(), "去办结任务")
        for task in problem.tasks.filter(status=TaskStatus.OPEN)
    ]


def question_is_answered(problem: Problem, user: User) -> list[Missing]:
    """No question that was handed up still waits for its answer."""
    return [
        Missing(
            f"上交{item.get_to_level_display()}的事项还没有答复",
            problem.get_absolute_url() + "#escalations",
            "看上交事项",
        )
        for item in problem.escalations.unanswered()
    ]


def parts_are_over(problem: Problem, user: User) -> list[Missing]:
    """销号: the problems that are parts of it have come to an end."""
    parts = problem.children.unfinished()
    return [
        Missing(f"所属的问题“{part.title}”还没有办结", part.get_absolute_url(), "看该问题")
        for part in parts
    ]


def waited_for_are_over(problem: Problem, user: User) -> list[Missing]:
    """销号: the problems it waits for have come to an end."""
    return [
        Missing(f"要先解决“{first.title}”", first.get_absolute_url(), "看该问题")
        for first in problem.waits_for.unfinished()
    ]


def nobody_above_says_unsolved(problem: Problem, user: User) -> list[Missing]:
    """销号: the highest level that judged it did not last say 没有解决."""
    latest = {}
    for verdict in problem.verdicts.order_by("on", "pk"):
        latest[verdict.level] = verdict
    for level in (Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE):
        if level in latest:
            if latest[level].value != VerdictValue.UNSOLVED:
                return []
            words = f"{level.label}最近认定“没有解决”，解决后先重新登记认定"
            return [Missing(words, problem.get_absolute_url() + "#verdicts", "看认定")]
    return []


def whole_is_open(problem: Problem, user: User) -> list[Missing]:
    """重新打开: the problem it is a part of, and those that waited for it, are not closed."""
    closed = [row for row in problem.waited_by.all() if row.status == ProblemStatus.CLOSED]
    if problem.parent and problem.parent.status == ProblemStatus.CLOSED:
        closed.append(problem.parent)
    return [
        Missing(f"先重新打开以它为前提的“{row.title}”", row.get_absolute_url(), "看该问题")
        for row in closed
    ]


def approver_is_not_the_doer(problem: Problem, user: User) -> list[Missing]:
    """核准销号: by somebody other than the one who asked, those who did the work, and deputies."""
    link = problem.get_absolute_url()
    if problem.closing_by_id == user.pk:
        return [Missing("申请销号的是您自己，要由别的账号核准", link, "看问题")]
    barred = barred_from([problem])[problem.pk]
    if user.pk in barred.doers:
        return [Missing("您办过这个问题的任务，要由没有经办的账号核准", link, "看问题")]
    if user.pk in barred.linked:
        return [Missing("您与经办人之间有代理关系，要由无关的账号核准", link, "看问题")]
    return []


# What must hold for a problem to count as solved, when it is asked and when it is approved.
SOLVED = (
    problem_is_at_work,
    tasks_are_settled,
    parts_are_over,
    waited_for_are_over,
    nobody_above_says_unsolved,
)


# --- tasks ----------------------------------------------------------------------------------------


def task_is_at_work(task: Task, user: User) -> list[Missing]:
    """The case was designated, and the problem is open, or was handed over with the task open."""
    problem = task.problem
    if problem is None:
        return _case_is_not_designated(task.case)
    is_left = problem.status == ProblemStatus.HANDED_OVER and task.status == TaskStatus.OPEN
    if is_left or problem.status in (ProblemStatus.OPEN, ProblemStatus.TRACKED):
        return problem_is_at_work(problem, user)
    words = f"所针对的问题是“{problem.get_status_display()}”，要先退回或重新打开问题"
    return [Missing(words, problem.get_absolute_url(), "看问题")]


def task_is_own(task: Task, user: User) -> list[Missing]:
    """A helper finishes the own tasks; the others ask the township or the office."""
    own = {task.holder_id, task.owner.account_id}
    if user.can(Permission.PROBLEM_EDIT) or user.pk in own or acts_for(user, task.owner):
        return []
    return [Missing("这项任务不是由您负责，请联系乡镇办结", task.get_absolute_url(), "看任务")]


# --- plans ----------------------------------------------------------------------------------------


def plan_is_wanted(plan: Plan, user: User) -> list[Missing]:
    """The case was designated and has not come to its end."""
    case = plan.case
    if case.status in WORKING_STATUSES:
        return []
    words = f"整顿档案现在是“{case.get_status_display()}”，认定之后、转化之前才有方案"
    return [Missing(words, case.get_absolute_url(), "看档案")]


def slots_are_filled(plan: Plan, user: User) -> list[Missing]:
    """All enabled slots of the four ones are filled, or the plan says why not."""
    if plan.slots_reason:
        return []
    running = plan.case.assignments.running().values_list("slot_id", flat=True)
    empty = plan.case.round.standard.slots.filter(is_enabled=True).exclude(pk__in=running)
    link = reverse("rectification:case_detail", args=[plan.case_id]) + "?tab=people"
    return [
        Missing(f"“{slot.name}”还没有安排人（或在方案中写明原因）", link, "去安排")
        for slot in empty
    ]


def categories_have_tasks(plan: Plan, user: User) -> list[Missing]:
    """Every type of the case, main and further, has at least one measure."""
    case = plan.case
    served = set(_live_tasks(case).values_list("category_id", flat=True))
    wanted = [case.main_category, *case.further_categories.all()]
    link = reverse("rectification:task_add", args=[case.pk])
    return [
        Missing(f"类型“{item}”还没有措施", f"{link}?category={item.pk}", "去添加措施")
        for item in wanted
        if item.pk not in served
    ]


def problems_have_tasks(plan: Plan, user: User) -> list[Missing]:
    """Every open problem of village or township has a measure; one handed up has its question."""
    case = plan.case
    problems = case.problems.filter(status__in=OPEN_PROBLEM_STATUSES)
    served = set(_live_tasks(case).values_list("problem_id", flat=True))
    asked = set(problems.exclude(escalations=None).values_list("pk", flat=True))
    return [missing for item in problems if (missing := _unserved(item, served, asked))]


def _unserved(problem: Problem, served: set[int], asked: set[int]) -> Missing | None:
    if problem.level in OWN_LEVELS:
        if problem.pk in served:
            return None
        link = reverse("rectification:task_add", args=[problem.case_id])
        words = f"问题“{problem.title}”还没有措施"
        return Missing(words, f"{link}?problem={problem.pk}", "去添加措施")
    if problem.pk in asked:
        return None
    words = f"问题“{problem.title}”要由{problem.get_level_display()}解决，还没有写明请求事项"
    link = reverse("rectification:escalation_add", args=[problem.pk])
    return Missing(words, link, "去写明请求事项")


def tasks_are_complete(plan: Plan, user: User) -> list[Missing]:
    """Every task has somebody responsible who is in post, and a deadline."""
    tasks = _live_tasks(plan.case).filter(status=TaskStatus.OPEN)
    in_post = set(tasks.owned_in_post().values_list("pk", flat=True))
    missing = []
    for task in tasks:
        link = reverse("rectification:task_edit", args=[task.pk])
        if task.pk not in in_post:
            missing.append(Missing(f"任务“{task.measure}”没有在任的责任人", link, "去确定责任人"))
        if task.deadline is None:
            missing.append(Missing(f"任务“{task.measure}”没有期限", link, "去定期限"))
    return missing


def approver_is_not_the_drafter(plan: Plan, user: User) -> list[Missing]:
    """批准: by somebody other than the one who drafted the plan."""
    if plan.drafted_by_id == user.pk:
        return [Missing("方案是您起草的，要由别的账号批准", plan.get_absolute_url(), "看方案")]
    if user.pk in running_pairs({plan.drafted_by_id})[plan.drafted_by_id]:
        words = "您与起草人之间有代理关系，要由无关的账号批准"
        return [Missing(words, plan.get_absolute_url(), "看方案")]
    return []


def _live_tasks(case: Case) -> TaskQuerySet:
    return case.tasks.exclude(status=TaskStatus.DROPPED)
