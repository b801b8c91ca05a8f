"""整顿档案: the list, the page that tells everything about one case, and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.exceptions import DomainError
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification import workflow
from rectification.choices import CaseStatus
from rectification.exports import case_table
from rectification.filters.cases import CaseFilter
from rectification.forms.cases import STEP_FORMS
from rectification.models import Case, CaseEvent
from rectification.services import cases
from rectification.services.visits import can_be_visited
from rectification.views.acceptance import acceptance_tab
from rectification.views.people import people_tab
from rectification.views.plans import plan_tab
from rectification.views.problems import problems_tab
from rectification.views.tabs import acceptance_tab_address
from rectification.views.visits import visits_tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User

SORTS = {
    "village": ("village__code",),
    "status": ("status", "village__code"),
    "designated": ("designated_on",),
    "deadline": ("due",),
}


def history_tab(case: Case, user: User) -> dict[str, Any]:
    """Everything that was done to the case and to what is in it, newest first."""
    return {"events": CaseEvent.objects.visible_to(user).filter(case=case).for_list()}


def surveys_tab(_case: Case, _user: User) -> dict[str, Any]:
    """The surveys app serves its part at an address of its own."""
    return {}


TABS: dict[str, tuple[str, Callable[[Case, User], dict[str, Any]]]] = {
    "problems": ("问题和任务", problems_tab),
    "visits": ("走访", visits_tab),
    "people": ("力量", people_tab),
    "plan": ("方案", plan_tab),
    "surveys": ("调研测评", surveys_tab),
    "acceptance": ("评估验收", acceptance_tab),
    "history": ("办理记录", history_tab),
}


def _found(request: UserRequest) -> CaseFilter:
    """The cases the address asks for, within what the account sees."""
    rows = Case.objects.visible_to(request.user).for_list().with_due().with_extensions()
    return CaseFilter(request.GET, queryset=sort_rows(request, rows, SORTS), user=request.user)


@htmx_part
@require_safe
@require(Permission.CASE_VIEW)
def case_list(request: UserRequest) -> HttpResponse:
    """All cases of the own area, newest first; a helper's own."""
    found = _found(request)
    context = {
        "page": paginate(request, found.qs),
        "filter": found,
        "can_export": request.user.can(Permission.EXPORT),
        "can_add": request.user.can(Permission.ROUND_MANAGE),
    }
    return render_list(
        request, "rectification/case_list.html", "rectification/_case_table.html", context
    )


@require_safe
@require(Permission.EXPORT)
def case_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"整顿档案-{clock.today()}.xlsx", case_table(_found(request).qs))


@require_safe
@require(Permission.CASE_VIEW)
def case_detail(request: UserRequest, pk: int) -> HttpResponse:
    """一村一档: where the case stands, what is missing for the next step, and its tabs."""
    user = request.user
    case = get_object_or_404(Case.objects.visible_to(user).for_list(), pk=pk)
    name = request.GET.get("tab", "")
    shown = {key: label for key, (label, _) in TABS.items() if key != "surveys" or _surveys(user)}
    tab = name if name in shown else "problems"
    context = {
        "case": case,
        "tabs": shown,
        "tab": tab,
        "further": case.further_categories.all(),
        "milestones": case.milestones.all(),
        "may_visit": user.can(Permission.VISIT_ADD) and can_be_visited(case),
        "may_see_village": user.can(Permission.VILLAGE_VIEW),
        "latest_assessment": case.assessments.visible_to(user).first(),
        **steps_of(case, user),
        **TABS[tab][1](case, user),
    }
    return render(request, "rectification/case_detail.html", context)


def steps_of(case: Case, user: User) -> dict[str, Any]:
    """What leads the case on, whoever takes it, and what else this account may do with it."""
    main = workflow.next_main_step(case)
    # What the conclusion lacks is mended on the office's own sheet; the rest by the township too.
    by_township = user.can(Permission.CASE_APPLY) and case.status != CaseStatus.INSPECTING
    return {
        "next_step": main,
        "next_who": workflow.who_may(main.step) if main else "",
        "may_take": main is not None and user.can(main.step.permission),
        "may_mend": user.can(Permission.CASE_MANAGE) or by_township,
        "others": [row for row in workflow.available(case, user) if not row.step.is_main],
    }


def _surveys(user: User) -> bool:
    return user.can(Permission.SURVEY_VIEW)


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
def case_step(request: UserRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what a step needs and take it; the conclusion is written on the acceptance sheet."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    if action not in workflow.STEPS:
        raise Http404
    step = workflow.STEPS[action]
    if request.method == "GET" or not request.user.can(step.permission):
        workflow.check(case, action, by=request.user)
    if action == "conclude":
        return redirect(open_acceptance(case))
    form = STEP_FORMS[action](request.POST or None, case=case, user=request.user)

    def save() -> CaseEvent | Case:
        return cases.ACTS[action](case, by=request.user, **form.details)

    context = {"case": case, "step": step, "rates": case.problems.all().closing_rates()}
    return process_form(
        request, form, save=save, template="rectification/case_step.html", context=context
    )


def open_acceptance(case: Case) -> str:
    """The address of the sheet on which the conclusion is written."""
    acceptance = case.acceptances.filter(conclusion="", returned_on=None).first()
    if acceptance is None:
        raise DomainError(
            "没有正在进行的验收记录", link=acceptance_tab_address(case), link_text="看评估验收"
        )
    return reverse("rectification:acceptance_edit", args=[acceptance.pk])
