"""一村一策整顿方案: drafted, submitted, approved or returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse

from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import selectors_plans, workflow_problems
from rectification.choices import PlanStatus
from rectification.models import Plan
from rectification.services.cases import record
from rectification.services.milestones import reach
from rectification.services.steps import at_work, lock, move, past_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.models import User
    from rectification.selectors_plans import Likeness

UNDER_WAY = (PlanStatus.DRAFTING, PlanStatus.SUBMITTED, PlanStatus.RETURNED)
EDITABLE = (PlanStatus.DRAFTING, PlanStatus.RETURNED)


@transaction.atomic
def add_plan(plan: Plan, *, by: User) -> Plan:
    """Save a new draft; a case has one plan under way at a time."""
    case = at_work(plan.case)
    if not by.can(workflow_problems.PLAN_STEPS["submit"].permission):
        raise NotAllowed("整顿方案由乡镇起草")
    other = case.plans.filter(status__in=UNDER_WAY).first()
    if other:
        raise DomainError(
            f"该村已有{other.get_status_display()}的方案",
            link=other.get_absolute_url(),
            link_text="看该方案",
        )
    plan.number = (case.plans.aggregate(highest=Max("number"))["highest"] or 0) + 1
    plan.drafted_by = by
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise Conflict("方案刚由他人起草，请刷新") from error
    record(case, "plan_add", "起草整顿方案", by=by, note=f"第 {plan.number} 稿")
    return plan


@transaction.atomic
def revise_plan(plan: Plan, *, save: Callable[[], Any], changes: list[str], by: User) -> Plan:
    """Save an edited draft; a submitted or approved plan stays as it is."""
    if plan.status not in EDITABLE:
        raise DomainError(f"方案{plan.get_status_display()}，不能修改；要改请组织部先退回")
    save()
    if changes:
        record(plan.case, "plan_edit", "修改整顿方案", by=by, note="改动：" + "、".join(changes))
    return plan


@transaction.atomic
def _perform(plan: Plan, action: str, *, by: User, on: date, note: str, **fields: Any) -> Plan:
    lock(plan.case_id)
    step = workflow_problems.check(workflow_problems.PLAN_STEPS, plan, action, by=by)
    former = move(plan, target=step.targets[0], **fields)
    record(
        plan.case,
        f"plan_{action}",
        f"方案{step.name}",
        by=by,
        on=on,
        note=note,
        from_status=former,
        to_status=plan.status,
    )
    return plan


def submit(plan: Plan, *, by: User) -> Plan:
    """报批."""
    return _perform(plan, "submit", by=by, on=clock.today(), note="", submitted_at=clock.now())


@transaction.atomic
def approve(
    plan: Plan, *, by: User, on: date | None = None, note: str = "", similarity_reason: str = ""
) -> Plan:
    """批准 what is complete, by somebody other than its drafter; reaches the milestone.

    One that reads like another village's plan only with the reason why that is right.
    """
    on = past_day(on)
    alike = selectors_plans.above_limit(plan)
    if alike and not similarity_reason.strip():
        workflow_problems.check(workflow_problems.PLAN_STEPS, plan, "approve", by=by)
        raise DomainError(
            f"与{alike.plan.case.village}的方案{alike.words}；批准要写明理由，或者退回修改",
            link=reverse("rectification:plan_similar", args=[plan.pk]),
            link_text="逐句对照",
        )
    fields = {"decided_by": by, "decided_on": on, "decision_note": note}
    fields["similarity_reason"] = similarity_reason if alike else ""
    _perform(plan, "approve", by=by, on=on, note=_with_likeness(note, alike, plan), **fields)
    reach(plan.case, "plan_approved", on)
    return plan


def _with_likeness(note: str, alike: Likeness | None, plan: Plan) -> str:
    if alike is None:
        return note
    other = alike.plan.case.village
    is_near = other.township_id == plan.case.village.township_id  # the township reads the event
    words = f"与{other if is_near else selectors_plans.ELSEWHERE}的方案{alike.words}"
    return f"{note}（{words}）" if note else words


def send_back(plan: Plan, *, by: User, reason: str) -> Plan:
    """退回修改, with what is to be changed."""
    on = clock.today()
    fields = {"decided_by": by, "decided_on": on, "decision_note": reason}
    return _perform(plan, "return", by=by, on=on, note=reason, **fields)


ACTS: dict[str, Callable[..., Plan]] = {"approve": approve, "return": send_back}
