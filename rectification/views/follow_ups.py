"""跟踪问效: look-backs due and done, signals of relapse and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification import selectors
from rectification.choices import SignalKind
from rectification.exports import follow_up_table
from rectification.filters.follow_ups import FollowUpFilter
from rectification.forms.follow_ups import AnswerSignalForm, FollowUpForm, SignalForm
from rectification.models import Case, FollowUp, RelapseSignal
from rectification.services import follow_ups as services
from rectification.views.tabs import acceptance_tab_address

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


SORTS = {
    "village": ("case__village__code", "months"),
    "due": ("due_on",),
    "done": ("done_on",),
}


def _found(request: UserRequest) -> FollowUpFilter:
    """The look-backs the address asks for, within what the account sees."""
    rows = FollowUp.objects.visible_to(request.user).for_list().order_by("due_on", "pk")
    ordered = sort_rows(request, rows, SORTS)
    return FollowUpFilter(request.GET, queryset=ordered, user=request.user)


@require_safe
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
@htmx_part
def follow_up_list(request: UserRequest) -> HttpResponse:
    """The look-backs of the own area, what is owed soonest first."""
    found = _found(request)
    context = {
        "filter": found,
        "page": paginate(request, found.qs),
        "figures": FollowUp.objects.visible_to(request.user).month_figures(clock.today()),
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request,
        "rectification/follow_up_list.html",
        "rectification/_follow_up_table.html",
        context,
    )


@require_safe
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
@require(Permission.EXPORT)
def follow_up_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"跟踪问效-{clock.today()}.xlsx", follow_up_table(_found(request).qs))


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
def follow_up_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Enter a look-back; a village that does not hold leads on to a signal."""
    follow_up = get_object_or_404(
        FollowUp.objects.visible_to(request.user).select_related(
            "case__village", "case__round__standard"
        ),
        pk=pk,
    )
    if request.method == "GET":
        services.check_owed(follow_up)
    former = services.in_words(follow_up)
    form = FollowUpForm(request.POST or None, instance=follow_up)

    def save() -> str:
        form.claim()
        services.finish(follow_up, by=request.user, former=former)
        if follow_up.is_stable:
            return acceptance_tab_address(follow_up.case)
        address = reverse("rectification:signal_add", args=[follow_up.case_id])
        return f"{address}?after={follow_up.months}"

    context = {"follow_up": follow_up, "hints": selectors.relapse_hints(follow_up.case)}
    return process_form(
        request, form, save=save, template="rectification/follow_up_edit.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
def signal_add(request: UserRequest, pk: int) -> HttpResponse:
    """Raise a signal of relapse (``?kind=`` from a hint, ``?after=`` from a look-back)."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    kind = request.GET.get("kind", "")
    initial = {"kind": kind} if kind in SignalKind else {}
    form = SignalForm(request.POST or None, initial=initial)

    def save() -> str:
        services.raise_signal(case, by=request.user, **form.cleaned_data)
        return acceptance_tab_address(case)

    context = {
        "case": case,
        "after": request.GET.get("after", ""),
        "hints": selectors.relapse_hints(case),
    }
    return process_form(
        request, form, save=save, template="rectification/signal_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE, Permission.CASE_APPLY)
def signal_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Answer a signal; an answered one is shown as it stands."""
    signals = RelapseSignal.objects.visible_to(request.user).for_list()
    signal = get_object_or_404(signals, pk=pk)
    form = AnswerSignalForm(request.POST or None)

    def save() -> str:
        services.answer_signal(signal, by=request.user, answer=form.cleaned_data["answer"])
        return acceptance_tab_address(signal.case)

    return process_form(
        request,
        form,
        save=save,
        template="rectification/signal_answer.html",
        context={"signal": signal},
    )
