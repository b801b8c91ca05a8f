"""跟踪问效: look-backs done, signals of relapse raised and answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, SignalKind
from rectification.models import FollowUp, RelapseSignal
from rectification.services.cases import record
from rectification.services.milestones import reach

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case

# A look-back much before its month would say nothing about how the village holds.
EARLIEST_DAYS = 30
WATCHED = (CaseStatus.TRANSFORMED, CaseStatus.RELEASED)


def may_follow(user: User) -> bool:
    """Look-backs and signals are the township's and the office's."""
    return user.can(Permission.CASE_MANAGE) or user.can(Permission.CASE_APPLY)


def check_may_follow(by: User) -> None:
    if not may_follow(by):
        raise NotAllowed("回头看由乡镇或组织部登记")


def check_owed(follow_up: FollowUp) -> None:
    """Refuse a look-back into a village that is no longer 已转化."""
    if follow_up.case.status != CaseStatus.TRANSFORMED:
        raise Conflict(
            f"档案现在是“{follow_up.case.get_status_display()}”，不再登记回头看",
            link=follow_up.case.get_absolute_url(),
            link_text="看档案",
        )


def in_words(follow_up: FollowUp) -> str:
    """What stands in a look-back, in one line; empty when it is not done."""
    if follow_up.done_on is None:
        return ""
    state = "保持稳定" if follow_up.is_stable else "出现不稳定情况"
    return f"{follow_up.done_on:%Y年%-m月%-d日}，{state}：{follow_up.findings}"


@transaction.atomic
def finish(follow_up: FollowUp, *, by: User, former: str = "") -> FollowUp:
    """Take a look-back's date and findings as filled in, and reach its milestone.

    ``former`` is what stood there before, when this corrects it: it stays in the event.
    """
    check_may_follow(by)
    check_owed(follow_up)
    done_on = follow_up.done_on
    if done_on is None or follow_up.is_stable is None or not follow_up.findings:
        raise DomainError("请填写完成日期、是否保持稳定和回头看情况")
    if done_on > clock.today():
        raise DomainError("完成日期不能晚于今天")
    earliest = follow_up.due_on - timedelta(days=EARLIEST_DAYS)
    if done_on < earliest:
        raise DomainError(
            f"{follow_up.months} 个月的回头看不早于 {earliest:%Y年%-m月%-d日}"
            f"（应完成日期前 {EARLIEST_DAYS} 天）"
        )
    follow_up.by = by
    follow_up.save(update_fields=["done_on", "is_stable", "findings", "by"])
    words = in_words(follow_up)
    title = f"{'更正' if former else '完成'} {follow_up.months} 个月回头看"
    note = f"{words}。原登记：{former}" if former else words
    record(follow_up.case, "follow_up", title, by=by, on=done_on, note=note)
    reach(follow_up.case, f"follow_{follow_up.months}", done_on)
    return follow_up


@transaction.atomic
def raise_signal(
    case: Case, *, by: User, kind: SignalKind, observed_on: date, note: str
) -> RelapseSignal:
    """Record a signal of relapse: a question that waits for an answer before release."""
    check_may_follow(by)
    if case.status not in WATCHED:
        raise DomainError("只有已转化或已出列的村登记反弹苗头")
    if observed_on > clock.today():
        raise DomainError("发现日期不能晚于今天")
    if case.transformed_on and observed_on < case.transformed_on:
        raise DomainError(f"发现日期不能早于转化日期（{case.transformed_on:%Y年%-m月%-d日}）")
    signal = RelapseSignal.objects.create(
        case=case, kind=kind, observed_on=observed_on, note=note, raised_by=by
    )
    title = f"发现反弹苗头：{SignalKind(kind).label}"
    record(case, "signal_raise", title, by=by, on=observed_on, note=note)
    return signal


@transaction.atomic
def answer_signal(signal: RelapseSignal, *, by: User, answer: str) -> RelapseSignal:
    """Answer a signal once; what comes after is a new signal."""
    check_may_follow(by)
    if not answer:
        raise DomainError("请填写处置情况")
    today = clock.today()
    unanswered = RelapseSignal.objects.filter(pk=signal.pk, answered_on=None)
    if not unanswered.update(
        answer=answer, answered_by=by, answered_on=today, version=F("version") + 1
    ):
        raise Conflict("这条苗头刚由他人答复，请刷新后再看")
    signal.refresh_from_db()
    title = f"答复反弹苗头：{signal.get_kind_display()}"
    record(signal.case, "signal_answer", title, by=by, on=today, note=answer)
    return signal
