"""The list of villages, one village over the years, its next election."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from villages import selectors
from villages.exports import village_table
from villages.filters import VillageFilter
from villages.forms import VillageForm
from villages.imports import former_names
from villages.models import SecretaryTerm, Village, VillageFile

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {
    "code": ("code",),
    "secretary": ("secretary_since",),
    "election": ("next_election_on",),
    "file": ("file_year", "code"),
}


def _found(request: UserRequest) -> VillageFilter:
    """The villages the address asks for, within what the account sees."""
    today = clock.today()
    rows = Village.objects.visible_to(request.user).valid_on(today).for_list().with_latest(today)
    sorted_rows = sort_rows(request, rows, SORTS)
    return VillageFilter(request.GET, queryset=sorted_rows, user=request.user)


@require_safe
@require(Permission.VILLAGE_VIEW)
@htmx_part
def village_list(request: UserRequest) -> HttpResponse:
    """All villages of the own area."""
    found = _found(request)
    context = {
        "page": paginate(request, found.qs),
        "filter": found,
        "may_import": request.user.can(Permission.DIVISION_IMPORT),
        "may_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request, "villages/village_list.html", "villages/_village_table.html", context
    )


@require_safe
@require(Permission.EXPORT)
def village_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"村庄-{clock.today()}.xlsx", village_table(_found(request).qs))


@require_safe
@require(Permission.VILLAGE_VIEW)
def village_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One village: who leads it, its file by year, its secretaries, ten years at a look."""
    village = get_object_or_404(Village.objects.visible_to(request.user).for_list(), pk=pk)
    files = VillageFile.objects.visible_to(request.user).filter(village=village)
    terms = list(SecretaryTerm.objects.visible_to(request.user).filter(village=village))
    page = selectors.file_page(files, request.GET.get("year", ""))
    context = {
        "village": village,
        "terms": terms,
        "file": page,
        "strip": selectors.ten_years(village, files, terms),
        "secretary": selectors.secretary_in_office(terms),
        "former_names": former_names(village.code),
        "act_text": f"填写 {page.year} 年村情档案",
        "may_edit": request.user.can(Permission.VILLAGE_EDIT),
    }
    return render(request, "villages/village_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.VILLAGE_EDIT)
def village_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Set the day of the next election."""
    village = get_object_or_404(Village.objects.visible_to(request.user), pk=pk)
    form = VillageForm(request.POST or None, instance=village)
    context = {"village": village, "back": reverse("villages:village_detail", args=[pk])}
    return process_form(
        request, form, save=form.save, template="villages/village_edit.html", context=context
    )
