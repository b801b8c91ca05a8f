"""The yearly file of a village and the terms of its secretaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.forms import process_form
from villages import selectors, services
from villages.forms import NewSecretaryTermForm, SecretaryTermForm, VillageFileForm
from villages.models import FIRST_YEAR, SecretaryTerm, Village, VillageFile

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "POST"])
@require(Permission.VILLAGE_EDIT)
def village_file_edit(request: UserRequest, pk: int, year: int) -> HttpResponse:
    """Begin or correct the file of a year; a section can be saved before the next is filled in."""
    village = get_object_or_404(Village.objects.visible_to(request.user), pk=pk)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    files = VillageFile.objects.visible_to(request.user).filter(village=village)
    file = files.filter(year=year).first() or VillageFile(
        village=village, year=year, entered_on=clock.today()
    )
    form = VillageFileForm(request.POST or None, instance=file)

    def save() -> str:
        saved, section = services.save_file(form), request.POST.get("go_on", "")
        messages.success(request, f"{year} 年村情档案已保存")
        return f"{request.path}#{section}" if section else saved.get_absolute_url()

    previous = files.filter(year=year - 1).first()
    context = {
        "village": village,
        "year": year,
        "title": f"{year} 年村情档案",
        "parts": selectors.form_parts(form, previous),
    }
    return process_form(
        request, form, save=save, template="villages/village_file_edit.html", context=context
    )


@require_safe
@require(Permission.VILLAGE_VIEW)
def village_file_history(request: UserRequest, pk: int, year: int) -> HttpResponse:
    """Every correction of a year's file: former value, new value, who, when and why."""
    files = VillageFile.objects.visible_to(request.user).select_related("village")
    file = get_object_or_404(files, village=pk, year=year)
    context = {"file": file, "corrections": selectors.corrections(file)}
    return render(request, "villages/village_file_history.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.VILLAGE_EDIT)
def secretary_term_add(request: UserRequest, pk: int) -> HttpResponse:
    """Note a new secretary; the one in office leaves in the same step."""
    village = get_object_or_404(Village.objects.visible_to(request.user), pk=pk)
    terms = SecretaryTerm.objects.visible_to(request.user).filter(village=village)
    form = NewSecretaryTermForm(
        request.POST or None,
        instance=SecretaryTerm(village=village),
        previous=terms.filter(ended_on=None).first(),
    )

    def save() -> Village:
        services.begin_term(form)
        messages.success(request, "书记任期已登记")
        return village

    context = {"village": village, "back": reverse("villages:village_detail", args=[pk])}
    return process_form(
        request, form, save=save, template="villages/secretary_term_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.VILLAGE_EDIT)
def secretary_term_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a term; its former state is kept."""
    terms = SecretaryTerm.objects.visible_to(request.user).select_related("village")
    term = get_object_or_404(terms, pk=pk)
    form = SecretaryTermForm(request.POST or None, instance=term)

    def save() -> Village:
        form.save()
        messages.success(request, "书记任期已保存")
        return term.village

    context = {"village": term.village, "back": term.village.get_absolute_url()}
    return process_form(
        request, form, save=save, template="villages/secretary_term_edit.html", context=context
    )
