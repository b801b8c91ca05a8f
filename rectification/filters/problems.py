"""What the lists of problems and tasks can be narrowed by; each filter is part of the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from accounts.roles import Role
from core import clock
from divisions.models import Division
from rectification.choices import Level, Nature, ProblemStatus, TaskStatus
from rectification.models import Category, Escalation, Problem, Task

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.querysets import ProblemQuerySet, TaskQuerySet

UNFINISHED = "unfinished"


def tick(label: str, method: str) -> django_filters.ChoiceFilter:
    """A filter that is on or off, as a choice, so that the address says which."""
    return django_filters.ChoiceFilter(
        label=label, choices=[("1", "是")], empty_label="不限", method=method
    )


class AreaFilterSet(django_filters.FilterSet):
    """Search and township, narrowed to what the account sees."""

    q = django_filters.CharFilter(
        label="查找", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    township = django_filters.ModelChoiceFilter(
        label="乡镇",
        field_name="case__village__township",
        queryset=Division.objects.none(),
        empty_label="全部",
    )
    search_in: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        townships = Division.objects.visible_to(user).townships()
        self.filters["township"].queryset = townships
        if user.role == Role.TOWNSHIP:
            del self.filters["township"]

    def search(self, rows: Any, _name: str, text: str) -> Any:
        """Rows in which each of the words is found somewhere."""
        for word in text.split():
            found = Q()
            for path in self.search_in:
                found |= Q(**{f"{path}__icontains": word})
            rows = rows.filter(found)
        return rows


class ProblemFilter(AreaFilterSet):
    category = django_filters.ModelChoiceFilter(
        label="类型", queryset=Category.objects.order_by("code"), empty_label="全部"
    )
    nature = django_filters.ChoiceFilter(label="性质", choices=Nature.choices, empty_label="全部")
    level = django_filters.ChoiceFilter(label="解决层级", choices=Level.choices, empty_label="全部")
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=[(UNFINISHED, "未办结"), *ProblemStatus.choices],
        empty_label="全部",
        method="by_status",
    )
    overdue = tick("已逾期", "only_overdue")
    historical = tick("历史遗留", "only_historical")
    waiting = tick("等上级答复", "only_waiting")
    search_in = ("title", "case__village__name", "owner__name")

    class Meta:
        model = Problem
        fields: list[str] = []

    def by_status(self, rows: ProblemQuerySet, _name: str, value: str) -> ProblemQuerySet:
        return rows.unfinished() if value == UNFINISHED else rows.filter(status=value)

    def only_overdue(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        return rows.overdue(clock.today())

    def only_historical(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        return rows.filter(is_historical=True)

    def only_waiting(self, rows: ProblemQuerySet, *_: Any) -> ProblemQuerySet:
        waiting = Escalation.objects.unanswered().values("problem_id")
        return rows.filter(pk__in=waiting)


class TaskFilter(AreaFilterSet):
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
