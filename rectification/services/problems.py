"""Problems: entered, changed, closed, handed over, tracked, opened again; questions handed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.roles import Permission, Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import guards, workflow_problems
from rectification.choices import (
    DESIGNATED_STATUSES,
    AnswerKind,
    Level,
    ProblemSource,
    ProblemStatus,
)
from rectification.models import Escalation, Problem
from rectification.services.cases import reach, record
from rectification.services.dates import add_working_days
from rectification.services.holders import holder_for
from rectification.services.steps import at_work, check_may_enter, lock, move, past_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.models import User
    from rectification.models import Case, Visit

REPLY_DAYS = 3  # working days that a question leaves at least (domain.md 6.4, 9)
NEXT_LEVEL = {
    Level.VILLAGE: Level.TOWNSHIP,
    Level.TOWNSHIP: Level.DISTRICT,
    Level.DISTRICT: Level.ABOVE,
}
# Who writes the answer of a level; what comes from above the district is entered by its office.
ANSWERED_BY = {
    Level.TOWNSHIP: Role.TOWNSHIP,
    Level.DISTRICT: Role.OFFICE,
    Level.ABOVE: Role.OFFICE,
}
ASKERS = (Permission.PROBLEM_EDIT, Permission.PROGRESS_ADD)


# --- entering -------------------------------------------------------------------------------------


@transaction.atomic
def add_problem(problem: Problem, *, by: User) -> Problem:
    """Save a new problem of a case under the case's next number, with the account that holds it."""
    check_may_enter(by)
    case = at_work(problem.case)
    highest = case.problems.aggregate(highest=Max("number"))["highest"] or 0
    problem.number = highest + 1
    problem.holder = holder_for(case, problem.owner)
    problem.save()
    words = f"{problem.title}（责任人 {problem.owner}，期限 {problem.deadline:%Y年%-m月%-d日}）"
    record(case, "problem_add", "登记问题", by=by, problem=problem, note=words)
    return problem


def check_can_be_revised(problem: Problem, *, by: User) -> None:
    """Refuse to change what is over: its record says how it ended."""
    check_may_enter(by)
    if not problem.is_open:
        raise DomainError(
            f"问题现在是“{problem.get_status_display()}”，要修改请先重新打开",
            link=problem.get_absolute_url(),
            link_text="看问题",
        )


@transaction.atomic
def revise_problem(
    problem: Problem, *, save: Callable[[], Any], changes: list[str], by: User
) -> Problem:
    """Save an edited problem; the event keeps each former value."""
    check_can_be_revised(problem, by=by)
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
    former = move(problem, target=target, **(fields or {}))
    record(
        problem.case,
        f"problem_{action}",
        f"问题{step.name}",
        by=by,
        problem=problem,
        from_status=former,
        to_status=target,
        **details,
    )
    return problem


def request_close(problem: Problem, *, by: User, evidence: str) -> Problem:
    """申请销号, with what was reached and what shows it."""
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
    asked = problem.events.filter(action="problem_request_close").first()
    target = asked.from_status if asked else ProblemStatus.OPEN
    fields = {"closing_by": None}
    return _perform(problem, "refuse_close", by=by, target=target, fields=fields, note=reason)


def hand_over(problem: Problem, *, by: User, reason: str, decision_no: str = "") -> Problem:
    """移交 to whom it belongs; a hard one only by a decision of the district."""
    if guards.is_hard(problem, problem.case) and not decision_no:
        raise DomainError("主要类型和历史遗留的问题，移交要有区级决定文号")
    fields = {"decision_no": decision_no, "outcome_note": reason, "closed_on": clock.today()}
    return _perform(problem, "hand_over", by=by, fields=fields, note=reason, minutes_no=decision_no)


def track(problem: Problem, *, by: User, reason: str, decision_no: str, next_on: date) -> Problem:
    """长期跟踪: stays open with owner and next date, also after the case has ended."""
    if next_on <= clock.today():
        raise DomainError("下次跟踪日期应晚于今天")
    fields = {"decision_no": decision_no, "next_on": next_on, "outcome_note": reason}
    return _perform(problem, "track", by=by, fields=fields, note=reason, minutes_no=decision_no)


def reopen(problem: Problem, *, by: User, reason: str) -> Problem:
    """重新打开, keeping what closed it the first time in the event."""
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
    "reopen": reopen,
}


# --- questions handed up --------------------------------------------------------------------------


def earliest_reply() -> date:
    """The first day by which an answer may be asked: no order of the same afternoon."""
    return add_working_days(clock.today(), REPLY_DAYS)


