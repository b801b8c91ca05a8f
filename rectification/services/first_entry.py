"""首次登记: a village's first record from the seven columns of a paper ledger, in one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from core import clock
from core.exceptions import DomainError
from rectification.choices import OPEN_STATUSES, Nature, ProblemSource
from rectification.models import Cadre, Case, Problem, Task
from rectification.services.dates import add_days
from rectification.services.problems import add_problem
from rectification.services.rounds import propose_mid_year
from rectification.services.tasks import add_task
from villages.models import VillageFile

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Category, Round
    from villages.models import Village

POST = "村党组织书记"


@transaction.atomic
def enter_first(
    *,
    by: User,
    round: Round | None,
    village: Village,
    main_category: Category,
    problems: list[str],
    measures: list[str],
    secretary: str = "",
    members: int | None = None,
    remark: str = "",
) -> Case:
    """Propose a village with what its ledger says; what is asked nowhere is filled in later.

    A line is a problem or a measure. As many measures as problems belong together in pairs, all of
    them to the only problem; otherwise they serve the type.
    """
    if round is None:
        raise DomainError("还没有启动过年度轮次，请先建立并启动一轮")
    case = propose_mid_year(
        village,
        round=round,
        by=by,
        on=clock.today(),
        main_category=main_category,
        source_note=remark or "首次登记",
    )
    if members is not None:
        _note_members(village, members)
    owner = _secretary(village, secretary.strip())
    rows = [_problem(case, owner, line, by) for line in problems]
    for number, line in enumerate(measures):
        problem = rows[0] if len(rows) == 1 else None
        if len(rows) == len(measures):
            problem = rows[number]
        _task(case, owner, line, problem, by)
    return case


def _note_members(village: Village, members: int) -> None:
    """Put the number into this year's file where it is unknown; a known one is not overwritten."""
    year = clock.today().year
    file, is_new = VillageFile.objects.get_or_create(
        village=village, year=year, defaults={"members": members, "entered_on": clock.today()}
    )
    if is_new or file.members == members:
        return
    if file.members is not None:
        raise DomainError(
            f"{year} 年村情档案里党员总数是 {file.members}，与填写的不同，要改请到村情档案",
            link=village.get_absolute_url(),
            link_text="看村情档案",
        )
    VillageFile.objects.filter(pk=file.pk).update(version=F("version") + 1)
    file.refresh_from_db()
    file.members = members
    file.save()


def _secretary(village: Village, name: str) -> Cadre:
    """The office-holder who answers for the village's problems until others are named."""
    term = village.terms.filter(ended_on=None).first()
    if term and name and term.name != name:
        raise DomainError(
            f"登记的在任书记是{term.name}，换了人请先在村页面登记书记",
            link=village.get_absolute_url(),
            link_text="看村页面",
        )
    name = name or (term.name if term else "")
    if not name:
        raise DomainError("请填写负责人（村党组织书记）")
    rows = Cadre.objects.filter(Q(to_on=None), name=name, post=POST, unit=village.name)
    values = {"division_id": village.township_id, "name": name, "post": POST, "unit": village.name}
    return rows.filter(division=village.township_id).first() or Cadre.objects.create(**values)


def _problem(case: Case, owner: Cadre, line: str, by: User) -> Problem:
    today = clock.today()
    problem = Problem(
        case=case,
        title=line[:120],
        detail=line if len(line) > 120 else "",
        category=case.main_category,
        nature=Nature.ORDINARY,
        source=ProblemSource.SCREENING,
        found_on=today,
        deadline=add_days(today, case.round.standard.rectification_days),
        owner=owner,
    )
    return add_problem(problem, by=by, statuses=OPEN_STATUSES)


def _task(case: Case, owner: Cadre, line: str, problem: Problem | None, by: User) -> Task:
    today = clock.today()
    task = Task(
        case=case,
        problem=problem,
        category=case.main_category,
        measure=line[:200],
        owner=owner,
        start_on=today,
        deadline=add_days(today, case.round.standard.rectification_days),
    )
    return add_task(task, by=by, statuses=OPEN_STATUSES)
