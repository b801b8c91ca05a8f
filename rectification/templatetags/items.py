"""States of problems, tasks, plans and milestones as word, shape and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core.templatetags.ui import status_badge
from rectification.ages import age_of
from rectification.choices import PlanStatus, ProblemStatus, TaskStatus, VerdictValue

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from rectification.models import Milestone, Plan, Problem, Task, Verdict

register = template.Library()

PROBLEM_KINDS = {
    ProblemStatus.OPEN: "info",
    ProblemStatus.CLOSING: "warn",
    ProblemStatus.CLOSED: "done",
    ProblemStatus.HANDED_OVER: "neutral",
    ProblemStatus.TRACKED: "neutral",
    ProblemStatus.UNSOLVABLE: "bad",
}
VERDICT_KINDS = {
    VerdictValue.SOLVED: "good",
    VerdictValue.PARTLY: "warn",
    VerdictValue.UNSOLVED: "bad",
}
TASK_KINDS = {TaskStatus.OPEN: "info", TaskStatus.DONE: "done", TaskStatus.DROPPED: "neutral"}
PLAN_KINDS = {
    PlanStatus.DRAFTING: "neutral",
    PlanStatus.SUBMITTED: "info",
    PlanStatus.APPROVED: "done",
    PlanStatus.RETURNED: "warn",
}


@register.simple_tag
def problem_badge(problem: Problem) -> SafeString:
    if problem.is_overdue:
        return status_badge(f"{problem.get_status_display()} · 已逾期", "bad")
    return status_badge(problem.get_status_display(), PROBLEM_KINDS[ProblemStatus(problem.status)])


@register.simple_tag
def reopen_badge(problem: Problem) -> SafeString:
    """重新打开 N 次, wherever the problem is shown; nothing for one that never was."""
    count = getattr(problem, "reopen_count", 0)
    return status_badge(f"重新打开 {count} 次", "warn") if count else mark_safe("")


@register.simple_tag
def problem_age(problem: Problem) -> str:
    """Both clocks: the days in all, and those that did not wait for somebody else."""
    age = age_of(problem)
    waited = f"，其中等别人 {age.waited} 天，本级 {age.own} 天" if age.waited else ""
    return f"共 {age.total} 天{waited}"


@register.simple_tag
def short_age(problem: Problem) -> SafeString:
    """Both clocks one under the other, for table cells; one where they are the same."""
    age = age_of(problem)
    own = format_html("<br>本级 {} 天", age.own) if age.waited else ""
    return format_html("共 {} 天{}", age.total, own)


@register.simple_tag
def verdict_badge(verdict: Verdict) -> SafeString:
    return status_badge(verdict.get_value_display(), VERDICT_KINDS[VerdictValue(verdict.value)])


@register.simple_tag
def task_badge(task: Task) -> SafeString:
    if task.is_overdue:
        return status_badge(f"{task.get_status_display()} · 已逾期", "bad")
    return status_badge(task.get_status_display(), TASK_KINDS[TaskStatus(task.status)])


@register.simple_tag
def plan_badge(plan: Plan) -> SafeString:
    return status_badge(plan.get_status_display(), PLAN_KINDS[PlanStatus(plan.status)])


@register.simple_tag
def milestone_badge(milestone: Milestone) -> SafeString:
    """已达到, 迟到, 逾期 or 未到期: what a milestone's two dates say."""
    reached, due = milestone.reached_on, milestone.due_on
    if reached and reached > due:
        return status_badge(f"晚 {(reached - due).days} 天达到", "warn")
    if reached:
        return status_badge("已达到", "done")
    if milestone.is_overdue:
        return status_badge("逾期未达到", "bad")
    return status_badge("未到期", "neutral")
