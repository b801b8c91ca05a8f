"""What the list of look-backs can be narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from core import clock
from rectification.filters.area import CaseAreaFilterSet
from rectification.models import FollowUp
from rectification.services.cases import FOLLOW_UP_MONTHS
from rectification.services.dates import month_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from rectification.querysets import FollowUpQuerySet

STATES = [
    ("open", "未完成"),
    ("month", "本月应完成"),
    ("late", "已逾期"),
    ("done", "已完成"),
    ("unstable", "出现不稳定情况"),
]


class FollowUpFilter(CaseAreaFilterSet):
    """Without a state in the address: all that is still owed."""

    state = django_filters.ChoiceFilter(
        label="状态", choices=STATES, method="by_state", empty_label="全部"
    )
    months = django_filters.ChoiceFilter(
        label="第几次",
        choices=[(months, f"{months} 个月") for months in FOLLOW_UP_MONTHS],
        empty_label="全部",
    )
    search_in = ("case__village__name",)

    class Meta:
        model = FollowUp
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, **kwargs: Any) -> None:
        if "state" not in data:
            data = data.copy()
            data["state"] = "open"
        super().__init__(data, *args, **kwargs)

    def by_state(self, rows: FollowUpQuerySet, _name: str, value: str) -> FollowUpQuerySet:
        match value:
            case "open":
                return rows.open()
            case "month":
                return rows.open().filter(due_on__range=month_of(clock.today()))
            case "late":
                return rows.open().filter(due_on__lt=clock.today())
            case "unstable":
                return rows.filter(is_stable=False)
        return rows.exclude(done_on=None)
