"""移交: what waits to be taken over, one handover with its answers, and proposing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.exceptions import NotAllowed
from core.forms import process_form
from core.http import htmx_part, paginate, render_list
from rectification.filters.people import HandoverFilter
from rectification.forms.handovers import HandoverForm
from rectification.forms.steps import PlainStepForm
from rectification.models import Assignment, Case, Handover, Problem, Task
from rectification.services import handovers
from rectification.workflow_handovers import HANDOVER_STEPS
from rectification.workflow_problems import available, check

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User


@htmx_part
@require_GET
@require(Permission.HANDOVER)
def handover_list(request: UserRequest) -> HttpResponse:
    """Handovers of the own area and those put to oneself; what waits comes first."""
    rows = Handover.objects.visible_to(request.user).for_list().waiting_first()
    found = HandoverFilter(request.GET, queryset=rows, user=request.user)
    context = {"page": paginate(request, found.qs), "filter": found}
    return render_list(
        request, "rectification/handover_list.html", "rectification/_handover_table.html", context
    )


@require_GET
@require(Permission.HANDOVER, Permission.CASE_VIEW)
def handover_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One handover: what passes, from whom to whom, why, and what can be answered."""
    user = request.user
    handover = get_object_or_404(Handover.objects.visible_to(user).for_list(), pk=pk)
    context = {
        "handover": handover,
        "along": handovers.open_items(handover) if handover.is_waiting else [],
        "choices": available(HANDOVER_STEPS, handover, user),
        "sees_case": Case.objects.visible_to(user).filter(pk=handover.case_id).exists(),
    }
    return render(request, "rectification/handover_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.HANDOVER)
def handover_add(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Propose that somebody else takes over a slot, a problem or a task."""
    item = _item(request.user, kind, pk)
    if not handovers.may_propose(item, request.user):
        raise NotAllowed("移交由责任人本人、经办账号、乡镇或组织部提出")
    form = HandoverForm(request.POST or None, item=item, user=request.user)

    def save() -> Handover:
        return handovers.propose(item, by=request.user, **form.cleaned_data)

    back = item.case.get_absolute_url() + "?tab=people"
    if kind != "assignment":
        back = item.get_absolute_url()  # type: ignore[union-attr]
    context = {"item": item, "giver": handovers.giver_of(item), "back": back}
    return process_form(
        request, form, save=save, template="rectification/handover_add.html", context=context
    )


def _item(user: User, kind: str, pk: int) -> Assignment | Problem | Task:
    match kind:
        case "assignment":
            return get_object_or_404(Assignment.objects.visible_to(user).for_list(), pk=pk)
        case "problem":
            return get_object_or_404(Problem.objects.visible_to(user).for_detail(), pk=pk)
        case "task":
            return get_object_or_404(Task.objects.visible_to(user).for_detail(), pk=pk)
    raise Http404


@require_http_methods(["GET", "POST"])
@require(Permission.HANDOVER)
def handover_step(request: UserRequest, pk: int, action: str) -> HttpResponse:
    """Accept, refuse or withdraw a handover."""
    handover = get_object_or_404(Handover.objects.visible_to(request.user).for_list(), pk=pk)
    if action not in HANDOVER_STEPS:
        raise Http404
    step = HANDOVER_STEPS[action]
    if request.method == "GET":
        check(HANDOVER_STEPS, handover, action, by=request.user)
    form = PlainStepForm(step, request.POST or None)

    def save() -> Handover:
        return handovers.ACTS[action](handover, by=request.user, **form.cleaned_data)

    context = {"handover": handover, "step": step}
    return process_form(
        request, form, save=save, template="rectification/handover_step.html", context=context
    )
