"""区级专题: one question for the same hard cause in several villages, and its one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from accounts.roles import Permission, Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from core.workdays import due_after
from rectification import workflow_problems
from rectification.choices import AnswerKind, Level, ProblemStatus
from rectification.models import Topic
from rectification.services import escalations, problems
from rectification.services.cases import record
from rectification.services.limits import check_reply_days
from rectification.services.steps import lock, move, snapshot, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rectification.models import Cause, Problem

LEAST_VILLAGES = 2


@transaction.atomic
def make_topic(
    *,
    by: User,
    cause: Cause,
    title: str,
    question: str,
    problems: Iterable[Problem],
    reply_days: int,
    department: str = "",
) -> Topic:
    """Join unfinished problems of one cause in several villages to one question of the district."""
    if not by.can(Permission.CASE_MANAGE) or by.is_above_district:
        raise NotAllowed("区级专题由区委组织部提出")
    check_reply_days(reply_days)
    written(专题名称=title, 要区里解决什么=question)
    rows = list(problems)
    if len({row.case.village_id for row in rows}) < LEAST_VILLAGES:
        raise DomainError(f"至少选 {LEAST_VILLAGES} 个村的问题；只有一个村的，用“上交”")
    topic = Topic.objects.create(
        district_id=by.division_id,
        title=title,
        cause=cause,
        question=question,
        department=department,
        reply_due_on=due_after(clock.today(), reply_days).day,
        reply_days=reply_days,
        made_by=by,
    )
    for row in rows:
        _join(row, topic, by)
    return topic


def _join(problem: Problem, topic: Topic, by: User) -> None:
    if not problem.is_unfinished or problem.cause_id != topic.cause_id:
        raise DomainError(f"“{problem.title}”已经办结，或者成因不是“{topic.cause}”")
    if problem.case.round.district_id != topic.district_id:
        raise DomainError(f"“{problem.title}”不在本区")
    if problem.topic_id:
        raise Conflict(f"“{problem.title}”刚由他人列入专题，请刷新后再看")
    move(problem, target=problem.status, topic=topic)
    title = f"列入区级专题：{topic.title}"[:120]
    record(problem.case, "topic_join", title, by=by, problem=problem, note=topic.question)


# --- mending the text -----------------------------------------------------------------------------


def may_revise(topic: Topic, user: User) -> bool:
    """Whether this account can change what a topic asks: its district's office, until answered."""
    is_own = user.role == Role.OFFICE and user.division_id == topic.district_id
    return topic.answered_at is None and is_own and user.can(Permission.CASE_MANAGE)


@transaction.atomic
def revise_topic(topic: Topic, *, save: Callable[[], Any], changes: list[str], by: User) -> Topic:
    """Save an edited topic; the events of each case concerned keep the former words."""
    if not Topic.objects.unanswered().filter(pk=topic.pk).exists():
        raise DomainError(
            "专题已经答复，不能再改；还没有解决的，在问题页面用“上交”",
            link=topic.get_absolute_url(),
            link_text="看答复",
        )
    if not may_revise(topic, by):
        raise NotAllowed("区级专题由提出的组织部修改")
    save()
    if changes:
        for problem in topic.problems.select_related("case"):
            title = f"修改区级专题：{topic.title}"[:120]
            note = "；".join(changes)
            record(problem.case, "topic_edit", title, by=by, problem=problem, note=note)
    return topic


def wordings(topic: Topic) -> list[Any]:
    """The rows of the history in which the text or the department is another, newest first."""
    rows = topic.history.select_related("history_user").order_by("history_date", "history_id")
    found: list[Any] = []
    for row in rows:
        if not found or _words(found[-1]) != _words(row):
            found.append(row)
    return found[::-1]


def _words(row: Any) -> tuple[str, ...]:
    return (row.title, row.question, row.department)


# --- who owes the answer --------------------------------------------------------------------------


