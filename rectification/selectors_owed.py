"""谁欠答复: every question and topic without an answer, with the level that owes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core import clock
from rectification.choices import Level
from rectification.deadlines import asked_on
from rectification.models import Escalation, Problem, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

OWING = (Level.TOWNSHIP, Level.DISTRICT, Level.ABOVE)
Unit = tuple[str, str, str]  # role, code of the division, department


@dataclass(frozen=True, slots=True)
class Owed:
    """One answer that somebody owes."""

    level: Level
    unit: str
    person: str
    noun: str
    question: str
    place: str
    about: str
    address: str
    asked_on: date
    due_on: date

    @property
    def days(self) -> int:
        return (clock.today() - self.asked_on).days

    @property
    def is_late(self) -> bool:
        return self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Share:
    """What one level owes: how many answers, how many of them late, the longest wait."""

    level: Level
    total: int
    late: int
    longest: int


def owed_rows(user: User) -> list[Owed]:
    """All unanswered questions and topics an account sees, the oldest first."""
    questions = list(Escalation.objects.visible_to(user).unanswered().for_detail())
    topics = list(Topic.objects.visible_to(user).unanswered().for_list())
    units = [_unit(row) for row in questions]
    units += [_topic_unit(row) for row in topics]
    units += [(Role.OFFICE, row.problem.case.round.district_id, "") for row in questions]
    units += [(Role.OFFICE, row.district_id, "") for row in topics]
    people = _people(units)
    rows = [_question(row, people) for row in questions] + [_topic(row, people) for row in topics]
    return sorted(rows, key=lambda row: (row.asked_on, row.due_on))


def shares(rows: Iterable[Owed]) -> list[Share]:
    """What each level owes, from the township up; a level that owes nothing shows that too."""
    found: dict[Level, list[Owed]] = {level: [] for level in OWING}
    for row in rows:
        found[row.level].append(row)
    return [
        Share(
            level,
            len(owed),
            sum(row.is_late for row in owed),
            max((row.days for row in owed), default=0),
        )
        for level, owed in found.items()
    ]


def _unit(row: Escalation) -> Unit:
    case = row.problem.case
    if row.department:
        return (Role.DEPARTMENT, case.round.district_id, row.department)
    if row.to_level == Level.TOWNSHIP:
        return (Role.TOWNSHIP, case.village.township_id, "")
    return (Role.OFFICE, case.round.district_id, "")


def _topic_unit(row: Topic) -> Unit:
    role = Role.DEPARTMENT if row.department else Role.OFFICE
    return (role, row.district_id, row.department)


def _people(units: Iterable[Unit]) -> dict[Unit, str]:
    """The account of each unit that answers: its first in use."""
    codes = {code for _, code, _ in units}
    roles = (Role.TOWNSHIP, Role.OFFICE, Role.DEPARTMENT)
    accounts = User.objects.active().filter(role__in=roles, division__in=codes).order_by("pk")
    found: dict[Unit, str] = {}
    for account in accounts:
        key = (account.role, account.division_id, account.department)
        found.setdefault(key, account.name)
    return found


def _person(unit: Unit, people: dict[Unit, str], district: str) -> str:
    """Who answers: the unit's account, or the office's for a unit that has none in use."""
    keeper = people.get((Role.OFFICE, district, ""))
    return people.get(unit) or (f"没有可用的账号，由组织部{keeper}答复" if keeper else "")


def _department(row: Escalation | Topic) -> str:
    return f"{row.get_department_display()}部门" if row.department else ""


def _question(row: Escalation, people: dict[Unit, str]) -> Owed:
    case, level, unit = row.problem.case, Level(row.to_level), _unit(row)
    names = {
        Level.TOWNSHIP: str(case.village.township),
        Level.DISTRICT: _department(row) or f"{case.round.district}委组织部",
        Level.ABOVE: f"上级（由{case.round.district}委组织部登记）",
    }
    return Owed(
        level,
        names[level],
        _person(unit, people, case.round.district_id),
        "上交事项",
        row.question,
        f"{case.village.township}{case.village}",
        row.problem.title,
        f"{row.problem.get_absolute_url()}#escalations",
        asked_on(row),
        row.reply_due_on,
    )


def _topic(row: Topic, people: dict[Unit, str]) -> Owed:
    return Owed(
        Level.DISTRICT,
        _department(row) or f"{row.district}委组织部",
        _person(_topic_unit(row), people, row.district_id),
        "区级专题",
        row.question,
        f"{row.village_count} 个村",
        row.title,
        row.get_absolute_url(),
        asked_on(row),
        row.reply_due_on,
    )


# --- the same hard cause in several villages ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommonCause:
    """A cause for which several villages have hard problems that stand in no topic yet."""

    code: str
    name: str
    villages: int
    problems: int
    address: str


def common_causes(rows: QuerySet[Problem], least: int) -> list[CommonCause]:
    """Causes of the hard problems among ``rows`` that at least that many villages share."""
    hard = rows.oldest_hard().filter(topic=None, cause__isnull=False).order_by()  # type: ignore[attr-defined]
    found = hard.values("cause", "cause__name").annotate(
        villages=Count("case__village", distinct=True), found=Count("pk", distinct=True)
    )
    return [
        CommonCause(
            row["cause"],
            row["cause__name"],
            row["villages"],
            row["found"],
            reverse("rectification:topic_add", args=[row["cause"]]),
        )
        for row in found.filter(villages__gte=least).order_by("-villages", "cause")
    ]
