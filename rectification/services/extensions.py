"""More time for a problem or a task: asked by who works on it, decided by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Permission, Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import DESIGNATED_STATUSES, Level, ProblemStatus, TaskStatus
from rectification.deadlines import day_words
from rectification.models import Extension, Problem, Task
from rectification.services.limits import check_extended
from rectification.services.steps import at_work, move, record

if TYPE_CHECKING:
    from datetime import date


WHO_DECIDES = (
    "延期由申请人以外的账号审批：村级问题由乡镇或组织部，其他由组织部；"
    "组织部申请的，由组织部别的账号或区里领导"
)


def level_of(item: Problem | Task) -> Level:
    """Whose a problem is to solve; a task takes its problem's level, else the village."""
    problem = item if isinstance(item, Problem) else item.problem
    return Level(problem.level) if problem else Level.VILLAGE


def is_open(item: Problem | Task) -> bool:
    """Whether the item still runs against its deadline."""
    return item.status in {ProblemStatus.OPEN, TaskStatus.OPEN}


def may_ask(item: Problem | Task, user: User, *, is_waiting: bool | None = None) -> bool:
    """Whether this account can ask for more time: the township and the office, and the holder.

    ``is_waiting`` saves a page that has read the requests the query for an undecided one.
    """
    own = user.pk in {item.holder_id, item.owner.account_id} and user.can(Permission.PROGRESS_ADD)
    return (
        is_open(item)
        and item.case.status in DESIGNATED_STATUSES
        and (own or user.can(Permission.PROBLEM_EDIT))
        and not (item.extensions.undecided().exists() if is_waiting is None else is_waiting)
    )


@transaction.atomic
def ask(item: Problem | Task, *, by: User, wanted: date, reason: str) -> Extension:
    """申请延期: until when and why. The deadline stays until somebody else has granted it."""
    at_work(item.case, statuses=DESIGNATED_STATUSES)
    _check_wanted(item, wanted, reason)
    if item.extensions.undecided().exists():
        raise DomainError("已经申请延期，等待审批")
    if not may_ask(item, by):
        raise NotAllowed("不是由您经办的，或者已经办结，不能申请延期")
    target = {"problem": item} if isinstance(item, Problem) else {"task": item}
    try:
        with transaction.atomic():
            asked = Extension.objects.create(
                case=item.case,
                former=item.deadline,
                wanted=wanted,
                reason=reason,
                asked_by=by,
                **target,
            )
    except IntegrityError as error:
        raise Conflict("刚由他人申请延期，请刷新后再看") from error
    _record(asked, "extension_ask", f"申请延期：由 {_span(asked)}", by=by, note=reason)
    return asked


def _check_wanted(item: Problem | Task, wanted: date, reason: str) -> None:
    if not reason.strip():
        raise DomainError("请写明延期原因")
    check_extended(wanted, item.deadline)


def may_decide(extension: Extension, user: User) -> bool:
    """Somebody else: the office, and the township for what is the village's to solve.

    What the office asks is decided by its other account, or by a leader of the district: a district
    with one account of the office has no dead end, and the office does not decide alone.
    """
    if extension.is_granted is not None or extension.asked_by_id == user.pk:
        return False
    if not user.can(Permission.EXTENSION_DECIDE):
        return False
    match user.role:
        case Role.OFFICE:
            return True
        case Role.TOWNSHIP:
            return level_of(extension.item) == Level.VILLAGE
        case Role.LEADER:
            is_own = user.division_id == extension.case.round.district_id
            return is_own and extension.asked_by.role == Role.OFFICE
    return False


def deciders(extension: Extension) -> list[User]:
    """The accounts in use, of the district and of the village's township, that may decide."""
    places = (extension.case.round.district_id, extension.case.village.township_id)
    accounts = User.objects.active().filter(division__in=places).order_by("role", "pk")
    return [user for user in accounts if may_decide(extension, user)]


@transaction.atomic
def decide(extension: Extension, *, by: User, is_granted: bool, note: str = "") -> Extension:
    """同意 moves the deadline; 不同意 needs its reason. Both stay in the record."""
    if extension.is_granted is None and not may_decide(extension, by):
        raise NotAllowed(WHO_DECIDES)
    if not is_granted and not note.strip():
        raise DomainError("不同意的，请写明理由")
    waiting = Extension.objects.filter(pk=extension.pk, is_granted=None)
    if not waiting.update(
        is_granted=is_granted, decided_by=by, decided_at=clock.now(), decision_note=note
    ):
        raise Conflict("这份延期申请刚由他人审批，请刷新后再看")
    extension.refresh_from_db()
    if is_granted:
        _grant(extension)
    word, action = ("同意", "extension_grant") if is_granted else ("不同意", "extension_refuse")
    _record(extension, action, f"{word}延期：由 {_span(extension)}", by=by, note=note)
    return extension


def _grant(extension: Extension) -> None:
    item = extension.item
    if not is_open(item):
        raise DomainError(f"现在是“{item.get_status_display()}”，不用再延期")
    if item.deadline != extension.former:
        raise Conflict(f"期限已改为 {day_words(item.deadline)}，请退回后重新申请")
    move(item, target=item.status, deadline=extension.wanted)


def _span(extension: Extension) -> str:
    return f"{day_words(extension.former)} 到 {day_words(extension.wanted)}"


def _record(extension: Extension, action: str, title: str, *, by: User, note: str) -> None:
    task = extension.task
    problem = extension.problem or (task.problem if task else None)
    words = f"{extension.item}。{note}" if note else str(extension.item)
    record(extension.case, action, title, by=by, problem=problem, task=task, note=words)
