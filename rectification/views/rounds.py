"""The yearly round: prepared, opened, watched, put forward to the standing committee, closed."""

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
from rectification.exports import round_table
from rectification.filters.screening import RoundFilter
from rectification.forms.rounds import CloseForm, MidYearForm, OpenForm, ProposeForm, RoundForm
from rectification.models import Case, Round, Screening
from rectification.selectors_rounds import (
    listed_rows,
    opinions_of,
    proposed_cases,
    rounds_for_list,
    totals_of,
    township_rows,
)
from rectification.services import rounds
from rectification.workflow_problems import available, check
from rectification.workflow_rounds import ROUND_STEPS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {
    "year": ("year", "district_id"),
    "status": ("status", "year"),
    "opened": ("opened_on",),
    "due": ("due_on",),
}


def _round(request: UserRequest, pk: int) -> Round:
    rows = Round.objects.visible_to(request.user).select_related("standard", "district")
    return get_object_or_404(rows, pk=pk)


def _found(request: UserRequest) -> RoundFilter:
    """The rounds the address asks for, within what the account sees."""
    rows = sort_rows(request, rounds_for_list(request.user), SORTS)
    return RoundFilter(request.GET, queryset=rows)


@htmx_part
@require_safe
@require(Permission.ROUND_VIEW)
def round_list(request: UserRequest) -> HttpResponse:
    """The rounds of the district, newest first."""
    user, found = request.user, _found(request)
    context = {
        "filter": found,
        "page": paginate(request, found.qs),
        "can_add": user.can(Permission.ROUND_MANAGE) and not user.is_above_district,
        "can_export": user.can(Permission.EXPORT),
    }
    return render_list(
        request, "rectification/round_list.html", "rectification/_round_table.html", context
    )


@require_safe
@require(Permission.EXPORT)
def round_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"年度轮次-{clock.today()}.xlsx", round_table(_found(request).qs))


@require_safe
@require(Permission.ROUND_VIEW)
def round_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Where each township stands, which villages are listed, what waits for the committee."""
    user, round = request.user, _round(request, pk)
    townships = township_rows(user, round)
    listed = listed_rows(user, round)
    context = {
        "round": round,
        "choices": available(ROUND_STEPS, round, user),
        "townships": townships,
        "totals": totals_of(townships),
        "listed": listed,
        "can_propose": user.can(Permission.CASE_MANAGE) and any(r.can_propose for r in listed),
        "proposed": proposed_cases(user, round),
        "can_decide": user.can(Permission.CASE_MANAGE),
        "opinions": opinions_of(user, round) if user.can(Permission.ROUND_MANAGE) else None,
        "can_edit_standard": user.can(Permission.STANDARD_EDIT),
    }
    return render(request, "rectification/round_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.ROUND_MANAGE)
def round_add(request: UserRequest) -> HttpResponse:
    """Prepare a round for a year."""
    form = RoundForm(request.POST or None, user=request.user)

    def save() -> Round:
        user = request.user
        return rounds.create_round(user.division, by=user, **form.cleaned_data)

    context = {"has_standard": form.fields["standard"].queryset.exists()}  # type: ignore[attr-defined]
    return process_form(
        request, form, save=save, template="rectification/round_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.ROUND_MANAGE)
def round_open(request: UserRequest, pk: int) -> HttpResponse:
    """Begin the screening of every village."""
    round = _round(request, pk)
    if request.method == "GET":
        check(ROUND_STEPS, round, "open", by=request.user)
    form = OpenForm(request.POST or None, item=round, initial={"due_on": round.due_on})

    def save() -> Round:
        rounds.open_round(round, by=request.user, due_on=form.cleaned_data["due_on"])
        messages.success(request, "排查已启动，各乡镇可以填报了。")
        return round

    context = {"round": round, "step": ROUND_STEPS["open"]}
    return process_form(
        request, form, save=save, template="rectification/round_step.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.ROUND_MANAGE)
def round_close(request: UserRequest, pk: int) -> HttpResponse:
    """End the listing of a year."""
    round = _round(request, pk)
    if request.method == "GET":
        check(ROUND_STEPS, round, "close", by=request.user)
    form = CloseForm(request.POST or None, item=round)

    def save() -> Round:
        rounds.close_round(round, by=request.user)
        messages.success(request, "本轮已结束。")
        return round

    context = {"round": round, "step": ROUND_STEPS["close"]}
    return process_form(
        request, form, save=save, template="rectification/round_step.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def case_propose(request: UserRequest, pk: int) -> HttpResponse:
    """Put listed villages forward: the page says which, the button does it for all of them."""
    round = _round(request, pk)
    chosen = _chosen(request, round)
    form = ProposeForm(
        request.POST or None,
        user=request.user,
        round=round,
        initial={"screening": [row.pk for row in chosen]},
    )

    def save() -> str:
        data = form.cleaned_data
        made = rounds.propose_listed(round, data["screening"], by=request.user, on=data["on"])
        messages.success(request, f"已提请认定 {len(made)} 个村，等常委会审定后登记结果。")
        return f"{round.get_absolute_url()}#proposed"

    context = {"round": round, "chosen": chosen}
    return process_form(
        request, form, save=save, template="rectification/round_propose.html", context=context
    )


def _chosen(request: UserRequest, round: Round) -> list[Any]:
    """The villages that the address or the form names; anything that is no number is left out."""
    given = request.POST or request.GET
    keys = [key for key in given.getlist("screening") if key.isascii() and key.isdecimal()]
    rows = Screening.objects.visible_to(request.user).filter(round=round, pk__in=keys)
    return list(rows.for_list())


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def case_add(request: UserRequest) -> HttpResponse:
    """补充认定 in mid-year, with its source and reason."""
    given = {name: request.GET[name] for name in ("village", "round") if name in request.GET}
    form = MidYearForm(request.POST or None, user=request.user, initial=given)

    def save() -> Case:
        return rounds.propose_mid_year(by=request.user, **form.cleaned_data)

    context = {"list_url": reverse("rectification:round_list")}
    return process_form(
        request, form, save=save, template="rectification/round_case_add.html", context=context
    )
