"""Promises: the register, one promise with its steps, and the part of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.exports_promises import promise_table
from rectification.filters.promises import PromiseFilter
from rectification.forms.changes import change_words
from rectification.forms.promises import PromiseForm, PromiseStepForm
from rectification.models import Case, Promise
from rectification.services import promises
from rectification.workflow_problems import available, check
from rectification.workflow_promises import PROMISE_STEPS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {
    "village": ("case__village__code", "due_on"),
    "due": ("due_on",),
    "promised": ("promised_on",),
    "amount": ("amount",),
}


def _found(request: UserRequest) -> PromiseFilter:
    """The promises the address asks for, within what the account sees; owed ones first."""
    rows = Promise.objects.visible_to(request.user).for_list().owed_first()
    return PromiseFilter(request.GET, queryset=sort_rows(request, rows, SORTS), user=request.user)


@htmx_part
@require_safe
@require(Permission.CASE_VIEW)
def promise_list(request: UserRequest) -> HttpResponse:
    """What was promised to the villages of the own area, and whether it came."""
    found = _found(request)
    context = {
        "page": paginate(request, found.qs),
        "filter": found,
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request, "rectification/promise_list.html", "rectification/_promise_table.html", context
    )


@require_safe
@require(Permission.EXPORT)
def promise_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"承诺清单-{clock.today()}.xlsx", promise_table(_found(request).qs))


@require_safe
@require(Permission.CASE_VIEW)
def promise_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One promise: what came of it, and what can be done next."""
    user = request.user
    promise = get_object_or_404(Promise.objects.visible_to(user).for_detail(), pk=pk)
    context = {
        "promise": promise,
        "case": promise.case,
        "choices": available(PROMISE_STEPS, promise, user),
        "may_edit": promise.is_owed and user.can(Permission.PROBLEM_EDIT),
    }
    return render(request, "rectification/promise_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def promise_add(request: UserRequest, pk: int) -> HttpResponse:
    """Enter a promise to the village of a case."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    form = PromiseForm(request.POST or None, case=case, user=request.user)

    def save() -> Promise:
        return promises.add_promise(form.save(commit=False), by=request.user)

    return process_form(
        request, form, save=save, template="rectification/promise_form.html", context={"case": case}
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def promise_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a promise that is still owed; the former values stay in its record."""
    promise = get_object_or_404(Promise.objects.visible_to(request.user).for_detail(), pk=pk)
    form = PromiseForm(request.POST or None, instance=promise, case=promise.case, user=request.user)

    def save() -> Promise:
        changes = change_words(form)
        return promises.revise_promise(promise, save=form.save, changes=changes, by=request.user)

    context = {"case": promise.case, "promise": promise}
    return process_form(
        request, form, save=save, template="rectification/promise_form.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def promise_step(request: UserRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what a step needs and take it."""
    promise = get_object_or_404(Promise.objects.visible_to(request.user).for_detail(), pk=pk)
    if action not in PROMISE_STEPS:
        raise Http404
    if request.method == "GET":
        check(PROMISE_STEPS, promise, action, by=request.user)
    step = PROMISE_STEPS[action]
    form = PromiseStepForm(step, promise, request.POST or None)

    def save() -> Promise:
        return promises.ACTS[action](promise, by=request.user, **form.cleaned_data)

    context = {"promise": promise, "case": promise.case, "step": step}
    return process_form(
        request, form, save=save, template="rectification/promise_step.html", context=context
    )
