"""撤回: one page for the last step of a case, a problem or a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from rectification.forms.undo import UndoForm
from rectification.models import Case, Problem, Task
from rectification.services import undo

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


def _undo(request: UserRequest, item: undo.Item) -> HttpResponse:
    """Show what the last step changed, ask why, and take it back."""
    event = undo.last_step(item)
    if request.method == "GET" or event is None:
        event = undo.check(item, by=request.user)
    form = UndoForm(request.POST or None, item=item)

    def save() -> undo.Item:
        undo.undo(item, by=request.user, **form.details)
        return item

    context = {"item": item, "event": event, "case": undo.case_of(item)}
    return process_form(
        request, form, save=save, template="rectification/undo.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
def case_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the last step of a case."""
    rows = Case.objects.visible_to(request.user).for_list()
    return _undo(request, get_object_or_404(rows, pk=pk))


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT, Permission.PROGRESS_ADD)
def problem_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the last step of a problem, or the question handed up."""
    rows = Problem.objects.visible_to(request.user).for_detail()
    return _undo(request, get_object_or_404(rows, pk=pk))


@require_http_methods(["GET", "POST"])
@require(Permission.PROGRESS_ADD)
def task_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the last step of a task."""
    rows = Task.objects.visible_to(request.user).for_detail()
    return _undo(request, get_object_or_404(rows, pk=pk))
