"""验收: one application with its sheet, the conclusion, and the case page's tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from rectification import guards, selectors
from rectification.choices import SATISFACTION_DEFINITION, CaseStatus, Conclusion, Progress
from rectification.forms.acceptance import AcceptanceForm
from rectification.forms.changes import change_words
from rectification.models import Acceptance, Case
from rectification.services import acceptance as services
from rectification.services.follow_ups import WATCHED, may_follow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User


def _acceptance(user: User, pk: int) -> Acceptance:
    rows = Acceptance.objects.visible_to(user).select_related(
        "case__village__township", "case__round__standard", "case__main_category"
    )
    return get_object_or_404(rows.prefetch_related("team"), pk=pk)


def _may_edit(acceptance: Acceptance, user: User) -> bool:
    under_way = acceptance.case.status == CaseStatus.INSPECTING and not acceptance.is_sealed
    return under_way and user.can(Permission.CASE_MANAGE)


def _sheet(acceptance: Acceptance) -> dict[str, Any]:
    """What a sheet shows beside its figures: the lines, the result so far, what is in the way."""
    standard = acceptance.case.round.standard
    team = list(acceptance.team.all())
    return {
        "acceptance": acceptance,
        "case": acceptance.case,
        "standard": standard,
        "team": team,
        "barred": [] if acceptance.is_sealed else guards.helpers_among(acceptance.case, team),
        "verdict": None if acceptance.is_sealed else services.preview(acceptance, standard),
        "invalid": services.invalid_ballots(acceptance, standard),
        "definition": SATISFACTION_DEFINITION,
    }


@require_safe
@require(Permission.CASE_VIEW)
def acceptance_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One acceptance: application, team, ballots, score, result with reasons, decision."""
    acceptance = _acceptance(request.user, pk)
    context = {**_sheet(acceptance), "can_edit": _may_edit(acceptance, request.user)}
    return render(request, "rectification/acceptance_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def acceptance_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Fill the sheet; with ``act=conclude`` decide, which seals it and moves the case."""
    acceptance = _acceptance(request.user, pk)
    if request.method == "GET":
        services.check_open(acceptance, by=request.user)
    context = _sheet(acceptance)  # of what is stored, before the form writes into the row
    concluding = request.POST.get("act") == "conclude"
    form = AcceptanceForm(
        request.POST or None, instance=acceptance, user=request.user, concluding=concluding
    )

    def save() -> str:
        services.check_open(_acceptance(request.user, pk), by=request.user)
        form.save()
        services.note_team(acceptance, former=context["team"], by=request.user)
        services.note_sheet(acceptance, change_words(form, but="team"), by=request.user)
        if not concluding:
            messages.success(request, "已保存，还没有审定。")
            return reverse("rectification:acceptance_edit", args=[pk])
        chosen = form.cleaned_data["conclusion"]
        services.conclude(
            acceptance,
            by=request.user,
            conclusion=Conclusion(chosen) if chosen else None,
            lowered_reason=form.cleaned_data["lowered_reason"],
            new_deadline=form.cleaned_data["new_deadline"],
        )
        return acceptance.get_absolute_url()

    return process_form(
        request, form, save=save, template="rectification/acceptance_edit.html", context=context
    )


def acceptance_tab(case: Case, user: User) -> dict[str, Any]:
    """The case page's tab: assessments, acceptances, look-backs, signals, a relapse's causes."""
    assessments = list(case.assessments.visible_to(user).select_related("by"))
    office = user.can(Permission.CASE_MANAGE)
    in_district = selectors.may_see_grounds(user)
    rectifying = case.status == CaseStatus.RECTIFYING
    return {
        "assessments": assessments,
        "can_see_grounds": in_district,
        "can_assess": office and rectifying,
        "proposes_talk": in_district
        and rectifying
        and bool(assessments)
        and assessments[0].result == Progress.NONE,
        "acceptances": case.acceptances.prefetch_related("team"),
        "can_inspect": office and case.status == CaseStatus.INSPECTING,
        "follow_ups": case.follow_ups.select_related("by"),
        "signals": case.signals.select_related("raised_by", "answered_by"),
        "hints": selectors.relapse_hints(case),
        "can_follow": may_follow(user) and case.status == CaseStatus.TRANSFORMED,
        "can_signal": may_follow(user) and case.status in WATCHED,
        "comparisons": selectors.comparisons(Case.objects.visible_to(user), around=case),
        "definition": SATISFACTION_DEFINITION,
    }
