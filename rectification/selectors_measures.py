"""What a measure of the library achieved before, and which measures suit a case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from core import clock
from rectification.choices import ProblemStatus, TaskStatus
from rectification.models import Measure, Problem, Task
from rectification.selectors import categories_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from rectification.models import Case

DAYS_OF_MONTH = 30


@dataclass(slots=True)
class Result:
    """How often a measure was used, how many of the problems were solved, and how long it took."""

    used: int = 0
    days: list[int] = field(default_factory=list)

    @property
    def solved(self) -> int:
        return len(self.days)

    @property
    def months(self) -> Decimal | None:
        """The median, of 30 days each, to one decimal."""
        if not self.days:
            return None
        return round(Decimal(median(self.days)) / DAYS_OF_MONTH, 1)

    @property
    def rank(self) -> tuple[Decimal, int]:
        """For ordering measures: the share solved, then how many."""
        return (Decimal(self.solved) / self.used if self.used else Decimal(0), self.solved)


def results(measures: Iterable[Measure]) -> dict[int, Result]:
    """What each measure achieved in its district: the only place where this is counted.

    Used: tasks taken from the library and not dropped. Solved: of these, those whose problem was
    closed; from the task's start to the closing of the problem.
    """
    found: dict[int, Result] = {measure.pk: Result() for measure in measures}
    tasks = Task.objects.filter(library__in=list(found)).exclude(status=TaskStatus.DROPPED)
    names = ("library", "start_on", "problem__status", "problem__closed_on")
    for measure, start_on, status, closed_on in tasks.values_list(*names):
        found[measure].used += 1
        if status == ProblemStatus.CLOSED and closed_on:
            found[measure].days.append(max((closed_on - start_on).days, 0))
    return found


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure with its results; ``is_taken``: a task for the same aim has it already."""

    measure: Measure
    result: Result
    is_taken: bool = False


def with_results(measures: Iterable[Measure]) -> list[MeasureRow]:
    """Measures in their order, each with its results."""
    listed = list(measures)
    found = results(listed)
    return [MeasureRow(measure, found[measure.pk]) for measure in listed]


@dataclass(frozen=True, slots=True)
class Aim:
    """A problem or a type of a case, and the measures of the library that suit it."""

    name: str
    query: str
    rows: list[MeasureRow]


def suggestions(case: Case, user: User) -> list[Aim]:
    """For each open problem its cause's and category's measures, for each type its own."""
    rows = Measure.objects.visible_to(user).in_use().filter(district=case.round.district_id)
    listed = with_results(rows.select_related("category", "cause"))
    listed.sort(key=lambda row: row.result.rank, reverse=True)
    taken = _taken(case)
    problems = Problem.objects.visible_to(user).filter(case=case).unfinished().order_by("number")
    aims = [
        Aim(
            str(item),
            f"problem={item.pk}",
            _suiting(listed, taken[f"p{item.pk}"], item.category_id, item.cause_id),
        )
        for item in problems
    ]
    aims += [
        Aim(f"类型：{c}", f"category={c.pk}", _suiting(listed, taken[f"c{c.pk}"], c.pk, None))
        for c in categories_of(case)
    ]
    return [aim for aim in aims if aim.rows]


def _taken(case: Case) -> dict[str, set[int]]:
    """The measures that tasks of a case have already, by what they are against."""
    found: dict[str, set[int]] = defaultdict(set)
    tasks = case.tasks.exclude(status=TaskStatus.DROPPED).exclude(library=None)
    for problem, category, measure in tasks.values_list("problem", "category", "library"):
        found[f"p{problem}" if problem else f"c{category}"].add(measure)
    return found


def _suiting(
    rows: list[MeasureRow], taken: set[int], category: str, cause: str | None
) -> list[MeasureRow]:
    """Those against the cause come first, then those against the category."""
    of_cause = [row for row in rows if cause and row.measure.cause_id == cause]
    of_category = [
        row for row in rows if row not in of_cause and row.measure.category_id == category
    ]
    return [
        MeasureRow(row.measure, row.result, row.measure.pk in taken)
        for row in of_cause + of_category
    ]


def prefilled(case: Case, measure: Measure | None) -> dict[str, Any]:
    """What a task begins with that is taken from the library.

    The deadline counts from the designation; where that day has passed, it is the case's own.
    """
    if measure is None:
        return {}
    values = {"measure": measure.text, "result_wanted": measure.result_wanted}
    if case.designated_on:
        due_on = case.designated_on + timedelta(days=measure.days)
        if due_on > clock.today():
            return {**values, "deadline": due_on}
    return values
