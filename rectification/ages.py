"""How long a problem has taken, and how much of it lay with those who had to act themselves.

Both are computed from dates whenever they are shown, never stored. The own clock stands still while
a question waits for the level above, or a topic for the district.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rectification.models import Problem

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Age:
    """Days from the finding to the end (or today), and those of them not spent waiting."""

    total: int
    own: int

    @property
    def waited(self) -> int:
        return self.total - self.own


def age_of(problem: Problem) -> Age:
    """Return both clocks; give it a problem with its escalations and topic at hand."""
    end = problem.closed_on or clock.today()
    whole = (problem.found_on, max(end, problem.found_on))
    total = (whole[1] - whole[0]).days
    return Age(total, total - days_within(whole, waits(problem)))


def waits(problem: Problem) -> list[Span]:
    """From when to when the problem waited for somebody else."""
    spans = [_span(item.asked_at, item.answered_at) for item in problem.escalations.all()]
    if problem.topic:
        spans.append(_span(problem.topic.made_at, problem.topic.answered_at))
    return spans


def _span(begun: datetime, ended: datetime | None) -> Span:
    last = clock.day_of(ended) if ended else clock.today()
    return clock.day_of(begun), last


def days_within(whole: Span, spans: Iterable[Span]) -> int:
    """Days of ``whole`` that lie in at least one span; what overlaps counts once."""
    days, reached = 0, whole[0]
    for begun, ended in sorted(spans):
        first, last = max(begun, reached), min(ended, whole[1])
        if last > first:
            days += (last - first) // timedelta(days=1)
            reached = last
    return days
