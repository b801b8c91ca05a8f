"""The plan of a village: drafted, shown with people, problems and tasks, decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from core.http import act_once
from core.word import docx_response
from rectification.choices import WORKING_STATUSES
from rectification.documents import plans as documents
from rectification.forms.changes import changed_labels
from rectification.forms.plans import RETURN, DecideForm, PlanForm
from rectification.guards_problems import approver_is_not_the_drafter
from rectification.models import Case, Plan
from rectification.plan_sheet import plan_sheet
from rectification.selectors_measures import suggestions
from rectification.selectors_plans import compare_versions, limit_of, similar_plans, versions
from rectification.services import plans
from rectification.similarity import SENTENCE_PERCENT
from rectification.workflow_problems import PLAN_STEPS, available, missing_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User

SHOWN = 3
APPROVAL = PLAN_STEPS["approve"]


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
        "may_pick": user.can(Permission.PROBLEM_EDIT) and case.status in WORKING_STATUSES,
        **(plan_acts(plan, user) if plan else {}),
    }


def plan_acts(plan: Plan, user: User) -> dict[str, Any]:
    """What an account can do with a plan, and what is missing before anybody can approve it."""
    choices = available(PLAN_STEPS, plan, user)
    approval = next((c.missing for c in choices if c.step.action == "approve"), None)
    if approval is None and plan.status in plans.UNDER_WAY:
        # Who can only draft is told what the plan lacks, not that somebody else approves it.
        lacks = [row for row in APPROVAL.guards if row is not approver_is_not_the_drafter]
        approval = missing_for(plan, replace(APPROVAL, guards=tuple(lacks)), user)
    return {
        "plan_choices": choices,
        "plan_missing": approval,
        "may_edit_plan": user.can(Permission.PLAN_DRAFT) and plan.status in plans.EDITABLE,
    }


def plan_likeness(plan: Plan, user: User) -> dict[str, Any]:
    """Which other villages' plans a plan under way reads like, and whether that is too much."""
    found = similar_plans(plan, user) if plan.status in plans.UNDER_WAY else []
    return {
        "similar": found[:SHOWN],
        "is_alike": any(item.likeness.is_above for item in found),
        "limit": limit_of(plan),
    }


@require_GET
@require(Permission.CASE_VIEW)
def plan_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The whole plan on one page, made for print."""
    user = request.user
    plan = get_object_or_404(Plan.objects.visible_to(user).for_list(), pk=pk)
    context = {
        "plan": plan,
        "case": plan.case,
        "sheet": plan_sheet(plan, user),
        **plan_likeness(plan, user),
        **plan_acts(plan, user),
    }
    return render(request, "rectification/plan_detail.html", context)


@require_GET
@require(Permission.CASE_VIEW)
def plan_document(request: UserRequest, pk: int) -> HttpResponse:
    """The plan as a Word file."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).for_list(), pk=pk)
    name = f"{plan.case.village.township}{plan.case.village}整顿方案（第{plan.number}稿）.docx"
    return docx_response(name, documents.plan_document(plan_sheet(plan, request.user)))


@require_http_methods(["GET", "POST"])
@require(Permission.PLAN_DRAFT)
def plan_add(request: UserRequest, pk: int) -> HttpResponse:
    """Draft a plan."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    form = PlanForm(request.POST or None, instance=Plan(case=case))

    def save() -> Plan:
        return plans.add_plan(form.save(commit=False), by=request.user)

    context = {"case": case, "aims": suggestions(case, request.user)}
    return process_form(
        request, form, save=save, template="rectification/plan_form.html", context=context
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

    aims = suggestions(plan.case, request.user)
    context = {"case": plan.case, "plan": plan, "aims": aims}
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
    likeness = plan_likeness(plan, request.user)
    limit = limit_of(plan) if likeness["is_alike"] else None
    form = DecideForm(request.POST or None, item=plan, limit=limit)

    def save() -> Plan:
        data, by = dict(form.details), request.user
        if data.pop("decision") == RETURN:
            return plans.send_back(plan, by=by, reason=data["note"])
        return plans.approve(plan, by=by, **data)

    context = {"plan": plan, "case": plan.case, **likeness, **plan_acts(plan, request.user)}
    return process_form(
        request, form, save=save, template="rectification/plan_decide.html", context=context
    )


@require_GET
@require(Permission.CASE_VIEW)
def plan_similar(request: UserRequest, pk: int) -> HttpResponse:
    """A plan beside the one of another village (?with=), sentence by sentence, with the count."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).for_list(), pk=pk)
    found = similar_plans(plan, request.user)
    asked = request.GET.get("with")
    chosen = next((item for item in found if str(item.likeness.plan.pk) == asked), None)
    context = {
        "plan": plan,
        "case": plan.case,
        "similar": found,
        "chosen": chosen or next(iter(found), None),
        "sentence_percent": SENTENCE_PERCENT,
    }
    return render(request, "rectification/plan_similar.html", context)


@require_GET
@require(Permission.CASE_VIEW)
def plan_versions(request: UserRequest, pk: int) -> HttpResponse:
    """What changed between two wordings of a case's plan (?old=&new=), by default the last two."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    found = versions(case)
    by_key = {str(item.key): item for item in found}
    new = by_key.get(request.GET.get("new", ""), found[-1] if found else None)
    old = by_key.get(request.GET.get("old", ""), found[-2] if len(found) > 1 else new)
    context = {
        "case": case,
        "versions": found,
        "old": old,
        "new": new,
        "parts": compare_versions(old, new) if old and new else [],
    }
    return render(request, "rectification/plan_versions.html", context)
