"""Figures of problems and tasks, and the tiles that join them with the cases of each area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.db.models.functions import Substr

from dashboards.selectors.cases import figure
from dashboards.selectors.figures import CASES, PROBLEMS, TASKS, Chart, Figure, Line
from divisions.codes import Level as DivisionLevel
from rectification.choices import TRANSFORMED_STATUSES, WORKING_STATUSES, Level, Nature
from rectification.filters.problems import PENDING
from rectification.models import Escalation

if TYPE_CHECKING:
    from dashboards.selectors.figures import Records
    from divisions.models import Division


def overdue(records: Records) -> list[Figure]:
    """What is late, what waits for an answer from above, and what came back after its end."""
    waiting = Escalation.objects.unanswered().values("problem_id")
    problems = records.problems_of_year
    late = Q(pk__in=problems.overdue(records.day).values("pk"))
    again = Q(pk__in=problems.reopened().order_by().values("pk"))
    counts = problems.aggregate(
        late=Count("pk", filter=late),
        waiting=Count("pk", filter=Q(pk__in=waiting)),
        reopened=Count("pk", filter=again),
    )
    tasks = records.tasks_of_year.overdue(records.day).count()
    return [
        figure("overdue_problems", counts["late"], records.address(PROBLEMS, overdue=1)),
        figure("overdue_tasks", tasks, records.address(TASKS, overdue=1)),
        figure("waiting_questions", counts["waiting"], records.address(PROBLEMS, waiting=1)),
        figure("reopened_problems", counts["reopened"], records.address(PROBLEMS, reopened=1)),
    ]


def problems_by_level(records: Records) -> Chart:
    """Open problems: who has to solve them, and how hard they are."""
    rows = records.problems_of_year.open().values_list("level", "nature")
    counts = {(level, nature): n for level, nature, n in rows.annotate(found=Count("pk"))}
    lines = [
        Line(
            level.label,
            [
                figure(
                    "open_problems",
                    counts.get((level.value, nature.value), 0),
                    records.address(
                        PROBLEMS, status=PENDING, level=level.value, nature=nature.value
                    ),
                )
                for nature in Nature
            ],
        )
        for level in Level
    ]
    return Chart(
        "problems",
        "没办结的问题卡在哪一级",
        "stacked",
        "解决层级",
        [nature.label for nature in Nature],
        lines,
        "性质（一般、复杂、重大）由登记人按问题难易填写。",
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """One area on the board: its cases at work, its overdue problems, its transformed villages."""

    area: Division
    working: Figure
    overdue: Figure
    transformed: Figure

    @property
    def figures(self) -> list[Figure]:
        return [self.working, self.overdue, self.transformed]


def tiles(records: Records) -> list[Tile]:
    """The board of areas, in the order of their codes: a map, never a ranking."""
    if not records.areas:
        return []
    width = 6 if records.areas[0].level == DivisionLevel.COUNTY else 9
    counted = (
        records.cases_of_year.annotate(stem=Substr("village__code", 1, width))
        .values("stem")
        .annotate(
            working=Count("pk", filter=Q(status__in=WORKING_STATUSES)),
            transformed=Count("pk", filter=Q(status__in=TRANSFORMED_STATUSES)),
        )
    )
    cases: dict[str, Any] = {row["stem"]: row for row in counted}
    problems = records.problems_of_year.overdue(records.day)
    late = dict(
        problems.annotate(stem=Substr("case__village__code", 1, width))
        .values_list("stem")
        .annotate(found=Count("pk"))
    )
    return [_tile(records, area, cases.get(area.code[:width], {}), late) for area in records.areas]


def _tile(records: Records, area: Division, counts: dict[str, Any], late: dict[str, int]) -> Tile:
    stem = area.code[: 6 if area.level == DivisionLevel.COUNTY else 9]
    here = {"township": area.code}
    return Tile(
        area,
        figure(
            "working", counts.get("working", 0), records.address(CASES, status="working", **here)
        ),
        figure("overdue_problems", late.get(stem, 0), records.address(PROBLEMS, overdue=1, **here)),
        figure(
            "transformed",
            counts.get("transformed", 0),
            records.address(CASES, status="ever_transformed", **here),
        ),
    )
