"""移交: proposed, accepted, refused, withdrawn. Until accepted, an item stays with whom it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import workflow_problems
from rectification.choices import DESIGNATED_STATUSES, WORKING_STATUSES, HandoverStatus, TaskStatus
from rectification.models import Assignment, Handover, Problem, Task
from rectification.services.acting import acts_for
from rectification.services.holders import end_row, holder_for, is_in_post, rehold
from rectification.services.steps import at_work, lock, move, record, written
from rectification.workflow_handovers import HANDOVER_STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from rectification.models import Cadre

    Item = Assignment | Problem | Task

KINDS = {Assignment: "assignment", Problem: "problem", Task: "task"}


def giver_of(item: Item) -> Cadre | None:
    """Who answers for an item now; a unit's slot is its liaison's."""
    if isinstance(item, Assignment):
        return item.cadre or item.liaison
    return item.owner


def may_propose(item: Item, user: User) -> bool:
    """Whoever arranges such things may, and whoever answers for the item or keeps it."""
    giver = giver_of(item)
    if giver is None or not user.can(Permission.HANDOVER):
        return False
    is_slot = isinstance(item, Assignment)
    own = {giver.account_id, None if is_slot else item.holder_id}  # type: ignore[union-attr]
    arranges = Permission.ASSIGN if is_slot else Permission.PROBLEM_EDIT
    return user.can(arranges) or user.pk in own or acts_for(user, giver)


def can_pass_on(item: Item) -> bool:
    """Whether an item is still at work: an assignment that runs, a problem or task not over."""
    if isinstance(item, Assignment):
        return item.ended_on is None and item.case.status in WORKING_STATUSES
    if isinstance(item, Problem):
        is_live = Problem.objects.filter(pk=item.pk).unfinished().exists()
    else:
        is_live = item.status == TaskStatus.OPEN
    return is_live and item.case.status in DESIGNATED_STATUSES


@transaction.atomic
def propose(item: Item, to_cadre: Cadre, *, by: User, reason: str) -> Handover:
    """Ask somebody to take over; nothing changes until that is accepted."""
    giver = giver_of(item)
    written(移交原因=reason)
    if giver is None:
        raise DomainError("结对单位还没有联络员，请直接调整安排")
    if not may_propose(item, by):
        raise NotAllowed(f"移交由{giver.name}本人、乡镇或组织部提出")
    if not can_pass_on(item):
        raise DomainError(f"“{item}”已经办结或结束，不用移交", link=item.case.get_absolute_url())
    _check_receiver(to_cadre, giver)
    statuses = WORKING_STATUSES if isinstance(item, Assignment) else DESIGNATED_STATUSES
    case = at_work(item.case, statuses=statuses)
    named: dict[str, Any] = {KINDS[type(item)]: item}
    withdraw_stale(by=by, **named)
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                case=case,
                from_cadre=giver,
                to_cadre=to_cadre,
                reason=reason,
                proposed_by=by,
                **named,
            )
    except IntegrityError as error:
        raise Conflict("已经在移交，等待对方接手；要改换接手人请先撤回") from error
    _note(handover, "propose", "提出移交", by=by, note=f"{_words(handover)}。{reason}")
    return handover


def _check_receiver(to_cadre: Cadre, giver: Cadre) -> None:
    if to_cadre == giver:
        raise DomainError(f"现在就由{giver.name}负责，不用移交")
    if not is_in_post(to_cadre):
        raise DomainError(f"{to_cadre.name}已经离任，不能接手")


def withdraw_stale(*, by: User, live_too: bool = False, **item: Any) -> None:
    """Withdraw what waits for an item that has meanwhile ended or gone to somebody else.

    ``live_too`` withdraws whatever waits for it: the item itself comes to its end.
    """
    waiting = Handover.objects.filter(**item).waiting()
    if not live_too:
        waiting = waiting.exclude(pk__in=Handover.objects.filter(**item).live().values("pk"))
    waiting.update(
        status=HandoverStatus.WITHDRAWN,
        decided_by=by,
        decided_at=clock.now(),
        decision_note="责任人已另行调整，自动撤回",
    )


# --- answers --------------------------------------------------------------------------------------


def _decide(handover: Handover, action: str, *, by: User, note: str) -> Handover:
    """Take a step of a handover that nobody answered meanwhile."""
    lock(handover.case_id)
    step = workflow_problems.check(HANDOVER_STEPS, handover, action, by=by)
    waiting = Handover.objects.filter(pk=handover.pk, status=handover.status)
    if not waiting.update(
        status=step.targets[0], decided_by=by, decided_at=clock.now(), decision_note=note
    ):
        raise Conflict("这次移交刚由他人办理，请刷新后再看")
    handover.refresh_from_db()
    title = f"移交：{step.name}"
    words = "。".join(part for part in (_words(handover), note) if part)
    _note(handover, action, title, by=by, note=words)
    return handover


@transaction.atomic
def accept(handover: Handover, *, by: User, note: str = "") -> Handover:
    """接手: from this moment the item is the receiver's."""
    _decide(handover, "accept", by=by, note=note)
    item = handover.item
    if isinstance(item, Assignment):
        _pass_slot(handover, item, by=by)
    else:
        _pass_item(item, handover.to_cadre)
    return handover


