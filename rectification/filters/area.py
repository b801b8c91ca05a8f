"""What every list of the rectification shares: search, area and year, narrowed to the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from accounts.roles import Role
from divisions.codes import Level
from divisions.models import Division
from rectification.models import Round
from rectification.querysets import year_scope

if TYPE_CHECKING:
    from accounts.models import User


def tick(label: str, method: str) -> django_filters.ChoiceFilter:
    """A filter that is on or off, as a choice, so that the address says which."""
    return django_filters.ChoiceFilter(
        label=label, choices=[("1", "是")], empty_label="不限", method=method
    )


def areas_of(user: User) -> Any:
    """The units by which an account divides what it sees: districts from above, else townships."""
    level = Level.COUNTY if user.is_above_district else Level.TOWNSHIP
    return Division.objects.visible_to(user).filter(level=level)


class AreaFilterSet(django_filters.FilterSet):
    """Search, area and year of the round; ``case_path`` leads from the row to its case."""

    q = django_filters.CharFilter(
        label="查找", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    township = django_filters.ModelChoiceFilter(
        label="乡镇", queryset=Division.objects.none(), empty_label="全部", method="in_area"
    )
    year = django_filters.ChoiceFilter(label="轮次", empty_label="全部轮次", method="of_year")
    search_in: tuple[str, ...] = ()
    case_path = "case__"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["township"].queryset = areas_of(user)
        if user.is_above_district:
            self.filters["township"].label = "区县"
        years = Round.objects.visible_to(user).order_by("-year").values_list("year", flat=True)
        self.filters["year"].extra["choices"] = [(y, f"{y} 年") for y in years.distinct()]
        if user.role in {Role.TOWNSHIP, Role.HELPER}:
            del self.filters["township"]
        if user.role == Role.HELPER:
            del self.filters["year"]

    def search(self, rows: Any, _name: str, text: str) -> Any:
        """Rows in which each of the words is found somewhere."""
        for word in text.split():
            found = Q()
            for path in self.search_in:
                found |= Q(**{f"{path}__icontains": word})
            rows = rows.filter(found)
        return rows

    def in_area(self, rows: Any, _name: str, unit: Division) -> Any:
        return rows.filter(**{f"{self.case_path}village__code__range": unit.code_range})

    def of_year(self, rows: Any, _name: str, year: str) -> Any:
        return rows.filter(**{f"{self.case_path}round__year": year})


class CaseAreaFilterSet(AreaFilterSet):
    """Of cases and what hangs on them: a year's rows include the cases that went on into it."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "year" in self.filters:
            self.filters["year"].label = "轮次（含续整）"

    def of_year(self, rows: Any, _name: str, year: str) -> Any:
        return rows.filter(year_scope(int(year), self.case_path))
