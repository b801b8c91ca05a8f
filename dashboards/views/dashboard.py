"""领导驾驶舱 and what hangs on it: the data of its charts, the definitions, the linked villages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import require
from accounts.roles import Permission, Role
from core import clock
from dashboards import selectors
from dashboards.selectors.definitions import OF_CASE_PAGE
from rectification.choices import VISITED_STATUSES, RoundStatus
from rectification.models import Assignment, Case, Extension, Round
from rectification.selectors_people import parts_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User
    from rectification.querysets import CaseQuerySet, ExtensionQuerySet

ALL_YEARS = "all"


def chosen_year(request: UserRequest) -> int | None:
    """The year in the address; without one that of the round under way, else of the latest."""
    asked = request.GET.get("year", "")
    if asked == ALL_YEARS:
        return None
    rounds = Round.objects.visible_to(request.user).values_list("year", "status")
    years = {year for year, _ in rounds}
    if asked.isdigit() and int(asked) in years:
        return int(asked)
    running = {year for year, status in rounds if status == RoundStatus.OPEN}
    return max(running or years, default=None)


def linked_to(user: User) -> CaseQuerySet:
    """Cases at work or followed in which the account's cadre holds a slot today."""
    assignments = Assignment.objects.visible_to(user).running().of_account(user)
    cases = Case.objects.visible_to(user).filter(pk__in=assignments.values("case_id"))
    return cases.filter(status__in=VISITED_STATUSES).for_overview()


def asked_of(user: User) -> ExtensionQuerySet:
    """Requests for more time that wait for a leader of the district, earliest deadline first."""
    rows = Extension.objects.visible_to(user).for_leader(user)
    if user.role != Role.LEADER:
        return rows.none()
    return rows.for_list().order_by("former", "pk")


@require_safe
@require(Permission.DASHBOARD_VIEW)
def dashboard(request: UserRequest) -> HttpResponse:
    """Where the work stands, to be read in one minute; every number opens its rows."""
    user = request.user
    records = selectors.records_of(user, year=chosen_year(request), day=clock.today())
    late, *waiting = selectors.overdue(records)
    context: dict[str, Any] = {
        "records": records,
        "numbers": [*selectors.outcomes(records), late],
        "concerns": [*selectors.concerns(records), *waiting],
        "screening": selectors.screening(records),
        "origins": selectors.origins(records),
        "charts": [build(records) for build in selectors.CHARTS.values()],
        "tiles": selectors.tiles(records),
        "linked": linked_to(user) if user.role == Role.LEADER else [],
        "extensions": asked_of(user),
        "read_at": clock.now(),
        "year_asked": records.year or ALL_YEARS,
    }
    return render(request, "dashboards/dashboard.html", context)


@require_safe
@require(Permission.DASHBOARD_VIEW)
def chart_data(request: UserRequest, key: str) -> HttpResponse:
    """The numbers of one chart, from the same selector as the table beneath it."""
    if key not in selectors.CHARTS:
        raise Http404
    records = selectors.records_of(request.user, year=chosen_year(request), day=clock.today())
    return JsonResponse(selectors.CHARTS[key](records).as_json())


@require_safe
@require(Permission.DASHBOARD_VIEW)
def definitions(request: UserRequest) -> HttpResponse:
    """口径说明: what each figure counts, in one place."""
    context = {"definitions": [*selectors.DEFINITIONS.values(), *OF_CASE_PAGE]}
    return render(request, "dashboards/definitions.html", context)


@require_safe
@require(Permission.DASHBOARD_VIEW)
def linked_cases(request: UserRequest) -> HttpResponse:
    """我的联系村: the reader's own cases, and what the reader has left in each of them."""
    user = request.user
    cases = {case.pk: case for case in linked_to(user)}
    held = Assignment.objects.visible_to(user).running().of_account(user).filter(case__in=cases)
    rows = held.with_signs().for_list().order_by("case__village__code", "slot__number")
    context = {
        "cases": cases.values(),
        "parts": [(cases[part.assignment.case_id], part) for part in parts_of(rows, user)],
    }
    return render(request, "dashboards/linked_cases.html", context)


@require_safe
@require(Permission.EXPORT)
def reports(request: UserRequest) -> HttpResponse:
    """报表: what can be taken away, and where figures are explained and checked."""
    context = {"may_see_figures": request.user.can(Permission.DASHBOARD_VIEW)}
    return render(request, "dashboards/reports.html", context)
