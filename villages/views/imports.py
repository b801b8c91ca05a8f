"""The import of divisions and villages: a file, its preview, its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core.excel import xlsx_response
from core.forms import process_form
from core.http import act_once, paginate
from villages import jobs
from villages.exports import import_template as template_file
from villages.forms import DivisionImportForm
from villages.models import DivisionImport

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "POST"])
@require(Permission.DIVISION_IMPORT)
def import_divisions(request: UserRequest) -> HttpResponse:
    """Take a file and check it; nothing is loaded yet."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DivisionImportForm(*posted)
    context = {
        "latest": DivisionImport.objects.visible_to(request.user)[:5],
        "may_view": request.user.can(Permission.VILLAGE_VIEW),
    }
    return process_form(
        request,
        form,
        save=lambda: jobs.begin_check(form.cleaned_data, owner=request.user),
        template="villages/import_divisions.html",
        context=context,
    )


@require_safe
@require(Permission.DIVISION_IMPORT)
def import_template(request: UserRequest) -> HttpResponse:
    """The empty file to fill in."""
    return xlsx_response("区划和村庄导入模板.xlsx", template_file())


@require_safe
@require(Permission.DIVISION_IMPORT)
def import_preview(request: UserRequest, pk: UUID) -> HttpResponse:
    """What a file would change, or all that is wrong with it."""
    run = get_object_or_404(DivisionImport.objects.visible_to(request.user), pk=pk)
    if run.job and not run.job.is_finished:
        return redirect("core:job_detail", run.job_id)
    wanted = request.GET.get("show") or ("change" if run.change_count else "new")
    rows = run.rows.filter(outcome=wanted).order_by("code")
    context = {
        "run": run,
        "wanted": wanted,
        "page": paginate(request, rows),
        "may_view": request.user.can(Permission.VILLAGE_VIEW),
    }
    return render(request, "villages/import_preview.html", context)


@require_POST
@require(Permission.DIVISION_IMPORT)
def import_apply(request: UserRequest, pk: UUID) -> HttpResponse:
    """Load exactly what the preview showed."""
    run = get_object_or_404(DivisionImport.objects.visible_to(request.user), pk=pk)

    def act() -> str:
        address, words = jobs.begin_apply(run, owner=request.user)
        messages.success(request, words)
        return address

    return act_once(request, act)
