"""Who holds an open item: the owner's account, or the township's that keeps it (代办)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError
from rectification.choices import HandoverStatus
from rectification.models import Assignment, Case, Handover, Problem, Task
from rectification.querysets.problems import HOLDING_ROLES
from rectification.services.steps import lock, record

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Cadre


def holder_for(case: Case, cadre: Cadre) -> User:
    """The one account that holds what a cadre owns in a case.

    The cadre's own, when it is in use and can see the case; otherwise the township's first account,
    or the district's office where the township has none.
    """
    account = cadre.account
    if account and is_in_post(cadre) and _can_hold(account, case):
        return account
    return stand_in_for(case)


def stand_in_for(case: Case) -> User:
    """The account that keeps for somebody without one: the township's first, else the office's."""
    village = case.village
    stand_in = (
        _first(Role.TOWNSHIP, village.township_id)
        or _first(Role.OFFICE, case.round.district_id)
        or None
    )
    if stand_in is None:
        raise DomainError(
            f"{village.township}还没有可用的账号，无法代办，请系统管理员先开通乡镇账号"
        )
    return stand_in


def _can_hold(account: User, case: Case) -> bool:
    if not account.is_active or account.role not in HOLDING_ROLES:
        return False
    return Case.objects.visible_to(account).filter(pk=case.pk).exists()


def _first(role: Role, division_id: str) -> User | None:
    accounts = User.objects.active().filter(role=role, division_id=division_id)
    return accounts.order_by("pk").first()


def is_in_post(cadre: Cadre) -> bool:
    return cadre.to_on is None or cadre.to_on > clock.today()


def rehold(cadre: Cadre, *, by: User, why: str, case: Case | None = None) -> int:
    """Give each open item of a cadre to the account that should hold it now; return how many moved.

    Called when an assignment begins or ends, when the cadre leaves or the account changes.
    """
    moved = 0
    for items in (Problem.objects.unfinished(), Task.objects.open()):
        mine = items.filter(owner=cadre).select_related(
            "case__village__township", "case__round", "holder"
        )
        for item in mine.filter(case=case) if case else mine:
            moved += _give(item, cadre, by=by, why=why)
    return moved


def _give(item: Problem | Task, cadre: Cadre, *, by: User, why: str) -> bool:
    holder = holder_for(item.case, cadre)
    if holder == item.holder:
        return False
    words = f"由{item.holder}转给{holder}。{why}"
    # A step that runs at this moment is refused by its version and sees the new holder next time.
    type(item)._default_manager.filter(pk=item.pk).update(version=F("version") + 1)
    item.refresh_from_db()
    item.holder = holder
    item.save()
    name = "problem" if isinstance(item, Problem) else "task"
    record(item.case, f"{name}_holder", "变更经办账号", by=by, note=words, **{name: item})
    return True


# --- assignments that end -------------------------------------------------------------------------


def end_row(assignment: Assignment, *, by: User, on: date, reason: str) -> None:
    """End an assignment that nobody changed meanwhile; what its people own is held anew."""
    lock(assignment.case_id)
    unchanged = Assignment.objects.filter(
        pk=assignment.pk, version=assignment.version, ended_on=None
    )
    if not unchanged.update(ended_on=on, end_reason=reason, version=F("version") + 1):
        raise Conflict("这项安排刚被他人调整，请刷新后再看")
    Handover.objects.filter(assignment=assignment).waiting().update(
        status=HandoverStatus.WITHDRAWN,
        decided_by=by,
        decided_at=clock.now(),
        decision_note="安排已另行调整，自动撤回",
    )
    case, slot = assignment.case, assignment.slot
    words = f"{slot}：{assignment.cadre or assignment.unit_name}。{reason}"
    record(case, "assign_end", "结束帮扶力量安排", by=by, on=on, note=words)
    for person in (assignment.cadre, assignment.liaison):
        if person:
            rehold(person, by=by, why=f"{person.name}不再担任{slot}", case=case)


def disband(case: Case, *, by: User, on: date, reason: str) -> None:
    """End all assignments of a case that is over; nobody helps a village without a case."""
    for item in case.assignments.for_list().filter(ended_on=None):
        end_row(item, by=by, on=max(on, item.started_on), reason=reason)
