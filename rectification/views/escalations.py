"""Questions handed up: asked, passed to a department, answered, and the board of who owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission, Role
from core.forms import process_form
from core.http import PAGE_SIZE, htmx_part
from rectification.forms.escalations import AnswerForm, EscalationForm, PassForm
from rectification.models import Escalation, Problem
from rectification.selectors_owed import owed_rows, shares
from rectification.services import escalations

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "POST"])
@require(*escalations.ASKERS)
def escalation_add(request: UserRequest, pk: int) -> HttpResponse:
    """Hand a problem one level up with a question."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user).for_detail(), pk=pk)
    form = EscalationForm(request.POST or None)

    def save() -> Problem:
        escalations.escalate(problem, by=request.user, **form.cleaned_data)
        return problem

    context = {
        "problem": problem,
        "case": problem.case,
        "to_level": escalations.next_level(problem),
    }
    return process_form(
        request, form, save=save, template="rectification/escalation_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.ESCALATION_ANSWER)
def escalation_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Answer a question as the level that was asked."""
    rows = Escalation.objects.visible_to(request.user).for_detail()
    escalation = get_object_or_404(rows, pk=pk)
    user, problem = request.user, escalation.problem
    form = AnswerForm(escalation, request.POST or None, user=user)
    is_department = user.role == Role.DEPARTMENT
    up = reverse("rectification:opinion_list") if is_department else problem.get_absolute_url()

    def save() -> str:
        escalations.answer_escalation(escalation, by=user, **form.cleaned_data)
        return up

    context = {"escalation": escalation, "problem": problem, "up": up}
    return process_form(
        request,
        form,
        save=save,
        template="rectification/escalation_answer.html",
        context=context,
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def escalation_pass(request: UserRequest, pk: int) -> HttpResponse:
    """Put the district's question to one of its departments, or take it back."""
    rows = Escalation.objects.visible_to(request.user).for_detail()
    escalation = get_object_or_404(rows, pk=pk)
    form = PassForm(escalation, request.POST or None)

    def save() -> str:
        escalations.pass_to_department(escalation, by=request.user, **form.cleaned_data)
        return f"{escalation.problem.get_absolute_url()}#escalations"

    context = {"escalation": escalation, "problem": escalation.problem}
    return process_form(
        request, form, save=save, template="rectification/escalation_pass.html", context=context
    )


@htmx_part
@require_safe
@require(Permission.CASE_VIEW)
def owed_answers(request: UserRequest) -> HttpResponse:
    """谁欠答复: every level that owes an answer, the district too, the oldest first."""
    rows = owed_rows(request.user)
    level = request.GET.get("level", "")
    shown = [row for row in rows if not level or row.level == level]
    context = {
        "shares": shares(rows),
        "level": level,
        "page": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "rectification/owed_answers.html", context)
