"""The parts every figure is made of: its number, its definition, and the address of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from dashboards.selectors.definitions import DEFINITIONS
from rectification.filters.area import areas_of
from rectification.models import Case, Problem, Round, Screening, Task
from rectification.querysets import year_scope

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from divisions.models import Division
    from rectification.querysets import (
        CaseQuerySet,
        ProblemQuerySet,
        ScreeningQuerySet,
        TaskQuerySet,
    )

CASES = "rectification:case_list"
VACANCIES = "rectification:vacancy_list"
PROBLEMS = "rectification:problem_list"
TASKS = "rectification:task_list"
SCREENINGS = "rectification:screening_list"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens exactly its rows. ``definition`` is its 口径."""

    key: str
    label: str
    value: int
    address: str

    @property
    def definition(self) -> str:
        return DEFINITIONS[self.key].text

    @property
    def is_alarm(self) -> bool:
        """Whether a number above zero asks for a look."""
        return self.value > 0 and DEFINITIONS[self.key].is_alarm


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: what it is of, and its figures in the order of the heads."""

    label: str
    figures: list[Figure]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One question, answered by a drawing and the table beneath it."""

    key: str
    question: str
    kind: str
    first_head: str
    heads: list[str]
    lines: list[Line]
    note: str = ""

    @property
    def definition_keys(self) -> list[str]:
        """The definitions the chart rests on, each once, in order."""
        return list(dict.fromkeys(f.key for line in self.lines for f in line.figures))

    @property
    def definitions(self) -> list[Any]:
        return [DEFINITIONS[key] for key in self.definition_keys]

    @property
    def is_empty(self) -> bool:
        return not any(figure.value for line in self.lines for figure in line.figures)

    def as_json(self) -> dict[str, Any]:
        """What the drawing needs: labels, and one series of numbers for each head."""
        return {
            "kind": self.kind,
            "labels": [line.label for line in self.lines],
            "series": [
                {"name": head, "values": [line.figures[n].value for line in self.lines]}
                for n, head in enumerate(self.heads)
            ],
        }


@dataclass(frozen=True)
class Records:
    """What an account's figures are counted from: scoped rows, of one year's round or of all."""

    cases: CaseQuerySet
    problems: ProblemQuerySet
    tasks: TaskQuerySet
    screenings: ScreeningQuerySet
    areas: list[Division]
    day: date
    year: int | None = None
    years: list[int] = field(default_factory=list)

    @property
    def cases_of_year(self) -> CaseQuerySet:
        return self.cases.of_year(self.year) if self.year else self.cases

    @property
    def problems_of_year(self) -> ProblemQuerySet:
        return self._of_year(self.problems.designated())

    @property
    def tasks_of_year(self) -> TaskQuerySet:
        return self._of_year(self.tasks.designated())

    def _of_year(self, rows: Any) -> Any:
        return rows.filter(year_scope(self.year, "case__")) if self.year else rows

    def address(self, url_name: str, **filters: Any) -> str:
        """The list behind a figure, in the same year."""
        if self.year:
            filters["year"] = self.year
        return list_address(url_name, **filters)


def list_address(url_name: str, **filters: Any) -> str:
    """A list narrowed by filters."""
    return f"{reverse(url_name)}?{urlencode(filters)}" if filters else reverse(url_name)


def records_of(user: User, *, year: int | None, day: date) -> Records:
    """Everything the figures need, narrowed to what the account sees."""
    rounds = Round.objects.visible_to(user).order_by("-year")
    areas = areas_of(user).order_by("code")
    if user.is_above_district:  # only districts that work here, not every one of the country
        areas = areas.filter(pk__in=rounds.order_by().values("district"))
    return Records(
        cases=Case.objects.visible_to(user).order_by(),
        problems=Problem.objects.visible_to(user).order_by(),
        tasks=Task.objects.visible_to(user).order_by(),
        screenings=Screening.objects.visible_to(user).order_by(),
        areas=list(areas),
        day=day,
        year=year,
        years=list(rounds.values_list("year", flat=True).distinct()),
    )
