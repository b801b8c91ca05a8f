"""What the library of measures can be narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from rectification.models import Category, Cause, Measure

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.querysets import MeasureQuerySet


class MeasureFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="查找", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    category = django_filters.ModelChoiceFilter(
        label="类型", queryset=Category.objects.order_by("code"), empty_label="全部"
    )
    cause = django_filters.ModelChoiceFilter(
        label="成因", queryset=Cause.objects.none(), empty_label="全部"
    )
    is_in_use = django_filters.ChoiceFilter(
        label="在用", choices=[("True", "在用"), ("False", "已停用")], empty_label="全部"
    )

    class Meta:
        model = Measure
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["cause"].queryset = Cause.objects.visible_to(user).order_by("code")

    def search(self, rows: MeasureQuerySet, _name: str, text: str) -> Any:
        for word in text.split():
            rows = rows.filter(text__icontains=word)
        return rows
