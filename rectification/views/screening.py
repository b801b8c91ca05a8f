"""排查 and 报送: every village's result, and the township's list that goes up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.exports import screening_table, submission_table
from rectification.filters.screening import ScreeningFilter, SubmissionFilter
from rectification.forms.screening import ReturnForm, ScreeningForm, SubmitForm
from rectification.models import Category, DepartmentOpinion, Screening, TownshipSubmission
from rectification.selectors_rounds import (
    history_of,
    township_row,
)
from rectification.services import rounds, screening
from rectification.workflow_problems import available, check
from rectification.workflow_rounds import SUBMISSION_STEPS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {
    "village": ("village__code",),
    "outcome": ("outcome", "village__code"),
    "category": ("main_category_id", "village__code"),
}
# Not by when a list came up: townships are not ranked.
LIST_SORTS = {
    "round": ("round__year", "township_id"),
    "township": ("township_id", "round__year"),
    "status": ("status", "township_id"),
    "due": ("round__due_on", "township_id"),
}


def _found(request: UserRequest) -> ScreeningFilter:
    """The results the address asks for, within what the account sees."""
    rows = Screening.objects.visible_to(request.user).for_list()
    rows = rows.prefetch_related("further_categories", "criteria_hit")
    ordered = sort_rows(request, rows, SORTS)
    return ScreeningFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_safe
@require(Permission.ROUND_VIEW)
def screening_list(request: UserRequest) -> HttpResponse:
    """The villages of a round with their results."""
    found = _found(request)
    context = {
        "filter": found,
        "page": paginate(request, found.qs),
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request,
        "rectification/screening_list.html",
        "rectification/_screening_table.html",
        context,
    )


@require_safe
@require(Permission.EXPORT)
def screening_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"排查结果-{clock.today()}.xlsx", screening_table(_found(request).qs))


@require_http_methods(["GET", "POST"])
@require(Permission.ROUND_VIEW)
def screening_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Type in one village's result; who may not, or no longer, reads it."""
    row = _screening(request, pk)
    submission = _list_of(request, row)
    context: dict[str, Any] = {
        "screening": row,
        "submission": submission,
        "locked": _locked(request, row, submission),
        "history": history_of(row),
        "opinions": _opinions(request, row),
        "can_ask": request.user.can(Permission.ROUND_MANAGE),
        "definitions": Category.objects.order_by("code"),
    }
    form = ScreeningForm(request.POST or None, instance=_screening(request, pk))

    def save() -> str:
        form.claim()
        names = ("outcome", "main_category", "further_categories", "reason")
        data = {name: form.cleaned_data[name] for name in names}
        hits = form.cleaned_data["criteria_hit"]
        screening.enter_screening(form.instance, by=request.user, criteria=hits, **data)
        return _next(request, submission, row)

    return process_form(
        request, form, save=save, template="rectification/screening_edit.html", context=context
    )


def _screening(request: UserRequest, pk: int) -> Screening:
    rows = Screening.objects.visible_to(request.user).select_related(
        "village__township", "round__standard", "main_category", "entered_by"
    )
    return get_object_or_404(rows, pk=pk)


def _list_of(request: UserRequest, row: Screening) -> TownshipSubmission:
    rows = TownshipSubmission.objects.visible_to(request.user).select_related("township", "round")
    return get_object_or_404(rows, round=row.round_id, township=row.village.township_id)


def _opinions(request: UserRequest, row: Screening) -> Any:
    rows = DepartmentOpinion.objects.visible_to(request.user).for_list()
    return rows.filter(round=row.round_id, village=row.village_id)


def _locked(request: UserRequest, row: Screening, submission: TownshipSubmission) -> str:
    if not request.user.can(Permission.SCREENING_ENTER):
        return "排查结果由乡镇填报，组织部可以代填"
    return screening.why_locked(row, submission)


