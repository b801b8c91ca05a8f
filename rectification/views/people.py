"""Cadres, and who fills the slots of a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.choices import WORKING_STATUSES
from rectification.exports import cadre_table
from rectification.filters.people import CadreFilter
from rectification.forms.people import AssignmentEndForm, AssignmentForm, CadreForm
from rectification.matching import wanted_for
from rectification.models import (
    Assignment,
    Cadre,
    Case,
    Deputy,
    Handover,
    Problem,
    StandardSlot,
    Task,
    Visit,
)
from rectification.selectors_people import is_silent, sees_silence, silence_of
from rectification.services import people
from rectification.spans import Span, gaps, overlaps

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User

# By who they are, never by how much they did.
SORTS = {
    "name": ("name",),
    "unit": ("unit", "name"),
    "division": ("division_id", "unit", "name"),
}


@dataclass(slots=True)
class SlotRow:
    """A slot of a case: who holds it now, who did before, and when nobody or more than one did."""

    slot: StandardSlot
    present: Assignment | None = None
    former: list[Assignment] = field(default_factory=list)
    gaps: list[Span] = field(default_factory=list)
    overlaps: list[Span] = field(default_factory=list)
    handover: Handover | None = None
    may_pass_on: bool = False
    silence: str = ""

    @property
    def vacancy(self) -> Span | None:
        """The gap that is not over: nobody holds the slot now."""
        return self.gaps[-1] if self.gaps and not self.present else None

    @property
    def past_gaps(self) -> list[Span]:
        return self.gaps[:-1] if self.vacancy else self.gaps

    def measure(self, since: date | None, until: date) -> None:
        """Find the overlaps, and the gaps since the designation; the days allowed are none."""
        rows = [*self.former, *([self.present] if self.present else [])]
        held = [Span(row.started_on, row.ended_on or date.max) for row in rows]
        self.overlaps = overlaps(held)
        if since:
            in_time = Span(since, since + timedelta(days=self.slot.due_days))
            self.gaps = [
                gap
                for gap in gaps(held, since, until)
                if gap.start > since or gap.end > in_time.end or gap.end == until
            ]


def people_tab(case: Case, user: User) -> dict[str, Any]:
    """The four ones of a case: each slot with its holder, or since how long it is empty."""
    today = clock.today()
    rows = _slot_rows(case, today)
    passing = Handover.objects.visible_to(user).live().filter(case=case, assignment__isnull=False)
    waiting = {row.assignment_id: row for row in passing.for_list()}
    may_assign = user.can(Permission.ASSIGN) and case.status in WORKING_STATUSES
    until = case.transformed_on or case.ended_on or today
    for row in rows:
        row.measure(case.designated_on, until)
        if row.present:
            row.handover = waiting.get(row.present.pk)
            giver = row.present.cadre or row.present.liaison
            is_own = giver is not None and giver.account_id == user.pk
            row.may_pass_on = giver is not None and (may_assign or is_own)
            if is_silent(row.present) and sees_silence(row.present, user):
                row.silence = silence_of(row.present)
    empty_since = case.designated_on
    return {
        "slot_rows": rows,
        "has_former": any(row.former for row in rows),
        "has_breaks": any(row.past_gaps or row.overlaps for row in rows),
        "days_empty": (today - empty_since).days if empty_since else None,
        "may_assign": may_assign,
    }


def _slot_rows(case: Case, today: date) -> list[SlotRow]:
    """The slots of the case's standard, and those held before that are not in it any more."""
    slots = case.round.standard.slots.filter(is_enabled=True)
    rows = {slot.pk: SlotRow(slot) for slot in slots}
    for item in case.assignments.for_list().with_signs():
        row = rows.setdefault(item.slot_id, SlotRow(item.slot))
        if item.ended_on is None or item.ended_on > today:
            row.present = item
        else:
            row.former.append(item)
    return list(rows.values())


def _found(request: UserRequest) -> CadreFilter:
    """The cadres the address asks for, within what the account sees."""
    rows = Cadre.objects.visible_to(request.user).for_list().with_running()
    ordered = sort_rows(request, rows, SORTS)
    return CadreFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_GET
