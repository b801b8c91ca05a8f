"""首次登记: the page of a village's first record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from rectification.forms.first_entry import QuickEntryForm
from rectification.services import first_entry

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from rectification.models import Case


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def case_quick_add(request: UserRequest) -> HttpResponse:
    """Propose a village with its problems and measures, from seven fields."""
    given = {"village": request.GET["village"]} if "village" in request.GET else {}
    form = QuickEntryForm(request.POST or None, user=request.user, initial=given)

    def save() -> Case:
        case = first_entry.enter_first(by=request.user, round=form.round, **form.cleaned_data)
        messages.success(request, "已提请认定。性质、责任人、期限可以在档案里逐条补充。")
        return case

    context = {"list_url": reverse("rectification:case_list"), "round": form.round}
    return process_form(
        request, form, save=save, template="rectification/case_quick_add.html", context=context
    )