def _next(request: UserRequest, submission: TownshipSubmission, row: Screening) -> str:
    """After saving: the township's next village without a result, when that was asked for."""
    name = f"{row.village}的排查结果已保存"
    if "next" not in request.POST:
        messages.success(request, f"{name}。")
        return submission.get_absolute_url()
    rows = Screening.objects.visible_to(request.user).filter(round=row.round_id).unscreened()
    rows = rows.filter(village__township=submission.township_id).order_by("village__code")
    following = rows.filter(village__code__gt=row.village.code).first() or rows.first()
    if following is None:
        messages.success(request, f"{name}，本乡镇的村都排查完了。")
        return submission.get_absolute_url()
    messages.success(request, f"{name}，接着填{following.village}。")
    return following.get_absolute_url()


# --- 报送 -----------------------------------------------------------------------------------------


def _submission(request: UserRequest, pk: int) -> TownshipSubmission:
    rows = TownshipSubmission.objects.visible_to(request.user).select_related(
        "township", "round__standard", "submitted_by"
    )
    return get_object_or_404(rows, pk=pk)


def _found_lists(request: UserRequest) -> SubmissionFilter:
    """The townships' lists the address asks for, within what the account sees."""
    rows = TownshipSubmission.objects.visible_to(request.user).for_list()
    ordered = sort_rows(request, rows, LIST_SORTS)
    return SubmissionFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_safe
@require(Permission.ROUND_VIEW)
def submission_list(request: UserRequest) -> HttpResponse:
    """The own township's lists, newest round first; the office sees those of all townships."""
    found = _found_lists(request)
    context = {
        "filter": found,
        "page": paginate(request, found.qs),
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request,
        "rectification/submission_list.html",
        "rectification/_submission_table.html",
        context,
    )


@require_safe
@require(Permission.EXPORT)
def submission_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(
        f"乡镇报送-{clock.today()}.xlsx", submission_table(_found_lists(request).qs)
    )


@require_safe
@require(Permission.ROUND_VIEW)
def submission_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One township's list: how far it is, what is missing, and its way up or back."""
    item = _submission(request, pk)
    rows = Screening.objects.visible_to(request.user).filter(
        round=item.round_id, village__township=item.township_id
    )
    rows = rows.for_list().prefetch_related("criteria_hit", "further_categories")
    choices = available(SUBMISSION_STEPS, item, request.user)
    first = rows.unscreened().first() if any(c.step.action == "submit" for c in choices) else None
    context = {
        "submission": item,
        "row": township_row(item),
        "choices": choices,
        "next_village": first,
        "listed": rows.listed(),
        "left_out": rows.left_out(),
        "can_decide": request.user.can(Permission.ROUND_MANAGE),
    }
    return render(request, "rectification/submission_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.SCREENING_ENTER)
def submission_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Send a township's list up."""
    item = _submission(request, pk)
    if request.method == "GET":
        check(SUBMISSION_STEPS, item, "submit", by=request.user)
    form = SubmitForm(request.POST or None, item=item, initial={"note": item.note})

    def save() -> TownshipSubmission:
        rounds.submit_township_list(item, by=request.user, **form.details)
        messages.success(request, "名单已上报组织部。")
        return item

    context = {"submission": item, "step": SUBMISSION_STEPS["submit"], "row": township_row(item)}
    return process_form(
        request, form, save=save, template="rectification/submission_step.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.ROUND_MANAGE)
def submission_return(request: UserRequest, pk: int) -> HttpResponse:
    """Send a township's list back with the reason."""
    item = _submission(request, pk)
    if request.method == "GET":
        check(SUBMISSION_STEPS, item, "return", by=request.user)
    form = ReturnForm(request.POST or None, item=item)

    def save() -> str:
        rounds.return_submission(item, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"已退回{item.township}。")
        return reverse("rectification:round_detail", args=[item.round_id])

    context = {"submission": item, "step": SUBMISSION_STEPS["return"], "row": township_row(item)}
    return process_form(
        request, form, save=save, template="rectification/submission_step.html", context=context
    )
