"""What the list of promises can be narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from core import clock
from rectification.choices import PromiseKind, PromiseState
from rectification.filters.area import CaseAreaFilterSet
from rectification.models import Promise

if TYPE_CHECKING:
    from rectification.querysets import PromiseQuerySet


class PromiseFilter(CaseAreaFilterSet):
    kind = django_filters.ChoiceFilter(
        label="种类", choices=PromiseKind.choices, empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="进度",
        choices=[
            *PromiseState.choices,
            ("overdue", "到期未到位"),
            ("short", "到位金额不足"),
        ],
        empty_label="全部",
        method="in_state",
    )
    search_in = ("what", "case__village__name", "cadre__name", "unit_name")

    class Meta:
        model = Promise
        fields: list[str] = []

    def in_state(self, rows: PromiseQuerySet, _name: str, value: str) -> PromiseQuerySet:
        match value:
            case "overdue":
                return rows.overdue(clock.today())
            case "short":
                return rows.short()
        return rows.in_state(value)
