"""Promises to a village: entered, changed, arrived, confirmed in the village, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import workflow_problems
from rectification.choices import DESIGNATED_STATUSES
from rectification.deadlines import day_words
from rectification.models import Promise
from rectification.services.steps import at_work, past_day, record
from rectification.workflow_promises import PROMISE_STEPS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

    from accounts.models import User


def _check_may_enter(by: User) -> None:
    if not by.can(Permission.PROBLEM_EDIT):
        raise NotAllowed("承诺由乡镇或组织部登记")


@transaction.atomic
def add_promise(promise: Promise, *, by: User) -> Promise:
    """Save a new promise: what, how much, by whom and by when."""
    _check_may_enter(by)
    case = at_work(promise.case, statuses=DESIGNATED_STATUSES)
    promise.entered_by = by
    promise.save()
    words = f"{promise.promiser}：{_words(promise)}，{day_words(promise.due_on)}前"
    record(case, "promise_add", "登记承诺", by=by, problem=promise.problem, note=words)
    return promise


@transaction.atomic
def revise_promise(
    promise: Promise, *, save: Callable[[], Any], changes: list[str], by: User
) -> Promise:
    """Save an edited promise; the event keeps each former value."""
    _check_may_enter(by)
    if not promise.is_owed:
        raise DomainError(f"承诺{promise.get_status_display()}，不能再改")
    save()
    if changes:
        note = f"{promise.what}。{'；'.join(changes)}"
        record(promise.case, "promise_edit", "修改承诺", by=by, problem=promise.problem, note=note)
    return promise


@transaction.atomic
def _perform(promise: Promise, action: str, *, by: User, note: str = "", **fields: Any) -> Promise:
    step = workflow_problems.check(PROMISE_STEPS, promise, action, by=by)
    unchanged = Promise.objects.filter(pk=promise.pk, version=promise.version)
    if not unchanged.update(version=F("version") + 1):
        raise Conflict("刚被他人办理，请刷新后再看")
    former = promise.status
    promise.version += 1
    for name, value in fields.items():
        setattr(promise, name, value)
    promise.save()
    record(
        promise.case,
        f"promise_{action}",
        f"承诺{step.name.removeprefix('登记')}",
        by=by,
        problem=promise.problem,
        from_status=former,
        to_status=promise.status,
        note=f"{promise.what}。{note}" if note else promise.what,
    )
    return promise


def arrive(
    promise: Promise, *, by: User, arrived_on: date, arrived_amount: Decimal | None = None
) -> Promise:
    """到位: when, and how much of the money."""
    on = past_day(arrived_on)
    if on < promise.promised_on:
        raise DomainError("到位日期不能早于承诺日期")
    if promise.amount is not None and arrived_amount is None:
        raise DomainError("请填到位金额")
    note = f"{day_words(on)}到位" + (f" {arrived_amount} 万元" if arrived_amount else "")
    fields = {"arrived_on": on, "arrived_amount": arrived_amount}
    return _perform(promise, "arrive", by=by, note=note, **fields)


def confirm(
    promise: Promise, *, by: User, confirmed_by_whom: str, confirmed_on: date | None = None
) -> Promise:
    """村里确认: by whom in the village, as a post."""
    if not confirmed_by_whom.strip():
        raise DomainError("请写明村里谁确认的（职务）")
    on = past_day(confirmed_on)
    if promise.arrived_on and on < promise.arrived_on:
        raise DomainError("确认日期不能早于到位日期")
    fields = {"confirmed_by_whom": confirmed_by_whom, "confirmed_on": on}
    return _perform(promise, "confirm", by=by, note=f"{confirmed_by_whom}确认", **fields)


def withdraw(promise: Promise, *, by: User, withdrawn_reason: str) -> Promise:
    """收回, with the reason; it is neither deleted nor counted as kept."""
    if not withdrawn_reason.strip():
        raise DomainError("请写明收回原因")
    fields = {"withdrawn_on": clock.today(), "withdrawn_reason": withdrawn_reason}
    return _perform(promise, "withdraw", by=by, note=withdrawn_reason, **fields)


ACTS: dict[str, Callable[..., Promise]] = {
    "arrive": arrive,
    "confirm": confirm,
    "withdraw": withdraw,
}


def _words(promise: Promise) -> str:
    amount = f" {promise.amount} 万元" if promise.amount else ""
    return f"{promise.get_kind_display()}“{promise.what}”{amount}"
