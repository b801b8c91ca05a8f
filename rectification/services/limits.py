"""Which day may follow which: one rule each, asked by the services and, beside the field, by forms.

Each function refuses with a Chinese sentence, or lets the day pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from core.exceptions import DomainError
from core.workdays import due_after
from rectification.deadlines import LEAST_REPLY_DAYS, day_words

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Case, Problem, Task


# --- problems and tasks ---------------------------------------------------------------------------


def check_extended(day: date, former: date) -> None:
    """申请延期: after the deadline as it stands, and still to come."""
    if day <= former:
        raise DomainError(f"要晚于现在的期限 {day_words(former)}")
    if day <= clock.today():
        raise DomainError("要晚于今天")


def check_not_extended(day: date, former: date | None) -> None:
    """An edit moves no deadline back: that is asked for and granted by two people."""
    if former and day > former:
        raise DomainError(
            f"期限 {day_words(former)} 不能在这里延后，请用“申请延期”，由别的账号审批"
        )


def check_deadline(row: Problem | Task) -> None:
    """Hold an edited row's deadline against the one that is saved."""
    saved = type(row).objects.filter(pk=row.pk).values_list("deadline", flat=True)
    check_not_extended(row.deadline, saved.first())


def check_solved_after_found(deadline: date, found_on: date) -> None:
    if deadline < found_on:
        raise DomainError("解决期限不能早于发现日期")


def check_ends_after_start(deadline: date, start_on: date) -> None:
    if deadline < start_on:
        raise DomainError("完成期限不能早于开始日期")


# --- cases ----------------------------------------------------------------------------------------


def check_designation(deadline: date, on: date) -> None:
    if deadline <= on:
        raise DomainError("整顿期限应晚于认定日期")


def check_case_extended(deadline: date, case: Case) -> None:
    if case.deadline and deadline <= case.deadline:
        raise DomainError(f"新的整顿期限应晚于原期限 {day_words(case.deadline)}")


# --- answers --------------------------------------------------------------------------------------


def check_reply_days(days: int) -> None:
    """No order of the same afternoon."""
    if days < LEAST_REPLY_DAYS:
        raise DomainError(f"答复期限至少留 {LEAST_REPLY_DAYS} 个工作日")


def check_reply_day(day: date) -> None:
    """A day named by hand leaves the working days that every question leaves."""
    earliest = due_after(clock.today(), LEAST_REPLY_DAYS)
    if day < earliest.day:
        raise DomainError(
            f"答复期限至少留 {LEAST_REPLY_DAYS} 个工作日，最早可定在 {day_words(earliest.day)}："
            f"{earliest.words}"
        )
