"""Visits: saved once, corrected in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.roles import Permission, Role
from core import clock
from core.exceptions import DomainError, NotAllowed
from rectification.choices import VISITED_STATUSES
from rectification.services.cases import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from accounts.models import User
    from rectification.models import Case, Problem, Visit


def can_be_visited(case: Case) -> bool:
    return case.status in VISITED_STATUSES


def check_can_be_visited(case: Case) -> None:
    """Refuse a visit to a village that is not yet on the list, or no longer followed."""
    if not can_be_visited(case):
        raise DomainError(
            f"整顿档案现在是“{case.get_status_display()}”，认定之后、出列之前才记走访",
            link=case.get_absolute_url(),
            link_text="看档案",
        )


@transaction.atomic
def add_visit(visit: Visit, *, by: User, problems: Iterable[Problem]) -> Visit:
    """Save a visit and what it moved, with its event."""
    if not by.can(Permission.VISIT_ADD):
        raise NotAllowed("您的账号不能记走访")
    check_can_be_visited(visit.case)
    visit.entered_by = by
    visit.entered_at = clock.now()
    visit.save()
    visit.problems.add(*problems)
    words = f"{visit.visitor}{visit.get_mode_display()}：{visit.findings}"
    record(visit.case, "visit", "走访", by=by, on=visit.visited_on, note=words)
    return visit


def may_edit(visit: Visit, user: User) -> bool:
    """The author corrects the own entry; the township and the office any of their villages'."""
    if not user.can(Permission.VISIT_ADD):
        return False
    return visit.entered_by_id == user.pk or user.role in {Role.TOWNSHIP, Role.OFFICE}


@transaction.atomic
def revise_visit(visit: Visit, *, save: Callable[[], Any], changes: list[str], by: User) -> Visit:
    """Save a corrected visit; the event keeps each former value."""
    if not may_edit(visit, by):
        raise NotAllowed("只有录入人本人或乡镇可以更正走访记录")
    save()
    if changes:
        note = f"{visit.visited_on:%Y年%-m月%-d日}的走访：" + "；".join(changes)
        record(visit.case, "visit_edit", "更正走访", by=by, note=note)
    return visit
