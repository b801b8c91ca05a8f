"""代理: who acts for a cadre from one day to another. The absent stays the owner of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.models import Cadre, Deputy
from rectification.services.holders import is_in_post
from rectification.services.steps import record

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User

LONGEST = 183  # days: whoever is away for longer passes the work on instead


@transaction.atomic
def add_deputy(
    cadre: Cadre, deputy: Cadre, *, by: User, from_on: date, to_on: date, reason: str
) -> Deputy:
    """Let one cadre act for another of the same division, for some days."""
    _check_right(cadre, by)
    if deputy.pk == cadre.pk:
        raise DomainError("代理人不能是本人")
    if deputy.division_id != cadre.division_id:
        raise DomainError("代理人要与本人同属一个区划：乡镇干部由本乡镇的人代理")
    for person in (cadre, deputy):
        if not is_in_post(person):
            raise DomainError(f"{person.name}已经离任")
    _check_period(from_on, to_on)
    # Two who register at once come one after the other; SQLite's transactions do so by themselves.
    people = Cadre.objects.select_for_update().filter(pk__in=[cadre.pk, deputy.pk])
    list(people.order_by("pk").values_list("pk"))
    _check_free(cadre, deputy, from_on, to_on)
    made = Deputy.objects.create(
        cadre=cadre, deputy=deputy, from_on=from_on, to_on=to_on, reason=reason, made_by=by
    )
    _note(made, "登记代理", by=by)
    return made


def _check_right(cadre: Cadre, by: User) -> None:
    if not by.can(Permission.CADRE_EDIT) or not Cadre.objects.under(by).filter(pk=cadre.pk):
        raise NotAllowed("代理由干部所在的乡镇或组织部登记")


def _check_period(from_on: date, to_on: date) -> None:
    if from_on < clock.today():
        raise DomainError("代理从今天或以后开始；以前办的事不能补成代理")
    if to_on < from_on:
        raise DomainError("结束日期不能早于开始日期")
    if (to_on - from_on).days >= LONGEST:
        raise DomainError(f"代理最长 {LONGEST} 天；更久的请用“移交责任”换人")


def _check_free(cadre: Cadre, deputy: Cadre, from_on: date, to_on: date) -> None:
    """One deputy at a time, and no chain: who is away does not act for somebody else."""
    meanwhile = Deputy.objects.overlapping(from_on, to_on)
    if meanwhile.filter(cadre=cadre).exists():
        raise DomainError(f"{cadre.name}这段时间已有代理人，请先提前结束原来的代理")
    if meanwhile.filter(cadre=deputy).exists():
        raise DomainError(f"{deputy.name}这段时间自己也由别人代理，请另选代理人")
    if meanwhile.filter(deputy=cadre).exists():
        raise DomainError(f"{cadre.name}这段时间正在代理别人，请先结束那项代理")


@transaction.atomic
def end_deputy(deputy: Deputy, *, by: User, on: date) -> Deputy:
    """End a deputyship earlier; the day first set stays on record."""
    _check_right(deputy.cadre, by)
    if on < max(clock.today(), deputy.from_on) or on >= deputy.to_on:
        raise DomainError("提前结束的日期要在今天以后、原定结束日期以前（最早到今天为止）")
    unchanged = Deputy.objects.filter(pk=deputy.pk, to_on=deputy.to_on)
    planned = deputy.planned_to_on or deputy.to_on
    if not unchanged.update(to_on=on, planned_to_on=planned, ended_by=by):
        raise Conflict("这项代理刚由他人调整，请刷新后再看")
    deputy.refresh_from_db()
    _note(deputy, "提前结束代理", by=by)
    return deputy


def _note(deputy: Deputy, title: str, *, by: User) -> None:
    """Record it on each case the absent is on."""
    period = f"{deputy.from_on:%Y年%-m月%-d日} 至 {deputy.to_on:%Y年%-m月%-d日}"
    words = f"{deputy.deputy.name}代{deputy.cadre.name}，{period}。{deputy.reason}"
    seen = set()
    for item in deputy.cadre.assignments.running().select_related("case"):
        if item.case_id not in seen:
            record(item.case, "deputy", title, by=by, note=words)
            seen.add(item.case_id)