@transaction.atomic
def escalate(problem: Problem, *, by: User, question: str, reply_due_on: date) -> Escalation:
    """Hand a problem one level up with a question and a day for the answer."""
    if not any(by.can(permission) for permission in ASKERS):
        raise NotAllowed("您的账号不能上交问题")
    if problem.status != ProblemStatus.OPEN:
        raise Conflict(f"问题现在是“{problem.get_status_display()}”，不能上交")
    at_work(problem.case, statuses=DESIGNATED_STATUSES)
    if problem.level not in NEXT_LEVEL:
        raise DomainError("已在最高层级，不能再上交")
    return _ask(problem, by=by, question=question, reply_due_on=reply_due_on)


def _ask(problem: Problem, *, by: User, question: str, reply_due_on: date) -> Escalation:
    if reply_due_on < earliest_reply():
        raise DomainError(f"答复期限至少留 {REPLY_DAYS} 个工作日")
    if problem.escalations.unanswered().exists():
        raise DomainError("这个问题已上交，正在等待答复")
    former, level = Level(problem.level), NEXT_LEVEL[Level(problem.level)]
    move(problem, target=problem.status, level=level)
    try:
        with transaction.atomic():
            asked = Escalation.objects.create(
                problem=problem,
                from_level=former,
                to_level=level,
                question=question,
                asked_by=by,
                reply_due_on=reply_due_on,
            )
    except IntegrityError as error:
        raise Conflict("这个问题刚由他人上交，正在等待答复") from error
    title = f"上交{level.label}：请于 {reply_due_on:%Y年%-m月%-d日} 前答复"
    record(problem.case, "escalate", title, by=by, problem=problem, note=question)
    note_problem_list(problem.case, clock.today())
    return asked


def next_level(problem: Problem) -> Level | None:
    """The level a problem would be handed up to."""
    return NEXT_LEVEL.get(Level(problem.level))


def may_escalate(problem: Problem, user: User) -> bool:
    """Whether this account can hand the problem up now."""
    return (
        problem.status == ProblemStatus.OPEN
        and next_level(problem) is not None
        and any(user.can(permission) for permission in ASKERS)
        and problem.case.status in DESIGNATED_STATUSES
        and not problem.escalations.unanswered().exists()
    )


def may_answer(escalation: Escalation, user: User) -> bool:
    """Whether this account writes the answer of the level that was asked."""
    if escalation.answered_at or not user.can(Permission.ESCALATION_ANSWER):
        return False
    return user.role == ANSWERED_BY[Level(escalation.to_level)]


@transaction.atomic
def answer_escalation(
    escalation: Escalation,
    *,
    by: User,
    answer_kind: str,
    answer: str,
    decision_no: str = "",
    reply_due_on: date | None = None,
) -> Escalation:
    """Answer a question; refused or settled by a rule, it returns to the level that asked."""
    if escalation.answered_at is None and not may_answer(escalation, by):
        raise NotAllowed(f"这个事项由{escalation.get_to_level_display()}答复")
    problem = escalation.problem
    waiting = Escalation.objects.filter(pk=escalation.pk, answered_at=None)
    now = clock.now()
    if not waiting.update(
        answer_kind=answer_kind,
        answer=answer,
        decision_no=decision_no,
        answered_by=by,
        answered_at=now,
    ):
        raise Conflict("这个事项刚由他人答复，请刷新后再看")
    escalation.refresh_from_db()
    title = f"{escalation.get_to_level_display()}答复：{escalation.get_answer_kind_display()}"
    record(
        problem.case,
        "escalation_answer",
        title,
        by=by,
        problem=problem,
        note=answer,
        minutes_no=decision_no,
    )
    _follow_answer(escalation, by=by, reply_due_on=reply_due_on)
    return escalation


def _follow_answer(escalation: Escalation, *, by: User, reply_due_on: date | None) -> None:
    problem, kind = escalation.problem, escalation.answer_kind
    if kind == AnswerKind.PASSED_ON:
        if problem.level not in NEXT_LEVEL:
            raise DomainError("已在最高层级，不能继续上交，请按上级意见答复")
        if reply_due_on is None:
            raise DomainError("继续上交的，要写明请上级何日前答复")
        opinion = f"（{escalation.get_to_level_display()}意见：{escalation.answer}）"
        question = f"{escalation.question}\n{opinion}"
        _ask(problem, by=by, question=question[:1000], reply_due_on=reply_due_on)
    elif kind in {AnswerKind.RULE, AnswerKind.REFUSED}:
        move(problem, target=problem.status, level=escalation.from_level)
