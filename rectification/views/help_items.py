"""Help items: entered and corrected; they are shown on the case page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.exceptions import NotAllowed
from core.forms import process_form
from rectification.forms.changes import change_words
from rectification.forms.help_items import HelpItemForm
from rectification.models import Case, HelpItem
from rectification.services import help_items

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "POST"])
@require(Permission.VISIT_ADD)
def help_add(request: UserRequest, pk: int) -> HttpResponse:
    """Enter what was done for the village of a case."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    form = HelpItemForm(request.POST or None, case=case, user=request.user)

    def save() -> HelpItem:
        return help_items.add_help(form.save(commit=False), by=request.user)

    return process_form(
        request, form, save=save, template="rectification/help_form.html", context={"case": case}
    )


@require_http_methods(["GET", "POST"])
@require(Permission.VISIT_ADD)
def help_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a help item; the former values stay in the case's record."""
    rows = HelpItem.objects.visible_to(request.user).for_detail()
    item = get_object_or_404(rows, pk=pk)
    if not help_items.may_edit(item, request.user):
        raise NotAllowed("这一条不是您登记的，请由登记人或乡镇修改")
    form = HelpItemForm(request.POST or None, instance=item, case=item.case, user=request.user)

    def save() -> HelpItem:
        changes = change_words(form)
        return help_items.revise_help(item, save=form.save, changes=changes, by=request.user)

    context = {"case": item.case, "item": item}
    return process_form(
        request, form, save=save, template="rectification/help_form.html", context=context
    )
