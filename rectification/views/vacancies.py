"""Villages whose four ones are not complete, with the days since their designation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_list_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.exports import vacancy_table
from rectification.filters.people import VacancyFilter, bulk_slots
from rectification.forms.people import AssignManyForm
from rectification.models import Case, StandardSlot
from rectification.selectors_people import vacancies_of
from rectification.services import people

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
        "bulk_slots": bulk_slots(request.user) if request.user.can(Permission.ASSIGN) else [],
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


@require_http_methods(["GET", "POST"])
@require(Permission.ASSIGN)
def assign_many(request: UserRequest, key: str) -> HttpResponse:
    """Fill one slot of several villages at once; only those in which it is empty are offered."""
    user = request.user
    slots = StandardSlot.objects.visible_to(user).filter(
        key=key, is_enabled=True, kind=StandardSlot.Kind.CADRE
    )
    slot = get_list_or_404(slots.order_by("-standard__year"))[0]
    cases = Case.objects.visible_to(user).missing_slots(key=key).for_list()
    asked = request.POST or (request.GET if "cadre" in request.GET else None)
    form = AssignManyForm(asked, user=user, cases=cases.order_by("designated_on", "village__code"))

    def save() -> str:
        chosen = form.cleaned_data.pop("cases")
        made = people.assign_many(list(chosen), key, by=user, **form.cleaned_data)
        messages.success(request, f"已安排 {len(made)} 个村的{slot.name}。")
        return reverse("rectification:vacancy_list")

    context = {"slot": slot, "limit": people.AT_ONCE}
    if request.method == "GET" and form.is_valid():
        context["preview"] = vacancies_of(form.cleaned_data["cases"])
        context["cadre"] = form.cleaned_data["cadre"]
    return process_form(
        request, form, save=save, template="rectification/assign_many.html", context=context
    )
