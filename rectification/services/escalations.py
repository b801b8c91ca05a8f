"""Questions handed up level by level, each with a day for the answer and one who owes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.roles import Permission, Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from core.workdays import due_after
from rectification.choices import ANSWERS, DESIGNATED_STATUSES, AnswerKind, Level, ProblemStatus
from rectification.models import Escalation, Problem
from rectification.services.cases import record
from rectification.services.limits import check_reply_day, check_reply_days
from rectification.services.problems import note_problem_list
from rectification.services.steps import at_work, lock, move, snapshot, written

if TYPE_CHECKING:
    from datetime import date

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


# --- asking ---------------------------------------------------------------------------------------


@transaction.atomic
def escalate(
    problem: Problem,
    *,
    by: User,
    question: str,
    reply_days: int | None = None,
    reply_due_on: date | None = None,
) -> Escalation:
    """Hand a problem one level up with a question, and working days or a day for the answer."""
    if not any(by.can(permission) for permission in ASKERS):
        raise NotAllowed("您的账号不能上交问题")
    written(请求事项=question)
    if problem.status != ProblemStatus.OPEN:
        raise Conflict(f"问题现在是“{problem.get_status_display()}”，不能上交")
    at_work(problem.case, statuses=DESIGNATED_STATUSES)
    if problem.level not in NEXT_LEVEL:
        raise DomainError("已在最高层级，不能再上交")
    due = _reply_day(reply_days, reply_due_on)
    return _ask(problem, by=by, question=question, reply_days=reply_days, reply_due_on=due)


def _reply_day(reply_days: int | None, reply_due_on: date | None) -> date:
    """The day an answer is due; it leaves the working days that every question leaves."""
    if reply_days is not None:
        check_reply_days(reply_days)
        return due_after(clock.today(), reply_days).day
    if reply_due_on is None:
        raise DomainError("要写明请上级几个工作日内答复")
    check_reply_day(reply_due_on)
    return reply_due_on


def _ask(
    problem: Problem, *, by: User, question: str, reply_days: int | None, reply_due_on: date
) -> Escalation:
    if problem.escalations.unanswered().exists():
        raise DomainError("这个问题已上交，正在等待答复")
    before, former = snapshot(problem, ["level"]), Level(problem.level)
    level = NEXT_LEVEL[former]
    move(problem, target=problem.status, level=level)
    try:
        with transaction.atomic():
            asked = Escalation.objects.create(
                problem=problem,
                from_level=former,
                to_level=level,
                question=question,
                asked_by=by,
                reply_days=reply_days,
                reply_due_on=reply_due_on,
            )
    except IntegrityError as error:
        raise Conflict("这个问题刚由他人上交，正在等待答复") from error
    title = f"上交{level.label}：请于 {reply_due_on:%Y年%-m月%-d日} 前答复"
    record(problem.case, "escalate", title, by=by, problem=problem, note=question, former=before)
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
        and not problem.waiting
    )


# --- who owes the answer --------------------------------------------------------------------------


def owing_role(escalation: Escalation) -> Role:
    """The role whose accounts owe an answer: one at a time.

    The department it was passed to; else the level that was asked. Where a township or a department
    has no account in use, its district's office keeps the question.
    """
    village = escalation.problem.case.village
    active = User.objects.active()
    role = ANSWERED_BY[Level(escalation.to_level)]
    if escalation.department:
        liaisons = active.filter(
            role=Role.DEPARTMENT,
            division=escalation.problem.case.round.district_id,
            department=escalation.department,
        )
        return Role.DEPARTMENT if liaisons.exists() else Role.OFFICE
    if role == Role.TOWNSHIP:
        staff = active.filter(role=Role.TOWNSHIP, division=village.township_id)
        return Role.TOWNSHIP if staff.exists() else Role.OFFICE
    return role


def owed_by(user: User) -> Q:
    """The condition on unanswered questions that an account owes, as :func:`owing_role` says."""
    active = User.objects.active()
    township = active.filter(
        role=Role.TOWNSHIP, division=OuterRef("problem__case__village__township_id")
    )
    liaison = active.filter(
        role=Role.DEPARTMENT,
        division=OuterRef("problem__case__round__district_id"),
        department=OuterRef("department"),
    )
    match user.role:
        case Role.TOWNSHIP:
            return Q(to_level=Level.TOWNSHIP)
        case Role.DEPARTMENT:
            return Q(department=user.department)
        case Role.OFFICE:
            own = Q(to_level__in=(Level.DISTRICT, Level.ABOVE)) & Q(department="")
            left = Q(to_level=Level.TOWNSHIP) & ~Q(Exists(township))
            return own | left | ~Q(department="") & ~Q(Exists(liaison))
    return Q(pk__in=[])


def may_answer(escalation: Escalation, user: User) -> bool:
    """Whether this account writes the answer of the level that was asked."""
    if escalation.answered_at or not user.can(Permission.ESCALATION_ANSWER):
        return False
    return user.role == owing_role(escalation)


def may_pass(escalation: Escalation, user: User) -> bool:
    """Whether this account can put the district's question to one of its departments."""
    asked = escalation.to_level == Level.DISTRICT and escalation.answered_at is None
    return asked and user.role == Role.OFFICE and user.can(Permission.ESCALATION_ANSWER)


