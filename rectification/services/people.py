"""The four ones: who fills a slot of a case from when to when. Nothing is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.roles import Permission
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.models import Assignment
from rectification.models.standards import StandardSlot
from rectification.services.cases import record
from rectification.services.holders import end_row, rehold
from rectification.services.milestones import reach
from rectification.services.steps import at_work, lock, past_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from accounts.models import User
    from rectification.models import Cadre, Case

AT_ONCE = 10  # villages in one go: few enough to be read before saving


@transaction.atomic
def assign_slot(
    case: Case,
    slot: StandardSlot,
    *,
    by: User,
    started_on: date,
    cadre: Cadre | None = None,
    unit_name: str = "",
    liaison: Cadre | None = None,
    reason: str = "",
) -> Assignment:
    """Fill a slot. Who held it until now is ended on the day the new one begins."""
    if not by.can(Permission.ASSIGN):
        raise NotAllowed("帮扶力量由组织部安排")
    past_day(started_on)
    case = at_work(case)
    _check_slot(case, slot, cadre=cadre, unit_name=unit_name)
    former = case.assignments.filter(slot=slot, ended_on=None).first()
    if former:
        _check_change(former, cadre=cadre, unit_name=unit_name, started_on=started_on)
        end_row(former, by=by, on=started_on, reason=reason or "调整")
    assignment = Assignment.objects.create(
        case=case,
        slot=slot,
        cadre=cadre,
        unit_name=unit_name,
        liaison=liaison,
        started_on=started_on,
    )
    words = f"{slot.name}：{cadre or unit_name}" + (f"（联络员 {liaison}）" if liaison else "")
    record(case, "assign", "安排帮扶力量", by=by, on=started_on, note=words)
    for person in (cadre, liaison):
        if person:
            rehold(person, by=by, why=f"{person.name}已安排为{slot.name}", case=case)
    _reach_when_full(case)
    return assignment


@transaction.atomic
def assign_many(
    cases: Collection[Case], key: str, cadre: Cadre, *, by: User, started_on: date
) -> list[Assignment]:
    """Fill the same slot of several villages with one cadre; all of them or none.

    Only empty slots: whom somebody holds already is changed one by one, with its reason.
    """
    if not cases:
        raise DomainError("请至少选一个村")
    if len(cases) > AT_ONCE:
        raise DomainError(f"一次最多安排 {AT_ONCE} 个村，现在选了 {len(cases)} 个")
    made = []
    for case in sorted(cases, key=lambda row: row.pk):
        lock(case.pk)
        slot = case.round.standard.slots.filter(key=key, is_enabled=True).first()
        if slot is None or slot.kind == StandardSlot.Kind.UNIT:
            raise DomainError(f"{case.village}本年度标准没有启用这项由干部担任的力量")
        if case.assignments.filter(slot=slot, ended_on=None).exists():
            raise Conflict(
                f"{case.village}的“{slot}”刚安排了人，请去掉这个村再保存；别的村都没有动"
            )
        made.append(assign_slot(case, slot, by=by, started_on=started_on, cadre=cadre))
    return made


def _check_slot(case: Case, slot: StandardSlot, *, cadre: Cadre | None, unit_name: str) -> None:
    if slot.standard_id != case.round.standard_id or not slot.is_enabled:
        raise DomainError(f"本年度标准没有启用“{slot.name}”")
    wants_unit = slot.kind == StandardSlot.Kind.UNIT
    if wants_unit and not unit_name:
        raise DomainError("请填写结对单位")
    if not wants_unit and cadre is None:
        raise DomainError("请选择干部")


def _check_change(
    former: Assignment, *, cadre: Cadre | None, unit_name: str, started_on: date
) -> None:
    if former.cadre == cadre and former.unit_name == unit_name:
        raise DomainError(f"“{former.slot}”现在就是{cadre or unit_name}，不用调整")
    if started_on < former.started_on:
        raise DomainError(
            f"{former.cadre or former.unit_name}从 {former.started_on:%Y年%-m月%-d日} 起担任，"
            "新的起始日期不能更早"
        )


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User, on: date, reason: str) -> None:
    """End an assignment; what its people own falls to the township's account."""
    if not by.can(Permission.ASSIGN):
        raise NotAllowed("帮扶力量由组织部安排")
    past_day(on)
    if on < assignment.started_on:
        raise DomainError("结束日期不能早于开始日期")
    end_row(assignment, by=by, on=on, reason=reason)


def _reach_when_full(case: Case) -> None:
    """四个一到位: reached when the last enabled slot is filled, at the earliest on designation."""
    running = dict(case.assignments.running().values_list("slot_id", "started_on"))
    slots = case.round.standard.slots.filter(is_enabled=True).values_list("pk", flat=True)
    if case.designated_on and all(pk in running for pk in slots):
        reach(case, "four_ones", max([case.designated_on, *(running[pk] for pk in slots)]))


@transaction.atomic
def follow_cadre(cadre: Cadre, *, by: User) -> int:
    """After a cadre's entry changed: let the right account hold what he or she owns."""
    return rehold(cadre, by=by, why=f"{cadre.name}的任职或账号有变动")
