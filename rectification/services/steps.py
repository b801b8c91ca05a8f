"""Moving one problem, task or plan: compare and set, so that the second of two people is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from accounts.roles import Permission
from core import clock, trace
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import WORKING_STATUSES, CaseStatus
from rectification.models import Case, CaseEvent
from rectification.services.acting import acted_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import Field

    from accounts.models import User
    from rectification.models import Plan, Problem, Round, Task, TownshipSubmission

    Movable = Plan | Problem | Round | Task | TownshipSubmission


def record(case: Case, action: str, title: str, *, by: User, **details: Any) -> CaseEvent:
    """Add one event to a case; ``details`` are the event's further fields (on, note, problem …)."""
    details.setdefault("on", clock.today())
    absent = acted_for(case, details.get("task") or details.get("problem"), by)
    if absent:
        details["acted_for"] = absent
        trace.note(f"代{absent.name}")
    return CaseEvent.objects.create(case=case, action=action, title=title, by=by, **details)


def snapshot(item: Movable | Case, fields: Iterable[str]) -> dict[str, Any]:
    """Return the columns that a step is about to change, as its event keeps them for an undo."""
    columns: list[Any] = [item._meta.get_field(name) for name in fields]
    return {"fields": {column.name: _plain(item, column) for column in columns}}


def _plain(item: Movable | Case, column: Field[Any, Any]) -> str | None:
    return None if column.value_from_object(item) is None else column.value_to_string(item)


def move(item: Movable, *, target: str, **fields: Any) -> str:
    """Set the status and some fields of a row nobody changed meanwhile; return the former status.

    The claim comes first and the row is then saved as a whole, so that its history shows it.
    """
    claim(item)
    former = item.status
    item.status = target
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    return former


def claim(item: Movable) -> None:
    """Take the row's next version, or raise Conflict when somebody else took it."""
    rows = type(item)._default_manager.filter(pk=item.pk, status=item.status, version=item.version)
    if not rows.update(version=F("version") + 1):
        raise Conflict("刚被他人办理，请刷新后再看")
    item.version += 1


def at_work(case: Case, *, statuses: tuple[CaseStatus, ...] = WORKING_STATUSES) -> Case:
    """Return the case, read anew and locked, when its status lets something be added to it.

    What is still open when a case ends is worked on further: there DESIGNATED_STATUSES is given.

    The lock lets two entries that ask for a number come one after the other; SQLite's transactions
    do so by themselves.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related(
        "village__township", "round__standard"
    )
    case = rows.get(pk=case.pk)
    if case.status not in statuses:
        raise DomainError(
            f"整顿档案现在是“{case.get_status_display()}”，认定之后、转化之前才能登记",
            link=case.get_absolute_url(),
            link_text="看档案",
        )
    return case


def lock(case_id: int) -> None:
    """Let the acts on one case come one after the other: what a guard has read stays true.

    SQLite's transactions do so by themselves.
    """
    Case.objects.select_for_update().filter(pk=case_id).values_list("pk").first()


def check_may_enter(by: User) -> None:
    """Refuse an account that does not enter problems and tasks."""
    if not by.can(Permission.PROBLEM_EDIT):
        raise NotAllowed("您的账号不能登记问题和任务")


def written(**texts: str) -> None:
    """Refuse an act whose number or reason is left empty, whoever calls it."""
    for label, text in texts.items():
        if not text.strip():
            raise DomainError(f"请填写{label}")


def past_day(day: date | None) -> date:
    """Return a day that is not in the future; none given means today."""
    today = clock.today()
    if day and day > today:
        raise DomainError("日期不能晚于今天")
    return day or today