@transaction.atomic
def pass_to_department(escalation: Escalation, *, by: User, department: str) -> Escalation:
    """Ask a department of the district for the answer, or take the question back (empty)."""
    if not may_pass(escalation, by):
        raise NotAllowed("只有上交到区级、还没有答复的事项，才由组织部转请部门答复")
    lock(escalation.problem.case_id)
    waiting = Escalation.objects.filter(
        pk=escalation.pk, answered_at=None, department=escalation.department
    )
    if not waiting.update(department=department):
        raise Conflict("这个事项刚被他人办理，请刷新后再看")
    escalation.refresh_from_db()
    problem, name = escalation.problem, escalation.get_department_display()
    title = f"转请{name}答复" if department else "收回由组织部答复"
    record(problem.case, "escalation_pass", title, by=by, problem=problem, note=escalation.question)
    return escalation


# --- answering ------------------------------------------------------------------------------------


@transaction.atomic
def answer_escalation(
    escalation: Escalation,
    *,
    by: User,
    answer_kind: str,
    answer: str,
    decision_no: str = "",
    reply_days: int | None = None,
    reply_due_on: date | None = None,
) -> Escalation:
    """Answer a question; refused or settled by a rule, it returns to the level that asked."""
    lock(escalation.problem.case_id)
    escalation.refresh_from_db()  # who owes the answer may have changed before the lock
    if escalation.answered_at is None and not may_answer(escalation, by):
        raise NotAllowed(f"这个事项由{who_owes(escalation)}答复")
    if answer_kind not in ANSWERS:
        raise DomainError("请选择答复结果")
    written(答复内容=answer)
    settle(escalation, by=by, answer_kind=answer_kind, answer=answer, decision_no=decision_no)
    problem, goes_back = escalation.problem, answer_kind in {AnswerKind.RULE, AnswerKind.REFUSED}
    who = escalation.get_department_display() or escalation.get_to_level_display()
    record(
        problem.case,
        "escalation_answer",
        f"{who}答复：{escalation.get_answer_kind_display()}",
        by=by,
        problem=problem,
        note=answer,
        minutes_no=decision_no,
        former=snapshot(problem, ["level"] if goes_back else []),
    )
    _follow_answer(escalation, by=by, reply_days=reply_days, reply_due_on=reply_due_on)
    return escalation


def settle(escalation: Escalation, *, by: User, **fields: Any) -> None:
    """Write the end of a question that still waits; the second of two people is told."""
    waiting = Escalation.objects.filter(pk=escalation.pk, answered_at=None)
    if not waiting.update(answered_by=by, answered_at=clock.now(), **fields):
        raise Conflict("这个事项刚由他人答复，请刷新后再看")
    escalation.refresh_from_db()


def who_owes(escalation: Escalation) -> str:
    """Who owes the answer, in words."""
    match owing_role(escalation):
        case Role.DEPARTMENT:
            return escalation.get_department_display()
        case Role.TOWNSHIP:
            return "乡镇"
    return "组织部"


def _follow_answer(
    escalation: Escalation, *, by: User, reply_days: int | None, reply_due_on: date | None
) -> None:
    problem, kind = escalation.problem, escalation.answer_kind
    if kind == AnswerKind.PASSED_ON:
        if problem.level not in NEXT_LEVEL:
            raise DomainError("已在最高层级，不能继续上交，请按上级意见答复")
        if by.role == Role.DEPARTMENT:
            raise DomainError("要上交区以上的，请写明意见，由组织部办理")
        due = _reply_day(reply_days, reply_due_on)
        opinion = f"（{escalation.get_to_level_display()}意见：{escalation.answer}）"
        question = f"{escalation.question}\n{opinion}"[:1000]
        _ask(problem, by=by, question=question, reply_days=reply_days, reply_due_on=due)
    elif kind in {AnswerKind.RULE, AnswerKind.REFUSED}:
        move(problem, target=problem.status, level=escalation.from_level)
