"""More time: asked for on the page of a problem or task, decided on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.exceptions import NotAllowed
from core.forms import process_form
from rectification.forms.extensions import DecisionForm, ExtensionForm
from rectification.models import Extension, Problem, Task
from rectification.services import extensions

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

ASKERS = (Permission.PROBLEM_EDIT, Permission.PROGRESS_ADD)


@require_http_methods(["GET", "POST"])
@require(*ASKERS)
def problem_extend(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for more time for a problem."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user).for_detail(), pk=pk)
    return _ask(request, problem)


@require_http_methods(["GET", "POST"])
@require(*ASKERS)
def task_extend(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for more time for a task."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_detail(), pk=pk)
    return _ask(request, task)


def _ask(request: UserRequest, item: Problem | Task) -> HttpResponse:
    form = ExtensionForm(item, request.POST or None)

    def save() -> Extension:
        return extensions.ask(item, by=request.user, **form.cleaned_data)

    context = {"item": item, "case": item.case, "may_ask": extensions.may_ask(item, request.user)}
    return process_form(
        request, form, save=save, template="rectification/extension_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_VIEW)
def extension_detail(request: UserRequest, pk: int) -> HttpResponse:
    """What was asked, and the answer; who may decide finds the form here."""
    rows = Extension.objects.visible_to(request.user).for_detail()
    extension = get_object_or_404(rows, pk=pk)
    may_decide = extensions.may_decide(extension, request.user)
    context = {
        "extension": extension,
        "item": extension.item,
        "may_decide": may_decide,
        "deciders": extensions.deciders(extension),
        "who_decides": extensions.WHO_DECIDES,
    }
    if request.method == "GET" and not may_decide:
        return render(request, "rectification/extension_detail.html", context)
    if not request.user.can(Permission.EXTENSION_DECIDE):
        raise NotAllowed(extensions.WHO_DECIDES)
    form = DecisionForm(request.POST or None)

    def save() -> Extension:
        return extensions.decide(extension, by=request.user, **form.cleaned_data)

    return process_form(
        request, form, save=save, template="rectification/extension_detail.html", context=context
    )
