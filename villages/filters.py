"""What the list of villages can be narrowed by; the search lives in the address."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from accounts.roles import Role
from core import clock
from divisions.codes import Level
from divisions.models import Division
from villages.models import Village

if TYPE_CHECKING:
    from accounts.models import User
    from villages.querysets import VillageQuerySet

WATCH = [
    ("vacant", "书记空缺"),
    ("election", "12 个月内换届"),
    ("no_file", "本年村情档案未填"),
]


class VillageFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="村名或代码", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    township = django_filters.ModelChoiceFilter(
        label="乡镇", queryset=Division.objects.none(), empty_label="全部", method="in_area"
    )
    watch = django_filters.ChoiceFilter(
        label="关注", choices=WATCH, empty_label="不限", method="by_watch"
    )

    class Meta:
        model = Village
        fields = ["q", "township", "kind", "watch"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["empty_label"] = "全部"
        if user.role == Role.TOWNSHIP:
            del self.filters["township"]
            return
        level = Level.COUNTY if user.is_above_district else Level.TOWNSHIP
        units = Division.objects.visible_to(user).filter(level=level)
        self.filters["township"].queryset = units
        if user.is_above_district:
            self.filters["township"].label = "区县"

    def search(self, rows: VillageQuerySet, _name: str, text: str) -> VillageQuerySet:
        """Rows in which each of the words stands in name, code or township."""
        for word in text.split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(code__startswith=word)
                | Q(township__name__icontains=word)
            )
        return rows

    def in_area(self, rows: VillageQuerySet, _name: str, unit: Division) -> VillageQuerySet:
        return rows.filter(code__range=unit.code_range)

    def by_watch(self, rows: VillageQuerySet, _name: str, what: str) -> VillageQuerySet:
        today = clock.today()
        if what == "vacant":
            return rows.without_secretary(today)
        if what == "election":
            return rows.electing_by(today, today + timedelta(days=365))
        return rows.without_file(today.year)
