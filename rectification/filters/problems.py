"""What the lists of problems and tasks can be narrowed by; each filter is part of the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from core import clock
from rectification.choices import Level, Nature, ProblemStatus, TaskStatus
from rectification.filters.area import CaseAreaFilterSet, tick
from rectification.models import Category, Cause, Escalation, Problem, Task

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.querysets import ProblemQuerySet, TaskQuerySet

UNFINISHED = "unfinished"
PENDING = "pending"


class ProblemFilter(CaseAreaFilterSet):
    category = django_filters.ModelChoiceFilter(
        label="类型", queryset=Category.objects.order_by("code"), empty_label="全部"
    )
    nature = django_filters.ChoiceFilter(label="性质", choices=Nature.choices, empty_label="全部")
    cause = django_filters.ModelChoiceFilter(
        label="成因", queryset=Cause.objects.none(), empty_label="全部"
    )
    level = django_filters.ChoiceFilter(label="解决层级", choices=Level.choices, empty_label="全部")
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=[
            (UNFINISHED, "未办结（含长期跟踪）"),
            (PENDING, "待办结（处理中和申请销号）"),
            *ProblemStatus.choices,
        ],
        empty_label="全部",
        method="by_status",
    )
    overdue = tick("已逾期", "only_overdue")
    historical = tick("历史遗留", "only_historical")
    waiting = tick("等上级答复", "only_waiting")
    reopened = tick("重新打开过", "only_reopened")
    search_in = ("title", "case__village__name", "owner__name")

    class Meta:
        model = Problem
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["cause"].queryset = Cause.objects.visible_to(user).order_by("code")

    def by_status(self, rows: ProblemQuerySet, _name: str, value: str) -> ProblemQuerySet:
        match value:
            case "unfinished":
                return rows.unfinished()
            case "pending":
                return rows.open()
        return rows.filter(status=value)

    def only_overdue(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        return rows.overdue(clock.today())

    def only_historical(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        return rows.filter(is_historical=True)

    def only_waiting(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        waiting = Escalation.objects.unanswered().values("problem_id")
        return rows.filter(pk__in=waiting)

    def only_reopened(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        return rows.reopened()


class TaskFilter(CaseAreaFilterSet):
    status = django_filters.ChoiceFilter(
        label="状态", choices=TaskStatus.choices, empty_label="全部"
    )
    overdue = tick("已逾期", "only_overdue")
    stalled = tick("停滞（久无进展）", "only_stalled")
    search_in = ("measure", "case__village__name", "owner__name")

    class Meta:
        model = Task
        fields: list[str] = []

    def only_overdue(self, rows: TaskQuerySet, *_: Any) -> TaskQuerySet:
        return rows.overdue(clock.today())

    def only_stalled(self, rows: TaskQuerySet, *_: Any) -> TaskQuerySet:
        return rows.stalled(clock.today())
