"""Survey records: list, one record, entry, export; a case's part; the counted ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.choices import SATISFACTION_DEFINITION
from rectification.models import Acceptance, Case
from rectification.services.acceptance import check_open
from surveys import services
from surveys.choices import RecordKind
from surveys.exports import write_records
from surveys.forms import RecordFilter, RecordForm, TallyForm
from surveys.models import SurveyRecord
from surveys.selectors import TOTALS_DEFINITION, corrections, totals

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {"held_on": ("held_on",), "kind": ("kind", "held_on")}


def _filtered(request: UserRequest) -> RecordFilter:
    records = SurveyRecord.objects.visible_to(request.user).for_list()
    ordered = sort_rows(request, records, SORTS)
    return RecordFilter(request.GET, queryset=ordered, user=request.user)


@require_safe
@require(Permission.SURVEY_VIEW)
@htmx_part
def record_list(request: UserRequest) -> HttpResponse:
    """The records of the own area, with the totals of what is shown."""
    found = _filtered(request)
    context = {
        "filter": found,
        "page": paginate(request, found.qs),
        "totals": totals(found.qs),
        "definition": TOTALS_DEFINITION,
        "can_edit": request.user.can(Permission.SURVEY_EDIT),
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(request, "surveys/record_list.html", "surveys/_record_table.html", context)


@require_safe
@require(Permission.EXPORT)
def record_export(request: UserRequest) -> HttpResponse:
    """Exactly what the list shows, all its pages."""
    name = f"调研记录_{clock.today():%Y%m%d}.xlsx"
    return xlsx_response(name, write_records(_filtered(request).qs))


@require_safe
@require(Permission.SURVEY_VIEW)
def record_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One record with what was corrected in it."""
    record = get_object_or_404(SurveyRecord.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "record": record,
        "corrections": corrections(record),
        "can_edit": request.user.can(Permission.SURVEY_EDIT),
    }
    return render(request, "surveys/record_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.SURVEY_EDIT)
def record_add(request: UserRequest) -> HttpResponse:
    """Enter a seminar, an interview or a batch of questionnaires (``?kind=``)."""
    kind = request.GET.get("kind", "")
    record = SurveyRecord(kind=kind if kind in RecordKind else RecordKind.SEMINAR)
    given = {name: request.GET[name] for name in ("round", "place") if name in request.GET}
    form = RecordForm(request.POST or None, instance=record, initial=given, user=request.user)

    def save() -> SurveyRecord:
        record.entered_by = request.user
        return form.save()

    context = {"kinds": RecordKind, "kind": record.kind}
    return process_form(
        request, form, save=save, template="surveys/record_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.SURVEY_EDIT)
def record_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a record; the former figures stay in its history."""
    record = get_object_or_404(SurveyRecord.objects.visible_to(request.user), pk=pk)
    form = RecordForm(request.POST or None, instance=record, user=request.user)
    return process_form(
        request,
        form,
        save=form.save,
        template="surveys/record_edit.html",
        context={"record": record},
    )


@require_safe
@require(Permission.SURVEY_VIEW)
@htmx_part
def case_part(request: UserRequest, pk: int) -> HttpResponse:
    """The case page's part: the village's records while the case ran, and the ballots."""
    cases = Case.objects.visible_to(request.user).for_list()
    case = get_object_or_404(cases, pk=pk)
    records = SurveyRecord.objects.visible_to(request.user).of_case(case).for_list()
    context = {
        "case": case,
        "records": records,
        "totals": totals(records),
        "totals_definition": TOTALS_DEFINITION,
        "ballots": case.acceptances.filter(expected__isnull=False).order_by("serial"),
        "open_ballot": services.open_acceptance(case, by=request.user),
        "definition": SATISFACTION_DEFINITION,
        "can_edit": request.user.can(Permission.SURVEY_EDIT),
    }
    return render_list(request, "surveys/case_part.html", "surveys/_case_surveys.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def tally_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Enter a counted ballot for an acceptance under way."""
    acceptances = Acceptance.objects.visible_to(request.user)
    acceptance = get_object_or_404(
        acceptances.select_related("case__village__township", "case__round__standard"), pk=pk
    )
    if request.method == "GET":
        check_open(acceptance, by=request.user)
    shown = get_object_or_404(acceptances, pk=pk)
    form = TallyForm(request.POST or None, instance=shown)

    def save() -> str:
        form.claim()
        acceptance.version = shown.version
        services.write_tally(acceptance, form.tally(), by=request.user)
        return reverse("rectification:acceptance_detail", args=[pk])

    context = {"acceptance": acceptance, "definition": SATISFACTION_DEFINITION}
    return process_form(
        request, form, save=save, template="surveys/tally_edit.html", context=context
    )
