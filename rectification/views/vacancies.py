"""Villages whose four ones are not complete, with the days since their designation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.exports import vacancy_table
from rectification.filters.people import VacancyFilter
from rectification.models import Case
from rectification.selectors_people import vacancies_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {"village": ("village__code",), "designated": ("designated_on", "village__code")}


def _found(request: UserRequest) -> VacancyFilter:
    """The villages the address asks for, those designated longest ago first."""
    rows = Case.objects.visible_to(request.user).missing_slots().for_list()
    ordered = sort_rows(request, rows.order_by("designated_on", "village__code"), SORTS)
    return VacancyFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_GET
@require(Permission.CASE_VIEW)
def vacancy_list(request: UserRequest) -> HttpResponse:
    """Which villages lack whom, and for how long."""
    found = _found(request)
    page = paginate(request, found.qs)
    context = {
        "page": page,
        "filter": found,
        "rows": vacancies_of(page.object_list),
        "may_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request, "rectification/vacancy_list.html", "rectification/_vacancy_table.html", context
    )


@require_GET
@require(Permission.EXPORT)
def vacancy_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    table = vacancy_table(vacancies_of(_found(request).qs))
    return xlsx_response(f"四个一未配齐的村-{clock.today()}.xlsx", table)
