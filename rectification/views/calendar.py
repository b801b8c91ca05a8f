"""放假调休: a year's exceptional days, and the yearly notice taken over by pasting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.forms import process_form
from core.http import for_every_role
from core.models import new_key
from rectification.forms.calendar import NoticeForm
from rectification.services import calendar as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_safe
@for_every_role
def calendar(request: UserRequest) -> HttpResponse:
    """The days of a year (?year=) that are out of the rule of Monday to Friday."""
    today = clock.today()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
    context = {
        "year": year,
        "years": range(today.year + 1, today.year - 4, -1),
        "days": services.days_of(year),
        "may_import": request.user.can(Permission.SETTINGS_EDIT),
    }
    return render(request, "rectification/calendar.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.SETTINGS_EDIT)
def calendar_import(request: UserRequest) -> HttpResponse:
    """Paste a notice, look at what was read, confirm it."""
    form = NoticeForm(request.POST or None)
    if "again" in request.POST:  # back from the preview, with the text as it was pasted
        page = {"form": form, "submission_key": new_key()}
        return render(request, "rectification/calendar_import.html", page)
    if request.method == "POST" and "confirmed" not in request.POST and form.is_valid():
        return _preview(request, form)

    def save() -> str:
        data = form.cleaned_data
        moved = services.import_notice(
            data["year"], form.days, notice=data["notice"], by=request.user
        )
        words = f"，{moved} 个答复期限随之调整，原期限留在办理记录里" if moved else ""
        messages.success(request, f"已导入 {data['year']} 年放假通知{words}。")
        return f"{reverse('rectification:calendar')}?year={data['year']}"

    return process_form(request, form, save=save, template="rectification/calendar_import.html")


def _preview(request: UserRequest, form: NoticeForm) -> HttpResponse:
    year = form.cleaned_data["year"]
    rows = services.as_rows(form.days, form.cleaned_data["notice"])
    context = {
        "form": form,
        "year": year,
        "days": rows,
        "former": services.days_of(year),
        "moved": len(services.moved_by(services.with_year(year, rows))),
        "submission_key": request.POST.get("submission_key") or new_key(),
    }
    return render(request, "rectification/calendar_preview.html", context)
