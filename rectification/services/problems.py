"""Problems: entered, changed, closed, handed over, tracked, given up, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from accounts.roles import Permission, Role
from core import clock
from core.exceptions import DomainError, NotAllowed
from rectification import guards, workflow_problems
from rectification.choices import (
    WORKING_STATUSES,
    CaseStatus,
    Level,
    ProblemSource,
    ProblemStatus,
)
from rectification.models import Problem, Verdict
from rectification.services.cases import record
from rectification.services.holders import holder_for
from rectification.services.limits import check_deadline, check_solved_after_found
from rectification.services.links import check_links
from rectification.services.milestones import reach
from rectification.services.steps import (
    at_work,
    check_may_enter,
    lock,
    move,
    past_day,
    snapshot,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Case, Visit


# --- entering -------------------------------------------------------------------------------------


@transaction.atomic
def add_problem(
    problem: Problem,
    *,
    by: User,
    waits_for: Iterable[Problem] = (),
    statuses: tuple[CaseStatus, ...] = WORKING_STATUSES,
) -> Problem:
    """Save a new problem of a case under the case's next number, with the account that holds it."""
    check_may_enter(by)
    case = at_work(problem.case, statuses=statuses)
    check_links(case, problem, problem.parent, waits_for)
    check_solved_after_found(problem.deadline, problem.found_on)
    highest = case.problems.aggregate(highest=Max("number"))["highest"] or 0
    problem.number = highest + 1
    problem.holder = holder_for(case, problem.owner)
    problem.save()
    problem.waits_for.set(waits_for)
    words = f"{problem.title}（责任人 {problem.owner}，期限 {problem.deadline:%Y年%-m月%-d日}）"
    record(case, "problem_add", "登记问题", by=by, problem=problem, note=words)
    return problem


def check_can_be_revised(problem: Problem, *, by: User) -> None:
    """Refuse to change what is over: its record says how it ended."""
    check_may_enter(by)
    if not problem.is_unfinished:
        raise DomainError(
            f"问题现在是“{problem.get_status_display()}”，要修改请先重新打开",
            link=problem.get_absolute_url(),
            link_text="看问题",
        )


@transaction.atomic
def revise_problem(
    problem: Problem,
    *,
    save: Callable[[], Any],
    changes: list[str],
    by: User,
    waits_for: Iterable[Problem] = (),
) -> Problem:
    """Save an edited problem; the event keeps each former value."""
    check_can_be_revised(problem, by=by)
    at_work(problem.case, statuses=tuple(CaseStatus))  # two edits cannot close a circle together
    check_links(problem.case, problem, problem.parent, waits_for)
    check_solved_after_found(problem.deadline, problem.found_on)
    check_deadline(problem)
    problem.holder = holder_for(problem.case, problem.owner)
    save()
    if changes:
        record(
            problem.case,
            "problem_edit",
            "修改问题",
            by=by,
            problem=problem,
            note="；".join(changes),
        )
    return problem


def known_from(visit: Visit) -> dict[str, Any]:
    """What a visit that found a problem already tells about it: nobody types it again."""
    return {
        "source": ProblemSource.VISIT,
        "found_on": visit.visited_on,
        "detail": visit.findings,
        "title": visit.findings.strip().splitlines()[0][:120],
    }


def note_problem_list(case: Case, on: date) -> None:
    """Reach 问题清单 on the first day on which each problem of the case has a task or a question.

    The list counts as made when something is going to be done about each line of it; nobody has
    to declare it. At least one problem is needed.
    """
    problems = case.problems.all()
    idle = problems.filter(tasks=None, escalations=None)
    if problems.exists() and not idle.exists():
        reach(case, "problem_list", on)


# --- steps ----------------------------------------------------------------------------------------


@transaction.atomic
def _perform(
    problem: Problem,
    action: str,
    *,
    by: User,
    target: str = "",
    fields: dict[str, Any] | None = None,
    **details: Any,
) -> Problem:
    lock(problem.case_id)
    step = workflow_problems.check(workflow_problems.PROBLEM_STEPS, problem, action, by=by)
    target = target or step.targets[0]
    fields = fields or {}
    before = snapshot(problem, fields)
    former = move(problem, target=target, **fields)
    record(
        problem.case,
        f"problem_{action}",
        f"问题{step.name}",
        by=by,
        problem=problem,
        from_status=former,
        to_status=target,
        former=before,
        **details,
    )
    return problem


def request_close(problem: Problem, *, by: User, evidence: str) -> Problem:
    """申请销号, with what was reached and what shows it."""
    written(解决情况和依据=evidence)
    return _perform(
        problem,
        "request_close",
        by=by,
        fields={"evidence": evidence, "closing_by": by},
        note=evidence,
    )


