"""The library of measures: what each achieved before, and which to choose for a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from core.http import htmx_part, paginate, render_list
from rectification.filters.measures import MeasureFilter
from rectification.forms.measures import MeasureForm
from rectification.models import Case, Measure, Task
from rectification.selectors_measures import results, suggestions, with_results
from rectification.services.measures import save_measure

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@htmx_part
@require_GET
@require(Permission.ROUND_VIEW)
def measure_list(request: UserRequest) -> HttpResponse:
    """The library of the district, each measure with what it achieved."""
    rows = Measure.objects.visible_to(request.user).select_related("category", "cause")
    found = MeasureFilter(request.GET, queryset=rows, user=request.user)
    page = paginate(request, found.qs)
    context = {
        "page": page,
        "rows": with_results(page.object_list),
        "filter": found,
        "may_edit": request.user.can(Permission.MEASURE_EDIT),
    }
    return render_list(
        request, "rectification/measure_list.html", "rectification/_measure_table.html", context
    )


@require_GET
@require(Permission.ROUND_VIEW)
def measure_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One measure: its results, the tasks behind them, and its earlier wordings."""
    user = request.user
    rows = Measure.objects.visible_to(user).select_related("category", "cause", "district")
    measure = get_object_or_404(rows, pk=pk)
    used = Task.objects.visible_to(user).filter(library=measure).for_list()
    context = {
        "measure": measure,
        "result": results([measure])[measure.pk],
        "page": paginate(request, used.order_by("-start_on", "pk")),
        "history": measure.history.select_related("history_user"),
        "may_edit": user.can(Permission.MEASURE_EDIT),
    }
    return render(request, "rectification/measure_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.MEASURE_EDIT)
def measure_add(request: UserRequest) -> HttpResponse:
    """Add a measure to the library of the own district."""
    measure = Measure(district=request.user.division)
    form = MeasureForm(request.POST or None, instance=measure, user=request.user)

    def save() -> Measure:
        return save_measure(form.save, by=request.user)

    return process_form(request, form, save=save, template="rectification/measure_form.html")


@require_http_methods(["GET", "POST"])
@require(Permission.MEASURE_EDIT)
def measure_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a measure or take it out of use."""
    measure = get_object_or_404(Measure.objects.visible_to(request.user), pk=pk)
    form = MeasureForm(request.POST or None, instance=measure, user=request.user)

    def save() -> Measure:
        return save_measure(form.save, by=request.user)

    context = {"measure": measure}
    return process_form(
        request, form, save=save, template="rectification/measure_form.html", context=context
    )


@require_GET
@require(Permission.PROBLEM_EDIT)
def measure_pick(request: UserRequest, pk: int) -> HttpResponse:
    """Measures that suit a case's problems and types, each one step from being a task."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    context = {"case": case, "aims": suggestions(case, request.user)}
    return render(request, "rectification/measure_pick.html", context)


def chosen_measure(request: UserRequest, case: Case) -> Measure | None:
    """The measure that the address names (?measure=), when the case's district has it in use."""
    key = request.GET.get("measure", "")
    if not key.isdecimal():
        return None
    rows = Measure.objects.visible_to(request.user).in_use()
    return rows.filter(district=case.round.district_id, pk=key).first()
