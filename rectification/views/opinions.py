"""联查征询: the office's questions to departments, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission, Role
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import PAGE_SIZE, htmx_part, paginate, render_list, sort_rows
from rectification.exports import opinion_table
from rectification.filters.screening import OpinionFilter
from rectification.forms.opinions import AnswerForm, AskForm
from rectification.models import DepartmentOpinion, Escalation, Topic
from rectification.services import opinions

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {
    "village": ("village__code", "due_on"),
    "due": ("due_on",),
    "answered": ("answered_on",),
}


def _found(request: UserRequest) -> OpinionFilter:
    """The questions the address asks for, within what the account sees."""
    rows = DepartmentOpinion.objects.visible_to(request.user).for_list()
    ordered = sort_rows(request, rows, SORTS)
    return OpinionFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_safe
@require(Permission.OPINION_ANSWER, Permission.ROUND_MANAGE)
def opinion_list(request: UserRequest) -> HttpResponse:
    """A department: what was asked of it, open questions first. The office: all questions."""
    found = _found(request)
    context = {
        "filter": found,
        "page": paginate(request, found.qs),
        "can_ask": request.user.can(Permission.ROUND_MANAGE),
        "can_export": request.user.can(Permission.EXPORT),
    }
    if request.user.role == Role.DEPARTMENT:
        asked = Escalation.objects.visible_to(request.user).for_detail()
        context["asked"] = asked.unanswered_first()[:PAGE_SIZE]
        context["topics"] = Topic.objects.visible_to(request.user).for_list()[:PAGE_SIZE]
    return render_list(
        request, "rectification/opinion_list.html", "rectification/_opinion_table.html", context
    )


@require_safe
@require(Permission.OPINION_ANSWER, Permission.ROUND_MANAGE)
@require(Permission.EXPORT)
def opinion_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"联查征询-{clock.today()}.xlsx", opinion_table(_found(request).qs))


@require_http_methods(["GET", "POST"])
@require(Permission.ROUND_MANAGE)
def opinion_add(request: UserRequest) -> HttpResponse:
    """Ask one department or several about a village."""
    given = {name: request.GET[name] for name in ("village", "round") if name in request.GET}
    form = AskForm(request.POST or None, user=request.user, initial=given)

    def save() -> str:
        made = opinions.ask_departments(by=request.user, **form.cleaned_data)
        messages.success(request, f"已向 {len(made)} 个部门发起征询。")
        return reverse("rectification:opinion_list")

    return process_form(request, form, save=save, template="rectification/opinion_add.html")


@require_http_methods(["GET", "POST"])
@require(Permission.OPINION_ANSWER)
def opinion_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Answer a question, or correct the answer while the round runs."""
    rows = DepartmentOpinion.objects.visible_to(request.user).select_related(
        "village__township", "round", "asked_by", "answered_by"
    )
    opinion = get_object_or_404(rows, pk=pk)
    form = AnswerForm(request.POST or None, instance=opinion)

    def save() -> str:
        form.claim()
        data = form.cleaned_data
        opinions.answer_opinion(
            opinion, by=request.user, conclusion=data["conclusion"], answer=data["answer"]
        )
        messages.success(request, "答复已送组织部。")
        return reverse("rectification:opinion_list")

    return process_form(
        request,
        form,
        save=save,
        template="rectification/opinion_answer.html",
        context={"opinion": opinion},
    )
