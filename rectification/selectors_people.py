"""Which slots of a case are empty, and what the people on a case have done for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from rectification.models import Assignment, StandardSlot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rectification.models import Case


@dataclass(frozen=True, slots=True)
class EmptySlot:
    """A slot that nobody holds today, and the day by which somebody should have."""

    name: str
    due_on: date

    @property
    def is_late(self) -> bool:
        return self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Vacancies:
    """A case that lacks people: which, and how long after its designation."""

    case: Case
    days: int
    slots: tuple[EmptySlot, ...]

    @property
    def due_on(self) -> date:
        """The first day that was set for one of them."""
        return min(slot.due_on for slot in self.slots)


def vacancies_of(cases: Iterable[Case]) -> list[Vacancies]:
    """The empty slots of each case, in the order given; two queries, however many."""
    cases = list(cases)
    standards = {case.round.standard_id for case in cases}
    slots: dict[int, list[StandardSlot]] = {pk: [] for pk in standards}
    for slot in StandardSlot.objects.filter(standard__in=standards, is_enabled=True):
        slots[slot.standard_id].append(slot)
    running = Assignment.objects.running().filter(case__in=[case.pk for case in cases])
    held = set(running.order_by().values_list("case", "slot"))
    today = clock.today()
    return [
        Vacancies(case, (today - begun).days, _empty(case, begun, slots, held))
        for case in cases
        if (begun := case.designated_on)
    ]


def _empty(
    case: Case, begun: date, slots: dict[int, list[StandardSlot]], held: set[tuple[int, int]]
) -> tuple[EmptySlot, ...]:
    return tuple(
        EmptySlot(slot.name, begun + timedelta(days=slot.due_days))
        for slot in slots[case.round.standard_id]
        if (case.pk, slot.pk) not in held
    )
