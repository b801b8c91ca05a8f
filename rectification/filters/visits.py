"""What the list of visits can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms

from rectification.choices import VisitMode
from rectification.filters.area import CaseAreaFilterSet
from rectification.models import Visit


def day_field(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        field_name="visited_on",
        lookup_expr=lookup,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class VisitFilter(CaseAreaFilterSet):
    mode = django_filters.ChoiceFilter(
        label="谁到的村", choices=VisitMode.choices, empty_label="全部"
    )
    since = day_field("从", "gte")
    until = day_field("到", "lte")
    found = django_filters.ChoiceFilter(
        label="新问题",
        choices=[("1", "发现了新问题"), ("0", "没有发现")],
        empty_label="全部",
        method="by_found",
    )
    search_in = ("case__village__name", "visitor__name", "findings")

    class Meta:
        model = Visit
        fields: list[str] = []

    def by_found(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(no_new_problem=value == "0")
