"""The plan of a village: drafted, shown with people, problems and tasks, decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from core.http import act_once
from rectification.choices import WORKING_STATUSES
from rectification.forms.changes import changed_labels
from rectification.forms.plans import RETURN, DecideForm, PlanForm
from rectification.guards_problems import approver_is_not_the_drafter
from rectification.models import Case, Plan
from rectification.services import plans
from rectification.views.people import people_tab
from rectification.views.problems import problems_tab
from rectification.workflow_problems import PLAN_STEPS, available
from villages.models import VillageFile

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User


def plan_tab(case: Case, user: User) -> dict[str, Any]:
    """The plan in force or under way, earlier ones, and what is missing before the approval."""
    drafts = list(Plan.objects.visible_to(user).filter(case=case).for_list())
    is_free = not any(item.status in plans.UNDER_WAY for item in drafts)
    may_draft = user.can(Permission.PLAN_DRAFT) and case.status in WORKING_STATUSES
    plan = drafts[0] if drafts else None
    return {
        "plan": plan,
        "earlier_plans": drafts[1:],
        "may_draft": may_draft and is_free,
        **(plan_acts(plan, user) if plan else {}),
    }


def plan_acts(plan: Plan, user: User) -> dict[str, Any]:
    """What an account can do with a plan, and what is missing before anybody can approve it."""
    choices = available(PLAN_STEPS, plan, user)
    approval = next((c.missing for c in choices if c.step.action == "approve"), None)
    if approval is None and plan.status in plans.UNDER_WAY:
        approval = [
            item
            for guard in PLAN_STEPS["approve"].guards
            if guard is not approver_is_not_the_drafter  # nothing the plan lacks
            for item in guard(plan, user)
        ]
    return {
        "plan_choices": choices,
        "plan_missing": approval,
        "may_edit_plan": user.can(Permission.PLAN_DRAFT) and plan.status in plans.EDITABLE,
    }


@require_GET
@require(Permission.CASE_VIEW)
def plan_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The whole plan on one page, made for print."""
    user = request.user
    plan = get_object_or_404(Plan.objects.visible_to(user).for_list(), pk=pk)
    work = problems_tab(plan.case, user)
    files = VillageFile.objects.visible_to(user).filter(village=plan.case.village)
    context = {
        "plan": plan,
        "case": plan.case,
        "file": files.order_by("-year").first(),
        **people_tab(plan.case, user),
        **work,
        "problems": work["problems"].order_by("number"),
        **plan_acts(plan, user),
    }
    return render(request, "rectification/plan_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.PLAN_DRAFT)
def plan_add(request: UserRequest, pk: int) -> HttpResponse:
    """Draft a plan."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    form = PlanForm(request.POST or None, instance=Plan(case=case))

    def save() -> Plan:
        return plans.add_plan(form.save(commit=False), by=request.user)

    return process_form(
        request, form, save=save, template="rectification/plan_form.html", context={"case": case}
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PLAN_DRAFT)
def plan_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a draft; each saved version is kept."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).for_list(), pk=pk)
    form = PlanForm(request.POST or None, instance=plan)

    def save() -> Plan:
        changes = changed_labels(form)
        return plans.revise_plan(plan, save=form.save, changes=changes, by=request.user)

    context = {"case": plan.case, "plan": plan}
    return process_form(
        request, form, save=save, template="rectification/plan_form.html", context=context
    )


@require_POST
@require(Permission.PLAN_DRAFT)
def plan_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Hand a draft in for approval."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).for_list(), pk=pk)
    return act_once(
        request, lambda: plans.submit(plan, by=request.user).get_absolute_url(), item=plan
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PLAN_APPROVE)
def plan_decide(request: UserRequest, pk: int) -> HttpResponse:
    """Approve a plan or send it back."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).for_list(), pk=pk)
    form = DecideForm(request.POST or None, item=plan)

    def save() -> Plan:
        data, by = form.cleaned_data, request.user
        if data["decision"] == RETURN:
            return plans.send_back(plan, by=by, reason=data["note"])
        return plans.approve(plan, by=by, on=data["on"], note=data["note"])

    context = {"plan": plan, "case": plan.case, **plan_acts(plan, request.user)}
    return process_form(
        request, form, save=save, template="rectification/plan_decide.html", context=context
    )
