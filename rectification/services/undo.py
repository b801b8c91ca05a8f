"""撤回: a step is taken back, with a reason, by the level that took it, until another one acted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from accounts.roles import Permission, Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import guards_problems as guards
from rectification import workflow, workflow_problems
from rectification.choices import (
    AnswerKind,
    CaseSource,
    CaseStatus,
    ProblemStatus,
    RoundStatus,
    TaskStatus,
)
from rectification.models import Acceptance, Case, Problem, Task
from rectification.services import escalations
from rectification.services.holders import holder_for
from rectification.services.steps import lock, move, record, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from rectification.guards import Missing
    from rectification.models import CaseEvent
    from rectification.querysets import CaseEventQuerySet

Item = Case | Problem | Task
ESCALATE = "escalate"
# What changes nothing that a step stands on: it does not bar an undo.
NOTES = (
    "undo",
    "progress",
    "visit_add",
    "visit_edit",
    "problem_holder",
    "task_holder",
    "retype",
    "reply_moved",
    "topic_edit",
)
# What must hold again before a problem goes back to where it was: as when it came there.
BEFORE: dict[str, tuple[Callable[[Problem, User], list[Missing]], ...]] = {
    ProblemStatus.OPEN: (guards.whole_is_open,),
    ProblemStatus.TRACKED: (guards.whole_is_open,),
    ProblemStatus.CLOSING: (*guards.SOLVED, guards.question_is_answered, guards.whole_is_open),
    ProblemStatus.CLOSED: (*guards.SOLVED, guards.question_is_answered),
    ProblemStatus.HANDED_OVER: (guards.question_is_answered,),
    ProblemStatus.UNSOLVABLE: (guards.tasks_are_settled, guards.question_is_answered),
}
LIVE = (ProblemStatus.OPEN, ProblemStatus.CLOSING, ProblemStatus.TRACKED, TaskStatus.OPEN)
# Steps that did more than an undo can take back, with what to do instead.
FINAL = {
    "release": "出列时帮扶力量的安排已同时结束",
    "relapse": "反弹的新档案已经建立",
    "end": "终止时帮扶力量的安排已同时结束",
}


def case_of(item: Item) -> Case:
    return item if isinstance(item, Case) else item.case


def permission_for(item: Item, action: str) -> Permission:
    """The right that a step asks for: its undo asks for the same."""
    if action == ESCALATE:
        return Permission.PROGRESS_ADD
    if isinstance(item, Case):
        return workflow.STEPS[action].permission
    name = action.split("_", 1)[1]
    steps = workflow_problems.PROBLEM_STEPS
    return (steps if isinstance(item, Problem) else workflow_problems.TASK_STEPS)[name].permission


def events_of(item: Item) -> CaseEventQuerySet:
    """The events by which the item itself was moved."""
    events: Any = item.events
    if isinstance(item, Case):
        return events.filter(problem=None, task=None, action__in=workflow.STEPS)
    if isinstance(item, Task):
        return events.filter(action__in=[f"task_{name}" for name in workflow_problems.TASK_STEPS])
    names = [f"problem_{name}" for name in workflow_problems.PROBLEM_STEPS]
    return events.filter(task=None, action__in=[*names, ESCALATE])


def last_step(item: Item) -> CaseEvent | None:
    """The latest step of an item that has not been taken back."""
    steps = events_of(item).filter(undone_by=None).select_related("by")
    return steps.order_by("-pk").first()


def undoable(item: Item, user: User) -> CaseEvent | None:
    """The step this account could take back now, if any."""
    event = last_step(item)
    return (
        event if event and not _not_his(item, event, user) and not _why_not(item, event) else None
    )


def check(item: Item, *, by: User) -> CaseEvent:
    """Return the step that this account may take back now; otherwise raise DomainError in words."""
    event = last_step(item)
    if event is None:
        raise DomainError("没有可以撤回的步骤")
    refusal = _not_his(item, event, by)
    if refusal:
        raise NotAllowed(refusal)
    refusal = _why_not(item, event)
    if refusal:
        raise DomainError(f"不能撤回“{event.title}”：{refusal}")
    return event


def _not_his(item: Item, event: CaseEvent, user: User) -> str:
    """Why this step is not the account's to take back; empty when it is."""
    who = event.by
    same = (who.role, who.division_id) == (user.role, user.division_id)
    if user.role == Role.HELPER:
        same = who == user
    if same and user.can(permission_for(item, event.action)):
        return ""
    return f"“{event.title}”由{who}办理，只能由办理的一级撤回"


def _why_not(item: Item, event: CaseEvent) -> str:
    """What stands in the way of taking a step back, in words; empty when nothing does."""
    if not event.former:
        return "当时没有留下原来的内容"
    if isinstance(item, Case) and event.action in FINAL:
        return FINAL[event.action]
    later = item.events.filter(pk__gt=event.pk, undone_by=None).exclude(action__in=NOTES)
    others = later.exclude(by__role=event.by.role).select_related("by").first()
    if event.action == "designate":
        others = others or later.select_related("by").first()
    if others:
        return f"{others.by}之后已办理“{others.title}”"
    return _hindrance(item, event)


def _hindrance(item: Item, event: CaseEvent) -> str:
    """What the state before the step would contradict."""
    if isinstance(item, Case):
        return _hindrance_of_case(item, event)
    moved = events_of(item.case).filter(pk__gt=event.pk, undone_by=None).first()
    if moved:
        return f"整顿档案之后已经“{moved.title}”"
    if isinstance(item, Task):
        missing = guards.task_is_at_work(item, event.by)
    elif event.action == ESCALATE:
        return "" if item.escalations.unanswered().exists() else "事项已经有了结果"
    else:
        missing = [row for guard in BEFORE[event.from_status] for row in guard(item, event.by)]
    return missing[0].text if missing else ""


