"""代理: who acts for whom, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core.forms import process_form
from core.http import htmx_part, paginate, render_list
from rectification.filters.people import DeputyFilter
from rectification.forms.deputies import DeputyEndForm, DeputyForm
from rectification.models import Cadre, Deputy
from rectification.services import deputies

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@htmx_part
@require_GET
@require(Permission.CADRE_EDIT)
def deputy_list(request: UserRequest) -> HttpResponse:
    """Deputyships of the own area: those that run or come first."""
    rows = Deputy.objects.visible_to(request.user).for_list().current_first()
    found = DeputyFilter(request.GET, queryset=rows)
    context = {"page": paginate(request, found.qs), "filter": found}
    return render_list(
        request, "rectification/deputy_list.html", "rectification/_deputy_table.html", context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CADRE_EDIT)
def deputy_add(request: UserRequest, pk: int) -> HttpResponse:
    """Let somebody act for a cadre of the own units for some days."""
    cadre = get_object_or_404(Cadre.objects.visible_to(request.user).under(request.user), pk=pk)
    form = DeputyForm(request.POST or None, cadre=cadre, user=request.user)

    def save() -> str:
        deputies.add_deputy(cadre, by=request.user, **form.cleaned_data)
        return cadre.get_absolute_url()

    return process_form(
        request,
        form,
        save=save,
        template="rectification/deputy_add.html",
        context={"cadre": cadre},
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CADRE_EDIT)
def deputy_end(request: UserRequest, pk: int) -> HttpResponse:
    """End a deputyship earlier than set."""
    deputy = get_object_or_404(Deputy.objects.visible_to(request.user).for_list(), pk=pk)
    form = DeputyEndForm(request.POST or None, deputy=deputy)

    def save() -> str:
        deputies.end_deputy(deputy, by=request.user, **form.cleaned_data)
        return deputy.cadre.get_absolute_url()

    return process_form(
        request,
        form,
        save=save,
        template="rectification/deputy_end.html",
        context={"deputy": deputy},
    )
