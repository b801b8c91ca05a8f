"""Questions handed up: asked, passed to a department, answered, and the board of who owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from rectification.forms.escalations import AnswerForm, EscalationForm
from rectification.models import Escalation, Problem
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
    form = AnswerForm(escalation, request.POST or None)

    def save() -> Problem:
        escalations.answer_escalation(escalation, by=request.user, **form.cleaned_data)
        return escalation.problem

    context = {"escalation": escalation, "problem": escalation.problem}
    return process_form(
        request,
        form,
        save=save,
        template="rectification/escalation_answer.html",
        context=context,
    )