@transaction.atomic
def refuse(handover: Handover, *, by: User, reason: str) -> Handover:
    """不接受, with the reason; the item stays with whom it is."""
    written(不接受的原因=reason)
    return _decide(handover, "refuse", by=by, note=reason)


@transaction.atomic
def withdraw(handover: Handover, *, by: User, reason: str) -> Handover:
    """撤回, as long as nobody has answered."""
    written(撤回原因=reason)
    return _decide(handover, "withdraw", by=by, note=reason)


ACTS: dict[str, Callable[..., Handover]] = {
    "accept": accept,
    "refuse": refuse,
    "withdraw": withdraw,
}


def _pass_item(item: Problem | Task, to_cadre: Cadre) -> None:
    move(item, target=item.status, owner=to_cadre, holder=holder_for(item.case, to_cadre))


def _pass_slot(handover: Handover, former: Assignment, *, by: User) -> None:
    """End the giver's assignment and begin the receiver's on the same day, with the open items."""
    case, today = handover.case, clock.today()
    end_row(former, by=by, on=today, reason=f"移交：{handover.reason}")
    person = {"liaison" if former.unit_name else "cadre": handover.to_cadre}
    Assignment.objects.create(
        case=case,
        slot=former.slot,
        unit_name=former.unit_name,
        started_on=today,
        **person,
    )
    rehold(
        handover.to_cadre, by=by, why=f"{handover.to_cadre.name}接手{former.slot.name}", case=case
    )
    _pass_open_items(handover, by=by)


def open_items(handover: Handover) -> list[Problem | Task]:
    """What the giver answers for in the case: it goes along with the giver's last slot there."""
    case, giver = handover.case, handover.from_cadre
    others = case.assignments.held_by(giver).running().exclude(pk=handover.assignment_id)
    if not handover.assignment_id or others.exists():
        return []
    problems = case.problems.unfinished().owned_by(giver)
    return [*problems, *case.tasks.open().owned_by(giver)]


def _pass_open_items(handover: Handover, *, by: User) -> None:
    for item in open_items(handover):
        name = KINDS[type(item)]
        withdraw_stale(by=by, live_too=True, **{name: item})
        _pass_item(item, handover.to_cadre)
        words = f"{_words(handover)}，随{handover.assignment.slot}一并移交"  # type: ignore[union-attr]
        record(handover.case, "handover_along", "移交责任", by=by, note=words, **{name: item})


def _note(handover: Handover, action: str, title: str, *, by: User, note: str) -> None:
    """Record an act of a handover on its case, and on the problem or task it is about."""
    about = {"problem": handover.problem, "task": handover.task}
    if handover.task:
        about["problem"] = handover.task.problem
    if action in {"accept", "refuse"} and handover.is_kept_by(by):
        note = f"{note}（{by.name}代{handover.to_cadre.name}办理）"
    record(handover.case, f"handover_{action}", title, by=by, note=note, **about)


def _words(handover: Handover) -> str:
    return f"{handover.item}：{handover.from_cadre.name} → {handover.to_cadre.name}"
