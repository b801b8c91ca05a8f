"""What a plan is made of, on the page as in Word: the draft and what stands in the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import clock
from rectification.choices import TaskStatus
from rectification.models import Problem, Task
from rectification.selectors import categories_of
from villages.models import VillageFile

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from rectification.models import Assignment, Case, Category, Milestone, Plan


@dataclass(frozen=True, slots=True)
class Force:
    """A slot of the four ones and who holds it."""

    slot: str
    holders: list[Assignment]

    @property
    def words(self) -> str:
        return "、".join(holder_words(item) for item in self.holders)


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone, by how many days after the designation it is due."""

    milestone: Milestone
    designated_on: date | None

    @property
    def days(self) -> int | None:
        if self.designated_on is None:
            return None
        return (self.milestone.due_on - self.designated_on).days

    @property
    def words(self) -> str:
        """认定后第 30 天."""
        return f"认定后第 {self.days} 天" if self.days is not None else ""


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A plan with everything that belongs to it, read at one moment."""

    plan: Plan
    as_of: datetime
    basics: list[tuple[str, str]]
    categories: list[tuple[Category, list[Problem]]]
    problems: list[Problem]
    tasks: list[Task]
    stages: list[Stage]
    forces: list[Force]


def plan_sheet(plan: Plan, user: User) -> PlanSheet:
    """Read what belongs to a plan, as far as the account sees it."""
    case = plan.case
    problems = Problem.objects.visible_to(user).filter(case=case).for_list()
    listed = list(problems.with_questions().order_by("number"))
    tasks = Task.objects.visible_to(user).filter(case=case).exclude(status=TaskStatus.DROPPED)
    in_order = tasks.for_list().order_by("problem__number", "deadline", "pk")
    return PlanSheet(
        plan=plan,
        as_of=clock.now(),
        basics=_basics(case, user),
        categories=_by_category(case, listed),
        problems=listed,
        tasks=sorted(in_order, key=lambda task: task.problem is None),
        stages=[Stage(item, case.designated_on) for item in case.milestones.all()],
        forces=_forces(case),
    )


def holder_words(item: Assignment) -> str:
    """王工作（乡镇党委 组织委员）, or a unit with its liaison."""
    if item.cadre:
        return f"{item.cadre.name}（{item.cadre.unit} {item.cadre.post}）"
    liaison = f"，联络员 {item.liaison.name}" if item.liaison else ""
    return f"{item.unit_name}{liaison}"


def _forces(case: Case) -> list[Force]:
    running = list(case.assignments.running().for_list())
    slots = case.round.standard.slots.filter(is_enabled=True)
    return [Force(s.name, [row for row in running if row.slot_id == s.pk]) for s in slots]


def _by_category(case: Case, problems: list[Problem]) -> list[tuple[Category, list[Problem]]]:
    """The case's types in order, then those that only a problem has."""
    found: dict[str, tuple[Category, list[Problem]]] = {
        item.pk: (item, []) for item in categories_of(case)
    }
    for problem in problems:
        found.setdefault(problem.category_id, (problem.category, []))[1].append(problem)
    return list(found.values())


UNITS = (
    ("groups", "村民小组", "个"),
    ("households", "户数", "户"),
    ("population", "人口", "人"),
    ("farmland_mu", "耕地", "亩"),
    ("members", "党员", "名"),
    ("members_female", "其中女党员", "名"),
    ("collective_income", "集体收入", "万元"),
)


def _basics(case: Case, user: User) -> list[tuple[str, str]]:
    """Label and value of what the latest village file knows; the unknown is left out."""
    files = VillageFile.objects.visible_to(user).filter(village=case.village)
    file = files.order_by("-year").first()
    if file is None:
        return []
    values = [(label, getattr(file, name), unit) for name, label, unit in UNITS]
    known = [
        (label, f"{value.normalize():f}" if hasattr(value, "normalize") else value, unit)
        for label, value, unit in values
        if value is not None
    ]
    return [("村情年度", f"{file.year} 年"), *((label, f"{v} {unit}") for label, v, unit in known)]
