"""Working days: Monday to Friday, but for the days of the State Council's yearly notice (调休).

The table ``CalendarDay`` holds only the exceptions. A year of which it holds none is computed by
the rule alone, and whoever shows such a date says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.models import CalendarDay

if TYPE_CHECKING:
    from collections.abc import Iterable

ONE_DAY = timedelta(days=1)
NOTICE_MONTH = 11  # in which the State Council issues the notice for the next year


@dataclass(frozen=True, slots=True)
class Due:
    """A computed date and, in one line, how it came about."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The exceptions of a stretch of days, and the years the table knows."""

    exceptions: dict[date, CalendarDay]
    known_years: frozenset[int]

    def is_working(self, day: date) -> bool:
        exception = self.exceptions.get(day)
        return exception.is_working if exception else day.weekday() < 5

    def due(self, start: date, days: int) -> Due:
        """Return the working day that many after ``start``, which itself does not count."""
        day, left, passed = start, days, []
        while left > 0:
            day += ONE_DAY
            if self.is_working(day):
                left -= 1
            if day in self.exceptions:
                passed.append(self.exceptions[day])
        return Due(
            day, f"{start:%-m月%-d日}之后第 {days} 个工作日{self._remarks(start, day, passed)}"
        )

    def _remarks(self, start: date, end: date, passed: list[CalendarDay]) -> str:
        """Say which exceptions lie on the way, and which years had to go by the rule alone."""
        remarks = _in_words(passed)
        unknown = [
            str(year) for year in range(start.year, end.year + 1) if year not in self.known_years
        ]
        if unknown:
            remarks.append(f"{'、'.join(unknown)}年放假通知还没有导入，按周一至周五算")
        return f"（{'；'.join(remarks)}）" if remarks else ""


def _in_words(passed: Iterable[CalendarDay]) -> list[str]:
    """Group the exceptions by holiday: 跳过 10月1日、2日国庆节；10月10日上班."""
    off = [row for row in passed if not row.is_working]
    names = dict.fromkeys(row.name for row in off)
    words = []
    for name in names:
        days = [row.day for row in off if row.name == name]
        first, last = days[0], days[-1]
        span = f"{first:%-m月%-d日}" if first == last else f"{first:%-m月%-d日}至{last:%-m月%-d日}"
        words.append(f"跳过{span}{name}")
    working = [row for row in passed if row.is_working]
    if working:
        words.append(f"{'、'.join(f'{row.day:%-m月%-d日}' for row in working)}调休上班")
    return words


def calendar(start: date, days: int) -> Calendar:
    """Return the exceptions that can matter for that many working days after ``start``."""
    end = start + timedelta(days=2 * days + 30)
    rows = CalendarDay.objects.filter(day__year__range=(start.year, end.year))
    exceptions = {row.day: row for row in rows}
    return Calendar(exceptions, frozenset(day.year for day in exceptions))


def due_after(start: date, days: int) -> Due:
    """Return the working day that many after ``start``, with its explanation."""
    return calendar(start, days).due(start, days)


def whole_calendar() -> Calendar:
    """Return every exception of the table: for a page that explains many dates."""
    exceptions = {row.day: row for row in CalendarDay.objects.all()}
    return Calendar(exceptions, frozenset(day.year for day in exceptions))


def years_to_warn_of(day: date) -> list[int]:
    """Return the years working days are counted in now whose notice is not in the table.

    That is the year of the day and, from November on, when the notice is usually out, the next.
    """
    following = [day.year + 1] if day.month >= NOTICE_MONTH else []
    return unknown_years([day.year, *following])


def unknown_years(years: Iterable[int]) -> list[int]:
    """Return those of the years whose notice is not in the table."""
    known = {day.year for day in CalendarDay.objects.dates("day", "year")}
    return [year for year in years if year not in known]