def owed_by(user: User) -> Q:
    """The condition on unanswered topics that an account owes: the lead department, or the office.

    The office keeps what was put to a department without an account in use.
    """
    liaison = User.objects.active().filter(
        role=Role.DEPARTMENT, division=OuterRef("district_id"), department=OuterRef("department")
    )
    match user.role:
        case Role.DEPARTMENT:
            return Q(department=user.department)
        case Role.OFFICE:
            return Q(department="") | ~Q(Exists(liaison))
    return Q(pk__in=[])


def may_answer(topic: Topic, user: User) -> bool:
    """Whether this account writes the answer of the district."""
    if topic.answered_at or not user.can(Permission.ESCALATION_ANSWER):
        return False
    return Topic.objects.visible_to(user).filter(owed_by(user), pk=topic.pk).exists()


def check_answer(topic: Topic, *, by: User) -> None:
    """Refuse an answer by somebody who does not owe it, or a second one."""
    if topic.answered_at:
        raise Conflict("这个专题刚被他人答复，请刷新后再看")
    if not may_answer(topic, by):
        raise NotAllowed("这个专题由牵头部门答复；没有牵头部门的由组织部答复")


# --- the one answer -------------------------------------------------------------------------------


@transaction.atomic
def answer_topic(
    topic: Topic,
    *,
    by: User,
    answer_kind: str,
    answer: str,
    decision_no: str = "",
    solved: Iterable[Problem] = (),
) -> Topic:
    """Answer for all problems of a topic; those it solves are put up for closing at once.

    Their closing is asked in the name of who made the topic, and approved by somebody else.
    """
    for case_id in sorted(set(topic.problems.values_list("case", flat=True))):
        lock(case_id)
    check_answer(topic, by=by)
    written(答复内容=answer)
    unchanged = Topic.objects.filter(pk=topic.pk, version=topic.version, answered_at=None)
    if not unchanged.update(version=F("version") + 1):
        raise Conflict("这个专题刚被他人答复，请刷新后再看")
    topic.version += 1
    topic.answer_kind, topic.answer, topic.decision_no = answer_kind, answer, decision_no
    topic.answered_by, topic.answered_at = by, clock.now()
    topic.save()
    chosen = {row.pk for row in solved} if answer_kind == AnswerKind.SOLVED else set()
    for problem in topic.problems.for_detail():
        _settle(problem, topic, by, is_solved=problem.pk in chosen)
    return topic


def _settle(problem: Problem, topic: Topic, by: User, *, is_solved: bool) -> None:
    """Give the answer to one problem: an event, the end of its question, the request to close."""
    fields: dict[str, Any] = {
        "answer_kind": topic.answer_kind,
        "answer": topic.answer,
        "decision_no": topic.decision_no,
    }
    title = f"专题答复：{topic.get_answer_kind_display()}"
    question = problem.escalations.unanswered().filter(to_level=Level.DISTRICT).first()
    goes_back = question and topic.answer_kind != AnswerKind.SOLVED
    details = {"problem": problem, "note": topic.answer, "minutes_no": topic.decision_no}
    details["former"] = snapshot(problem, ["level"] if goes_back else [])
    record(problem.case, "topic_answer", title, by=by, **details)
    if question:
        escalations.settle(question, by=by, **fields)
        if goes_back:
            move(problem, target=problem.status, level=question.from_level)
    if is_solved and problem.status in (ProblemStatus.OPEN, ProblemStatus.TRACKED):
        _ask_to_close(problem, topic)


def _ask_to_close(problem: Problem, topic: Topic) -> None:
    """申请销号 in the name of who made the topic; what is still missing stays to be done."""
    step = workflow_problems.PROBLEM_STEPS["request_close"]
    missing = workflow_problems.missing_for(problem, step, topic.made_by)
    if missing:
        words = "；".join(item.text for item in missing)
        title = "专题已解决，还不能申请销号"
        record(problem.case, "topic_waits", title, by=topic.made_by, problem=problem, note=words)
        return
    number = f"（{topic.decision_no}）" if topic.decision_no else ""
    evidence = f"区级专题“{topic.title}”答复{number}：{topic.answer}"[:2000]
    problems.request_close(problem, by=topic.made_by, evidence=evidence)
