"""Who held one place when: the days without anybody, and those with more than one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one date to another, the last one not included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def gaps(held: Iterable[Span], since: date, until: date) -> list[Span]:
    """The spans between two dates in which nobody held the place."""
    found, free_from = [], since
    for span in sorted(held, key=lambda span: span.start):
        if span.start > free_from:
            found.append(Span(free_from, min(span.start, until)))
        free_from = max(free_from, span.end)
    if until > free_from:
        found.append(Span(free_from, until))
    return [span for span in found if span.days > 0]


def overlaps(held: Iterable[Span]) -> list[Span]:
    """The spans in which more than one held the place."""
    found: list[Span] = []
    taken: date | None = None
    for span in sorted(held, key=lambda span: span.start):
        if taken and span.start < taken:
            found.append(Span(span.start, min(span.end, taken)))
        taken = max(taken, span.end) if taken else span.end
    return [span for span in found if span.days > 0]
