"""What the lists of a round can be narrowed by: results, opinions, townships' lists, rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from accounts.roles import Department
from core import clock
from rectification.choices import RoundStatus, ScreeningOutcome, SubmissionStatus
from rectification.filters.area import AreaFilterSet, tick
from rectification.models import (
    Category,
    DepartmentOpinion,
    Round,
    Screening,
    TownshipSubmission,
)

if TYPE_CHECKING:
    from accounts.models import User
    from divisions.models import Division
    from rectification.querysets import OpinionQuerySet, ScreeningQuerySet, SubmissionQuerySet

NOT_YET = "none"


class ScreeningFilter(AreaFilterSet):
    """Without a year in the address: the newest round."""

    outcome = django_filters.ChoiceFilter(
        label="排查结果",
        choices=[(NOT_YET, "未排查"), *ScreeningOutcome.choices],
        empty_label="全部",
        method="by_outcome",
    )
    category = django_filters.ModelChoiceFilter(
        label="主要类型",
        field_name="main_category",
        queryset=Category.objects.order_by("code"),
        empty_label="全部",
    )
    left_out = tick("符合直接认定条件未列入", "only_left_out")
    search_in = ("village__name", "village__code")
    case_path = ""

    class Meta:
        model = Screening
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, user: User, **kwargs: Any) -> None:
        if "year" not in data:
            newest = Round.objects.visible_to(user).order_by("-year").first()
            data = data.copy()
            data["year"] = str(newest.year) if newest else ""
        super().__init__(data, *args, user=user, **kwargs)
        self.filters["year"].label = "轮次"

    def of_year(self, rows: ScreeningQuerySet, _name: str, year: str) -> ScreeningQuerySet:
        """A result belongs to its round alone, where a case may go on into later years."""
        return rows.filter(round__year=year)

    def by_outcome(self, rows: ScreeningQuerySet, _name: str, value: str) -> ScreeningQuerySet:
        return rows.unscreened() if value == NOT_YET else rows.filter(outcome=value)

    def only_left_out(self, rows: ScreeningQuerySet, *_: Any) -> ScreeningQuerySet:
        return rows.left_out()


class OpinionFilter(AreaFilterSet):
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("open", "待答复"), ("late", "逾期未答复"), ("done", "已答复")],
        empty_label="全部",
        method="by_state",
    )
    department = django_filters.ChoiceFilter(
        label="部门", choices=Department.choices, empty_label="全部"
    )
    search_in = ("village__name", "question")
    case_path = ""

    class Meta:
        model = DepartmentOpinion
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["year"].label = "轮次"
        if user.department:
            del self.filters["department"], self.filters["year"]

    def of_year(self, rows: OpinionQuerySet, _name: str, year: str) -> OpinionQuerySet:
        return rows.filter(round__year=year)

    def by_state(self, rows: OpinionQuerySet, _name: str, value: str) -> OpinionQuerySet:
        match value:
            case "open":
                return rows.unanswered()
            case "late":
                return rows.unanswered().filter(due_on__lt=clock.today())
        return rows.exclude(answered_on=None)


class SubmissionFilter(AreaFilterSet):
    """Of the townships' lists."""

    status = django_filters.ChoiceFilter(
        label="状态",
        choices=[("late", "逾期未报"), *SubmissionStatus.choices],
        empty_label="全部",
        method="by_status",
    )
    search_in = ("township__name", "round__name")

    class Meta:
        model = TownshipSubmission
        fields: list[str] = []

    def in_area(self, rows: SubmissionQuerySet, _name: str, unit: Division) -> SubmissionQuerySet:
        return rows.filter(township__code__range=unit.code_range)

    def of_year(self, rows: SubmissionQuerySet, _name: str, year: str) -> SubmissionQuerySet:
        return rows.filter(round__year=year)

    def by_status(self, rows: SubmissionQuerySet, _name: str, value: str) -> SubmissionQuerySet:
        return rows.late(clock.today()) if value == "late" else rows.filter(status=value)


class RoundFilter(django_filters.FilterSet):
    """Of the rounds themselves: one a year and district."""

    q = django_filters.CharFilter(
        label="查找",
        field_name="name",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = django_filters.ChoiceFilter(
        label="状态", choices=RoundStatus.choices, empty_label="全部"
    )

    class Meta:
        model = Round
        fields: list[str] = []