def approve_close(problem: Problem, *, by: User, on: date | None = None, note: str = "") -> Problem:
    """核准销号, by an account that neither asked nor did the work."""
    on = past_day(on)
    fields = {"closed_by": by, "closed_on": on, "outcome_note": note}
    return _perform(problem, "approve_close", by=by, fields=fields, on=on, note=note)


def refuse_close(problem: Problem, *, by: User, reason: str) -> Problem:
    """退回: the problem goes where it came from; what was asked stays in its record."""
    written(退回原因=reason)
    asked = problem.events.filter(action="problem_request_close", undone_by=None).first()
    target = asked.from_status if asked else ProblemStatus.OPEN
    fields = {"closing_by": None}
    return _perform(problem, "refuse_close", by=by, target=target, fields=fields, note=reason)


def hand_over(problem: Problem, *, by: User, reason: str, decision_no: str = "") -> Problem:
    """移交 to whom it belongs; a hard one only by a decision of the district."""
    written(移交原因=reason)
    if guards.is_hard(problem, problem.case) and not decision_no.strip():
        raise DomainError("主要类型和历史遗留的问题，移交要有区级决定文号")
    fields = {"decision_no": decision_no, "outcome_note": reason, "closed_on": clock.today()}
    return _perform(problem, "hand_over", by=by, fields=fields, note=reason, minutes_no=decision_no)


def track(problem: Problem, *, by: User, reason: str, decision_no: str, next_on: date) -> Problem:
    """长期跟踪: stays open with owner and next date, also after the case has ended."""
    written(原因=reason, 区级决定文号=decision_no)
    if next_on <= clock.today():
        raise DomainError("下次跟踪日期应晚于今天")
    fields = {"decision_no": decision_no, "next_on": next_on, "outcome_note": reason}
    return _perform(problem, "track", by=by, fields=fields, note=reason, minutes_no=decision_no)


def give_up(problem: Problem, *, by: User, reason: str, decision_no: str) -> Problem:
    """不能解决: an end of its own, by a decision of the district, that never counts as solved."""
    written(原因=reason, 区级决定文号=decision_no)
    fields = {"decision_no": decision_no, "outcome_note": reason, "closed_on": clock.today()}
    return _perform(problem, "give_up", by=by, fields=fields, note=reason, minutes_no=decision_no)


def reopen(problem: Problem, *, by: User, reason: str) -> Problem:
    """重新打开, keeping what closed it the first time in the event."""
    written(重新打开的原因=reason)
    ended = f"（{_ending(problem)}）" if problem.closed_on else ""
    fields = {
        "closing_by": None,
        "closed_by": None,
        "closed_on": None,
        "evidence": "",
        "outcome_note": "",
        "decision_no": "",
        "next_on": None,
        "holder": holder_for(problem.case, problem.owner),
    }
    return _perform(problem, "reopen", by=by, fields=fields, note=f"{reason}{ended}")


def _ending(problem: Problem) -> str:
    who = f"，{problem.closed_by} 核准" if problem.closed_by else ""
    evidence = f"，{problem.evidence}" if problem.evidence else ""
    return f"原{problem.get_status_display()}：{problem.closed_on:%Y年%-m月%-d日}{who}{evidence}"


ACTS: dict[str, Callable[..., Problem]] = {
    "request_close": request_close,
    "approve_close": approve_close,
    "refuse_close": refuse_close,
    "hand_over": hand_over,
    "track": track,
    "give_up": give_up,
    "reopen": reopen,
}


# --- what each level says -------------------------------------------------------------------------

# For whom an account speaks: the village has none, so that the township enters what it said.
SPEAKS_FOR: dict[str, tuple[Level, ...]] = {
    Role.TOWNSHIP: (Level.VILLAGE, Level.TOWNSHIP),
    Role.OFFICE: (Level.DISTRICT,),
}


def may_judge(user: User) -> bool:
    return user.can(Permission.PROBLEM_EDIT) and user.role in SPEAKS_FOR


@transaction.atomic
def add_verdict(
    problem: Problem,
    *,
    by: User,
    level: str,
    value: str,
    on: date | None = None,
    said_by: str = "",
    note: str = "",
) -> Verdict:
    """Enter what one level says: 已解决, 部分解决 or 没有解决; former words stay."""
    if not may_judge(by) or level not in SPEAKS_FOR[by.role]:
        raise NotAllowed("村和乡镇的认定由乡镇登记，区级的由组织部登记")
    lock(problem.case_id)
    if level == Level.VILLAGE and not said_by.strip():
        raise DomainError("村里的认定要写明是谁说的（写职务，如村民代表、村党支部书记）")
    on = past_day(on)
    verdict = Verdict.objects.create(
        problem=problem, level=level, value=value, on=on, said_by=said_by, note=note, by=by
    )
    words = "，".join(part for part in (said_by, note) if part)
    record(problem.case, "verdict", f"认定：{verdict}", by=by, problem=problem, on=on, note=words)
    return verdict