@require(Permission.CADRE_EDIT, Permission.CASE_MANAGE)
def cadre_list(request: UserRequest) -> HttpResponse:
    """Cadres of the own area and those who help its villages."""
    found = _found(request)
    context = {
        "page": paginate(request, found.qs),
        "filter": found,
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request,
        "rectification/cadre_list.html",
        "rectification/_cadre_table.html",
        context,
    )


@require_GET
@require(Permission.CADRE_EDIT, Permission.CASE_MANAGE)
@require(Permission.EXPORT)
def cadre_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"干部名册-{clock.today()}.xlsx", cadre_table(_found(request).qs))


@require_http_methods(["GET", "POST"])
@require(Permission.CADRE_EDIT)
def cadre_add(request: UserRequest) -> HttpResponse:
    """Enter a cadre."""
    form = CadreForm(request.POST or None, user=request.user)
    return process_form(request, form, save=form.save, template="rectification/cadre_form.html")


@require_http_methods(["GET", "POST"])
@require(Permission.CADRE_EDIT)
def cadre_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a cadre of the own units; what he or she holds follows the change."""
    cadre = get_object_or_404(Cadre.objects.visible_to(request.user).under(request.user), pk=pk)
    form = CadreForm(request.POST or None, instance=cadre, user=request.user)

    def save() -> Cadre:
        form.save()
        moved = people.follow_cadre(cadre, by=request.user)
        if moved:
            messages.info(request, f"已有 {moved} 项未办结的问题和任务变更了经办账号。")
        return cadre

    context = {"cadre": cadre}
    return process_form(
        request, form, save=save, template="rectification/cadre_form.html", context=context
    )


@require_GET
@require(Permission.CASE_VIEW)
def cadre_detail(request: UserRequest, pk: int) -> HttpResponse:
    """What a cadre holds: assignments, open problems and tasks, own visits as facts."""
    user = request.user
    cadre = get_object_or_404(Cadre.objects.visible_to(user).for_list(), pk=pk)
    context = {
        "cadre": cadre,
        "assignments": Assignment.objects.visible_to(user).held_by(cadre),
        "problems": Problem.objects.visible_to(user).unfinished().owned_by(cadre),
        "tasks": Task.objects.visible_to(user).open().owned_by(cadre),
        "visits": Visit.objects.visible_to(user).for_list().filter(visitor=cadre)[:20],
        "deputies": Deputy.objects.visible_to(user).of_cadre(cadre),
        "may_edit": user.can(Permission.CADRE_EDIT)
        and Cadre.objects.visible_to(user).under(user).filter(pk=pk).exists(),
    }
    return render(request, "rectification/cadre_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.ASSIGN)
def assignment_add(request: UserRequest, pk: int, slot_pk: int) -> HttpResponse:
    """Fill a slot of a case, ending who held it."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    slot = get_object_or_404(case.round.standard.slots.all(), pk=slot_pk)
    present = case.assignments.for_list().filter(slot=slot, ended_on=None).first()
    units = Cadre.objects.visible_to(request.user).in_post().values_list("unit", flat=True)
    wanted = wanted_for(case, units)
    form = AssignmentForm(
        request.POST or None,
        user=request.user,
        slot=slot,
        is_change=present is not None,
        wanted=wanted,
    )

    def save() -> str:
        people.assign_slot(case, slot, by=request.user, **form.cleaned_data)
        return tab_address(case)

    context = {
        "case": case,
        "slot": slot,
        "present": present,
        "wanted": wanted,
        "back": tab_address(case),
    }
    return process_form(
        request, form, save=save, template="rectification/assignment_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.ASSIGN)
def assignment_end(request: UserRequest, pk: int) -> HttpResponse:
    """End an assignment without a successor."""
    running = Assignment.objects.visible_to(request.user).for_list()
    assignment = get_object_or_404(running, pk=pk)
    form = AssignmentEndForm(request.POST or None)

    def save() -> str:
        people.end_assignment(assignment, by=request.user, **form.cleaned_data)
        return tab_address(assignment.case)

    context = {
        "assignment": assignment,
        "case": assignment.case,
        "back": tab_address(assignment.case),
    }
    return process_form(
        request, form, save=save, template="rectification/assignment_end.html", context=context
    )


def tab_address(case: Case) -> str:
    """The address of a case's 力量 tab."""
    return reverse("rectification:case_detail", args=[case.pk]) + "?tab=people"
