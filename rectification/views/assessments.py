"""阶段评估 of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from rectification.choices import Progress
from rectification.forms.assessments import AssessmentForm
from rectification.models import Case
from rectification.services import assessments as services
from rectification.views.tabs import acceptance_tab_address

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def assessment_add(request: UserRequest, pk: int) -> HttpResponse:
    """Record a stage assessment; one without clear change proposes a 约谈."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    form = AssessmentForm(request.POST or None)

    def save() -> str:
        data = form.cleaned_data
        services.assess(
            case,
            by=request.user,
            on=data["assessed_on"],
            result=Progress(data["result"]),
            meeting=data["meeting"],
            grounds=data["grounds"],
        )
        return acceptance_tab_address(case)

    context = {"case": case}
    return process_form(
        request, form, save=save, template="rectification/assessment_add.html", context=context
    )