def _hindrance_of_case(case: Case, event: CaseEvent) -> str:
    if event.action == "conclude" and case.follow_ups.exclude(done_on=None).exists():
        return "回头看已经登记"
    waits_again = event.from_status == CaseStatus.PROPOSED and case.source == CaseSource.ROUND
    if waits_again and case.round.status == RoundStatus.CLOSED:
        return f"{case.round}已经结束，名单不再变动"
    return ""


@transaction.atomic
def undo(item: Item, *, by: User, reason: str) -> CaseEvent:
    """Take the latest step back: the fields before it return, the step and the undo both stay."""
    written(撤回原因=reason)
    lock(case_of(item).pk)
    event, case, former = check(item, by=by), case_of(item), item.status
    target = event.from_status or former
    if event.to_status and event.to_status != former:
        raise Conflict("刚被他人办理，请刷新后再看")
    fields = _before(item, event)
    if isinstance(item, Case):
        _restore(item, target, fields)
    else:
        move(item, target=target, **fields)
    REVERSALS.get(event.action, _nothing)(case, event, by)
    if event.action == ESCALATE and isinstance(item, Problem):
        _withdraw_question(item, by=by, reason=reason)
    case.milestones.filter(key__in=event.former.get("milestones", ())).update(reached_on=None)
    return record(
        case,
        "undo",
        f"撤回：{event.title}"[:120],
        by=by,
        problem=event.problem,
        task=event.task,
        from_status=former,
        to_status=target,
        note=reason,
        undoes=event,
    )


def _before(item: Item, event: CaseEvent) -> dict[str, Any]:
    """The columns as they were before a step, from what its event kept."""
    kept = event.former.get("fields", {})
    columns: list[Any] = [(item._meta.get_field(name), value) for name, value in kept.items()]
    fields = {column.attname: column.to_python(value) for column, value in columns}
    if not isinstance(item, Case) and (event.from_status or item.status) in LIVE:
        fields["holder_id"] = holder_for(item.case, item.owner).pk  # people may have changed since
    return fields


def _withdraw_question(problem: Problem, *, by: User, reason: str) -> None:
    """End the question that waits; where it was passed on from, the answer is owed again."""
    waiting = problem.escalations.unanswered().first()
    if waiting is None:
        raise Conflict("这个事项刚由他人答复，请刷新后再看")
    escalations.settle(waiting, by=by, answer_kind=AnswerKind.WITHDRAWN, answer=reason)
    asked = problem.escalations.filter(pk__lt=waiting.pk).exclude(answer_kind=AnswerKind.WITHDRAWN)
    before = asked.order_by("-pk").first()
    if before and before.answer_kind == AnswerKind.PASSED_ON:
        problem.escalations.filter(pk=before.pk).update(
            answer_kind="", answer="", decision_no="", answered_by=None, answered_at=None
        )


def _restore(case: Case, target: str, fields: dict[str, Any]) -> None:
    unchanged = Case.objects.filter(pk=case.pk, status=case.status, version=case.version)
    try:
        with transaction.atomic():
            moved = unchanged.update(status=target, version=F("version") + 1, **fields)
    except IntegrityError as error:
        raise Conflict("该村已有正在进行的整顿档案，不能撤回") from error
    if not moved:
        raise Conflict("该档案刚被他人办理，请刷新后再看")
    case.refresh_from_db()


# --- what a step of a case did besides ------------------------------------------------------------


def _nothing(case: Case, event: CaseEvent, by: User) -> None:
    """The step changed only the row itself."""


def _drop_designation(case: Case, event: CaseEvent, by: User) -> None:
    case.milestones.all().delete()
    if "further" in event.former:
        case.further_categories.set(event.former["further"])


def _withdraw_application(case: Case, event: CaseEvent, by: User) -> None:
    case.acceptances.filter(conclusion="", returned_on=None).update(returned_on=clock.today())


def _renew_application(case: Case, event: CaseEvent, by: User) -> None:
    """The application that was sent back, not one that came after it and was withdrawn."""
    later = case.events.filter(action="apply", pk__gt=event.pk).count()
    for sent_back in case.acceptances.order_by("-serial")[later : later + 1]:
        Acceptance.objects.filter(pk=sent_back.pk).update(returned_on=None)


def _dismiss_team(case: Case, event: CaseEvent, by: User) -> None:
    for acceptance in case.acceptances.filter(conclusion="", returned_on=None):
        acceptance.team.clear()


def _unseal(case: Case, event: CaseEvent, by: User) -> None:
    """The sheet keeps its figures; its conclusion and what came of it go."""
    last = case.acceptances.exclude(conclusion="").order_by("-serial").first()
    if last:
        Acceptance.objects.filter(pk=last.pk).update(
            conclusion="",
            computed="",
            computed_reasons=[],
            lowered_reason="",
            version=F("version") + 1,
        )
    case.follow_ups.filter(done_on=None).delete()
    after = case.round.standard.milestones.filter(anchor="transformed").values("key")
    case.milestones.filter(Q(key__in=after), reached_on=None).delete()


REVERSALS: dict[str, Callable[[Case, CaseEvent, User], None]] = {
    "designate": _drop_designation,
    "apply": _withdraw_application,
    "send_back": _renew_application,
    "inspect": _dismiss_team,
    "conclude": _unseal,
}
