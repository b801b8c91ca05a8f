"""What the list of cadres can be narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from core import clock
from divisions.codes import Level
from divisions.models import Division
from rectification.choices import HandoverStatus
from rectification.filters.area import AreaFilterSet, CaseAreaFilterSet, tick
from rectification.models import Assignment, Cadre, Case, Deputy, Handover, StandardSlot

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.querysets import (
        CadreQuerySet,
        CaseQuerySet,
        DeputyQuerySet,
        HandoverQuerySet,
    )


class CadreFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="查找", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    division = django_filters.ModelChoiceFilter(
        label="所属", queryset=Division.objects.none(), empty_label="全部"
    )
    post = django_filters.ChoiceFilter(
        label="任职",
        choices=[("in", "在任"), ("out", "已离任")],
        empty_label="全部",
        method="by_post",
    )

    class Meta:
        model = Cadre
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Division.objects.visible_to(user).filter(level__gte=Level.COUNTY)
        self.filters["division"].queryset = units

    def search(self, rows: CadreQuerySet, _name: str, text: str) -> CadreQuerySet:
        return rows.search(text)

    def by_post(self, rows: CadreQuerySet, _name: str, value: str) -> CadreQuerySet:
        return rows.in_post() if value == "in" else rows.out_of_post()


class HandoverFilter(AreaFilterSet):
    """Handovers by village, people, state, and those that wait for the reader."""

    status = django_filters.ChoiceFilter(
        label="状态", choices=HandoverStatus.choices, empty_label="全部"
    )
    mine = tick("等我答复", "by_mine")
    search_in = (
        "case__village__name",
        "from_cadre__name",
        "to_cadre__name",
        "problem__title",
        "task__measure",
    )

    class Meta:
        model = Handover
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.reader = user

    def by_mine(self, rows: HandoverQuerySet, *_: Any) -> HandoverQuerySet:
        return rows.awaited_from(self.reader)


class DeputyFilter(django_filters.FilterSet):
    """Deputyships by name and by whether they run."""

    q = django_filters.CharFilter(
        label="查找", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    when = django_filters.ChoiceFilter(
        label="时间",
        choices=[("now", "正在代理"), ("past", "已结束")],
        empty_label="全部",
        method="by_time",
    )

    class Meta:
        model = Deputy
        fields: list[str] = []

    def search(self, rows: DeputyQuerySet, _name: str, text: str) -> DeputyQuerySet:
        return rows.filter(Q(cadre__name__icontains=text) | Q(deputy__name__icontains=text))

    def by_time(self, rows: DeputyQuerySet, _name: str, value: str) -> DeputyQuerySet:
        return rows.running() if value == "now" else rows.filter(is_past=True)


class VacancyFilter(CaseAreaFilterSet):
    """Villages that lack people: by area, by the slot that is empty, by lateness."""

    slot = django_filters.ChoiceFilter(label="缺哪项力量", empty_label="全部", method="by_slot")
    late = tick("已超过时限", "only_late")
    search_in = ("village__name", "village__code", "village__township__name")
    case_path = ""

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["slot"].extra["choices"] = slot_choices(user)

    def by_slot(self, rows: CaseQuerySet, _name: str, value: str) -> CaseQuerySet:
        return rows.missing_slots(key=value)

    def only_late(self, rows: CaseQuerySet, *_: Any) -> CaseQuerySet:
        return rows.missing_slots(late_on=clock.today())


def slot_choices(user: User) -> list[tuple[str, str]]:
    """The slots of the standards an account sees, by key, each once."""
    slots = StandardSlot.objects.visible_to(user).filter(is_enabled=True).order_by("number")
    return list(dict(slots.values_list("key", "name")).items())


def bulk_slots(user: User) -> list[tuple[str, str]]:
    """The slots that a cadre fills, by key: those that can be filled for several villages."""
    slots = StandardSlot.objects.visible_to(user).filter(is_enabled=True)
    cadres = slots.filter(kind=StandardSlot.Kind.CADRE).order_by("number")
    return list(dict(cadres.values_list("key", "name")).items())


class SilenceFilter(CaseAreaFilterSet):
    """Who left nothing in a village: by area and slot."""

    slot = django_filters.ChoiceFilter(label="力量", empty_label="全部", field_name="slot__key")
    search_in = ("case__village__name", "cadre__name", "liaison__name", "unit_name")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["slot"].extra["choices"] = slot_choices(user)
