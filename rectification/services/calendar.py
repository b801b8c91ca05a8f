"""The yearly notice on holidays: looked at, taken over, and what it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from accounts.roles import Permission
from core.exceptions import Conflict, DomainError, NotAllowed
from core.models import CalendarDay
from core.workdays import Calendar, whole_calendar
from rectification.deadlines import asked_on, day_words
from rectification.models import Escalation, Topic
from rectification.services.steps import record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from core.notices import NoticeDay


@dataclass(frozen=True, slots=True)
class Moved:
    """An open question whose answer is due on another day under another calendar."""

    question: Escalation | Topic
    day: date


def days_of(year: int) -> list[CalendarDay]:
    """The exceptions of a year as they stand, in order of days."""
    return list(CalendarDay.objects.filter(day__year=year))


def as_rows(days: Iterable[NoticeDay], notice: str) -> list[CalendarDay]:
    """What a notice would put into the table, not saved."""
    return [
        CalendarDay(day=item.day, is_working=item.is_working, name=item.name, notice=notice)
        for item in days
    ]


def with_year(year: int, rows: list[CalendarDay]) -> Calendar:
    """The calendar as it would be with these exceptions of a year."""
    others = {day: row for day, row in whole_calendar().exceptions.items() if day.year != year}
    exceptions = {**others, **{row.day: row for row in rows}}
    return Calendar(dict(sorted(exceptions.items())), frozenset(day.year for day in exceptions))


def moved_by(known: Calendar) -> list[Moved]:
    """The computed reply dates of open questions that a calendar puts on another day."""
    found = []
    for row in _open_questions():
        day = known.due(asked_on(row), row.reply_days or 0).day
        if day != row.reply_due_on:
            found.append(Moved(row, day))
    return found


def _open_questions() -> list[Escalation | Topic]:
    """Unanswered questions, of one village or of a district's topic, counted in working days."""
    return [
        *Escalation.objects.unanswered().exclude(reply_days=None).for_detail(),
        *Topic.objects.unanswered().exclude(reply_days=None),
    ]


@transaction.atomic
def import_notice(year: int, days: Iterable[NoticeDay], *, notice: str, by: User) -> int:
    """Replace a year's exceptions by the notice's; open reply dates follow, with a trace.

    Returns how many dates moved.
    """
    if not by.can(Permission.SETTINGS_EDIT):
        raise NotAllowed("放假通知由系统管理员导入")
    rows = as_rows(days, notice)
    if not rows:
        raise DomainError("通知里没有放假或调休的日子")
    if any(row.day.year != year for row in rows):
        raise DomainError(f"通知里有不是 {year} 年的日子")
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(rows)
    moved = moved_by(whole_calendar())
    for item in moved:
        _move_reply(item, by=by)
    return len(moved)


def _move_reply(moved: Moved, *, by: User) -> None:
    """Set the new day; each case concerned keeps the trace."""
    row, former = moved.question, moved.question.reply_due_on
    if isinstance(row, Topic):
        _set_topic(row, moved.day)
        problems = list(row.problems.select_related("case"))
    else:
        _set_escalation(row, moved.day)
        problems = [row.problem]
    for problem in problems:
        record(
            problem.case,
            "reply_moved",
            f"期限随放假通知调整：由 {day_words(former)} 改为 {day_words(moved.day)}",
            by=by,
            problem=problem,
            note=f"答复期限：{row.question[:200]}",
        )


def _set_escalation(row: Escalation, day: date) -> None:
    waiting = Escalation.objects.filter(pk=row.pk, answered_at=None, reply_due_on=row.reply_due_on)
    if not waiting.update(reply_due_on=day):
        raise Conflict("有上交事项刚由他人答复，请再导入一次")


def _set_topic(row: Topic, day: date) -> None:
    unchanged = Topic.objects.filter(pk=row.pk, version=row.version, answered_at=None)
    if not unchanged.update(version=F("version") + 1):
        raise Conflict("有区级专题刚由他人答复，请再导入一次")
    row.version += 1
    row.reply_due_on = day
    row.save()
