"""Which slots of a case are empty, and what the people on a case have done for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.roles import Role
from core import clock
from rectification.choices import Level, VisitMode
from rectification.models import Assignment, Promise, StandardSlot, Visit
from rectification.querysets.signs import decided_answers, decided_steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Cadre, Case


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


# --- what the people on a case have left there ----------------------------------------------------

SHOWN = 3  # the latest of each kind


@dataclass(frozen=True, slots=True)
class Sign:
    """One fact: on which day, what, and the page that has it."""

    on: date
    text: str
    address: str


@dataclass(slots=True)
class Part:
    """One person's part in a village, from an assignment with_signs."""

    assignment: Any
    decisions: list[Sign] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    delegated: list[Visit] = field(default_factory=list)
    is_deputy: bool = False

    @property
    def person(self) -> Cadre:
        return self.assignment.cadre or self.assignment.liaison

    @property
    def silence(self) -> str:
        return silence_of(self.assignment)


def silence_of(assignment: Any) -> str:
    """Silence in words: which of the three there is none of, since when. Empty if there are all."""
    lacking = [
        words
        for words, is_there in (
            ("没有决定", assignment.has_decision),
            ("没有承诺", assignment.has_promise),
            ("没有到村", assignment.has_visit),
        )
        if not is_there
    ]
    if not lacking or assignment.since is None:
        return ""
    began = "认定" if assignment.since == assignment.case.designated_on else "担任"
    days = (clock.today() - assignment.since).days
    return f"{began} {days} 天，{'、'.join(lacking)}"


def is_silent(assignment: Any) -> bool:
    return not (assignment.has_decision or assignment.has_promise or assignment.has_visit)


def sees_silence(assignment: Any, user: User) -> bool:
    """The person sees it at once; the office after the days of the standard; nobody else."""
    person = assignment.cadre or assignment.liaison
    if assignment.since is None or person is None:
        return False
    if person.account_id == user.pk:
        return True
    days = (clock.today() - assignment.since).days
    return user.role == Role.OFFICE and days > assignment.case.round.standard.stall_days


def parts_of(assignments: Iterable[Any], user: User) -> list[Part]:
    """Decisions, promises and visits of each assignment; five queries, however many."""
    parts = [Part(row) for row in assignments]
    cases = {part.assignment.case_id for part in parts}
    facts = _decisions(cases)
    promises = Promise.objects.visible_to(user).filter(case__in=cases, withdrawn_on=None)
    promised = list(promises.for_list())
    people = {part.person.pk for part in parts}
    visits = Visit.objects.visible_to(user).filter(case__in=cases, visitor__in=people)
    visited = list(visits.for_list())
    for part in parts:
        row, person = part.assignment, part.person
        part.is_deputy = person.account_id != user.pk
        own = {"", row.cadre.division_id if row.cadre else ""}
        found = [
            s for case, of, s in facts if case == row.case_id and of in own and s.on >= row.since
        ]
        part.decisions = sorted(found, key=lambda sign: sign.on, reverse=True)[:SHOWN]
        part.promises = [item for item in promised if _is_promised_by(item, row)]
        went = [v for v in visited if v.case_id == row.case_id and v.visitor_id == person.pk]
        part.visits = [v for v in went if v.mode == VisitMode.OWN][:SHOWN]
        part.delegated = [v for v in went if v.mode == VisitMode.DELEGATED][:SHOWN]
    return parts


def _is_promised_by(promise: Promise, row: Assignment) -> bool:
    is_person = promise.cadre_id in {row.cadre_id, row.liaison_id} - {None}
    is_unit = bool(row.unit_name) and promise.unit_name == row.unit_name
    return promise.case_id == row.case_id and (is_person or is_unit)


def _decisions(cases: Collection[int]) -> list[tuple[int, str, Sign]]:
    """Decisions in some cases: answers to questions, and numbered steps.

    Each with the township whose people it is a decision of; the district's are everybody's.
    """
    answers = decided_answers(Q(to_level=Level.TOWNSHIP)).filter(problem__case__in=cases)
    steps = decided_steps().filter(case__in=cases).select_related("problem")
    answered = (
        (
            row.problem.case_id,
            row.problem.case.village.township_id if row.to_level == Level.TOWNSHIP else "",
            Sign(
                clock.day_of(row.answered_at),
                f"{row.get_answer_kind_display()}：{row.problem.title}",
                row.problem.get_absolute_url(),
            ),
        )
        for row in answers.select_related("problem__case__village")
    )
    stepped = (
        (
            row.case_id,
            "",
            Sign(
                row.on, f"{row.title}（{row.minutes_no}）", (row.problem or row).get_absolute_url()
            ),
        )
        for row in steps.select_related("case", "problem")
    )
    return list(chain(answered, stepped))
