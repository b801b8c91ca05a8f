"""Visits: choose the village in one tap, write on one screen, read and take along as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.choices import Audience
from rectification.exports import visit_table
from rectification.filters.visits import VisitFilter
from rectification.forms.changes import change_words
from rectification.forms.visits import VisitForm
from rectification.models import Case, Visit
from rectification.services import visits

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User

SORTS = {
    "day": ("visited_on",),
    "village": ("case__village__code", "visited_on"),
    "entered": ("entered_at",),
}
SHOWN_ON_TAB = 50


def visits_tab(case: Case, user: User) -> dict[str, Any]:
    """The visits of a case, and the kinds of people nobody has talked with yet."""
    rows = Visit.objects.visible_to(user).filter(case=case)
    met = {kind for kinds in rows.values_list("audiences", flat=True) for kind in kinds}
    return {
        "visits": rows.for_list()[:SHOWN_ON_TAB],
        "more_visits": rows.count() > SHOWN_ON_TAB,
        "met": [kind.label for kind in Audience if kind in met],
        "not_met": [kind.label for kind in Audience if kind not in met and kind != Audience.OTHER],
    }


def _found(request: UserRequest) -> VisitFilter:
    """The visits the address asks for, within what the account sees."""
    rows = sort_rows(request, Visit.objects.visible_to(request.user).for_list(), SORTS)
    return VisitFilter(request.GET, queryset=rows, user=request.user)


@htmx_part
@require_GET
@require(Permission.CASE_VIEW)
def visit_list(request: UserRequest) -> HttpResponse:
    """Visits of the own area, latest first: what was found, never who went most."""
    found = _found(request)
    context = {"page": paginate(request, found.qs), "filter": found}
    return render_list(
        request, "rectification/visit_list.html", "rectification/_visit_table.html", context
    )


@require_GET
@require(Permission.EXPORT)
def visit_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"走访记录-{clock.today()}.xlsx", visit_table(_found(request).qs))


@require_GET
@require(Permission.VISIT_ADD)
def visit_pick(request: UserRequest) -> HttpResponse:
    """Choose the village: those of the own assignments first, then the others of the area."""
    cases = Case.objects.visible_to(request.user).to_visit(request.user)
    return render(request, "rectification/visit_pick.html", {"cases": cases})


@require_http_methods(["GET", "POST"])
@require(Permission.VISIT_ADD)
def visit_add(request: UserRequest, pk: int) -> HttpResponse:
    """Write a visit down."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    if request.method == "GET":
        visits.check_can_be_visited(case)
    form = VisitForm(request.POST or None, case=case, user=request.user)

    def save() -> Visit:
        problems = form.cleaned_data["problems"]
        visit = visits.add_visit(form.save(commit=False), by=request.user, problems=problems)
        messages.success(request, "走访已保存。")
        return visit

    return process_form(
        request, form, save=save, template="rectification/visit_form.html", context={"case": case}
    )


@require_http_methods(["GET", "POST"])
@require(Permission.VISIT_ADD)
def visit_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a visit; the former values stay in the record of the case."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).for_list(), pk=pk)
    form = VisitForm(request.POST or None, instance=visit, case=visit.case, user=request.user)

    def save() -> Visit:
        changes = change_words(form)
        return visits.revise_visit(visit, save=form.save, changes=changes, by=request.user)

    context = {"case": visit.case, "visit": visit}
    return process_form(
        request, form, save=save, template="rectification/visit_form.html", context=context
    )


@require_GET
@require(Permission.CASE_VIEW)
def visit_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One visit, with the day it happened and, when late, the time it was entered."""
    user = request.user
    visit = get_object_or_404(Visit.objects.visible_to(user).for_list(), pk=pk)
    context = {
        "visit": visit,
        "case": visit.case,
        "problems": visit.problems.all(),
        "may_edit": visits.may_edit(visit, user),
        "may_add_problem": user.can(Permission.PROBLEM_EDIT) and not visit.no_new_problem,
    }
    return render(request, "rectification/visit_detail.html", context)
