"""The acts that move a case. ``status`` is written nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import guards, workflow
from rectification.choices import (
    CaseSource,
    CaseStatus,
    Conclusion,
    EndReason,
)
from rectification.models import Acceptance, Case, FollowUp
from rectification.services.dates import add_months
from rectification.services.holders import disband
from rectification.services.limits import check_case_extended, check_designation
from rectification.services.milestones import plan_milestones, reach
from rectification.services.steps import lock, past_day, record, snapshot, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Cadre, CaseEvent, Category, Round
    from villages.models import Village

FOLLOW_UP_MONTHS = (3, 6, 12)


@transaction.atomic
def perform(
    case: Case,
    action: str,
    *,
    by: User,
    target: CaseStatus | None = None,
    fields: dict[str, Any] | None = None,
    keeps: dict[str, Any] | None = None,
    reaches: str = "",
    **details: Any,
) -> CaseEvent:
    """Move a case one step, or raise DomainError and change nothing.

    ``target`` chooses among the step's targets; ``fields`` are the case's columns set with it;
    ``reaches`` is the milestone behind the step; ``details`` go to the event (on, note, meeting,
    minutes_no). The event keeps what was there before, and ``keeps`` besides, for an undo.
    """
    lock(case.pk)
    step = workflow.check(case, action, by=by)
    new_status = target or (step.targets[0] if step.targets else CaseStatus(case.status))
    if step.targets and new_status not in step.targets:
        raise DomainError(f"“{step.name}”不能到达“{new_status.label}”")
    _check_day(case, details.get("on"))
    old_status, before = case.status, snapshot(case, fields or ()) | (keeps or {})
    on = details.get("on") or clock.today()
    before["milestones"] = reach(case, reaches, on) if reaches else []
    unchanged = Case.objects.filter(pk=case.pk, status=old_status, version=case.version)
    try:
        with transaction.atomic():
            moved = unchanged.update(status=new_status, version=F("version") + 1, **(fields or {}))
    except IntegrityError as error:
        raise Conflict("该村已有正在进行的整顿档案，或缺少必填的日期、文号") from error
    if not moved:
        raise Conflict("该档案刚被他人办理，请刷新后再看")
    case.refresh_from_db()
    details |= {"from_status": old_status, "to_status": new_status, "former": before}
    return record(case, action, step.name, by=by, **details)


def last_step_day(case: Case) -> date:
    """The day of the case's latest step: nothing that follows it happened earlier."""
    steps = case.events.filter(action__in=["propose", *workflow.STEPS])
    latest: date | None = steps.aggregate(latest=Max("on"))["latest"]
    return latest or case.proposed_on


def _check_day(case: Case, day: date | None) -> None:
    past_day(day)
    earliest = last_step_day(case)
    if day and day < earliest:
        raise DomainError(f"日期不能早于上一步的日期（{earliest:%Y年%-m月%-d日}）")


@transaction.atomic
def propose(
    village: Village,
    *,
    round: Round,
    by: User,
    on: date,
    main_category: Category,
    further_categories: Iterable[Category] = (),
    source: CaseSource = CaseSource.ROUND,
    source_note: str = "",
    previous: Case | None = None,
) -> Case:
    """提请认定: open a case 待审定 for a village; a village has at most one open case."""
    past_day(on)
    if not by.can(Permission.CASE_MANAGE):
        raise NotAllowed("提请认定由组织部办理")
    if source == CaseSource.MID_YEAR and not source_note:
        raise DomainError("年中补充认定要写明来源和理由")
    existing = Case.objects.filter(village=village).open().first()
    if existing:
        raise DomainError(
            f"{village}已有正在进行的整顿档案（{existing.get_status_display()}）",
            link=existing.get_absolute_url(),
            link_text="看该档案",
        )
    try:
        with transaction.atomic():
            case = Case.objects.create(
                village=village,
                round=round,
                status=CaseStatus.PROPOSED,
                main_category=main_category,
                source=source,
                source_note=source_note,
                proposed_on=on,
                previous=previous,
            )
    except IntegrityError as error:
        raise Conflict(f"{village}的整顿档案刚由他人建立，请刷新") from error
    case.further_categories.set(c for c in further_categories if c.pk != main_category.pk)
    record(case, "propose", "提请认定", by=by, on=on, to_status=case.status, note=source_note)
    return case


@transaction.atomic
def designate(
    case: Case,
    *,
    by: User,
    on: date,
    minutes_no: str,
    deadline: date,
    note: str = "",
    main_category: Category | None = None,
    further_categories: Iterable[Category] | None = None,
) -> CaseEvent:
    """认定: by the standing committee's minutes, with a deadline; creates the milestones.

    The meeting may correct the types that were proposed; those of before stay in the event.
    """
    written(常委会纪要号=minutes_no)
    check_designation(deadline, on)
    former, main = _types(case), main_category or case.main_category
    keeps = {"further": list(case.further_categories.values_list("pk", flat=True))}
    if further_categories is not None:
        case.further_categories.set(c for c in further_categories if c.pk != main.pk)
    fields = {
        "designated_on": on,
        "minutes_no": minutes_no,
        "deadline": deadline,
        "main_category": main,
    }
    event = perform(
        case,
        "designate",
        by=by,
        fields=fields,
        keeps=keeps,
        on=on,
        note=note,
        meeting="区委常委会",
        minutes_no=minutes_no,
    )
    if _types(case) != former:
        record(case, "retype", f"类型由“{former}”改为“{_types(case)}”", by=by, on=on)
    plan_milestones(case, anchor="designated", start=on)
    return event


def _types(case: Case) -> str:
    """The main type and the further ones, in words."""
    names = [case.main_category.short_name]
    names += case.further_categories.order_by("code").values_list("short_name", flat=True)
    return "、".join(names)


def decline(case: Case, *, by: User, on: date, minutes_no: str, note: str) -> CaseEvent:
    """不予认定, by the standing committee's minutes and with a reason."""
    written(常委会纪要号=minutes_no, 不予认定的理由=note)
    return perform(
        case, "decline", by=by, on=on, note=note, meeting="区委常委会", minutes_no=minutes_no
    )


def start(case: Case, *, by: User, on: date, note: str = "") -> CaseEvent:
    """启动整顿 once the plan is approved."""
    return perform(case, "start", by=by, fields={"started_on": on}, on=on, note=note)


@transaction.atomic
def apply(case: Case, *, by: User, on: date, note: str = "") -> CaseEvent:
    """申请验收: the closing rate by difficulty stands on the application."""
    event = perform(case, "apply", by=by, reaches="applied", on=on, note=note)
    Acceptance.objects.create(
        case=case,
        serial=case.acceptances.count() + 1,
        applied_on=on,
        application_note=note,
        closing_rates=case.problems.all().closing_rates(),
    )
    return event


@transaction.atomic
def send_back(case: Case, *, by: User, on: date, note: str) -> CaseEvent:
    """退回: the case goes where it came from."""
    written(退回原因=note)
    application = case.events.filter(action="apply", undone_by=None).first()
    came_from = CaseStatus(application.from_status) if application else CaseStatus.RECTIFYING
    event = perform(case, "send_back", by=by, target=came_from, on=on, note=note)
    case.acceptances.filter(conclusion="", returned_on=None).update(returned_on=on)
    return event


@transaction.atomic
def inspect(case: Case, *, by: User, on: date, team: Iterable[Cadre], note: str = "") -> CaseEvent:
    """组织验收 by a team in which nobody helped the village."""
    members = list(team)
    if not members:
        raise DomainError("请选择验收组成员")
    helpers = guards.helpers_among(case, members)
    if helpers:
        names = "、".join(cadre.name for cadre in helpers)
        raise DomainError(f"{names}帮扶过该村，应当回避，不能参加验收组")
    event = perform(case, "inspect", by=by, on=on, note=note)
    acceptance = case.acceptances.get(conclusion="", returned_on=None)
    acceptance.team.set(members)
    return event


@transaction.atomic
def conclude(
    case: Case,
    conclusion: Conclusion,
    *,
    by: User,
    on: date,
    decision_no: str,
    note: str = "",
    new_deadline: date | None = None,
) -> CaseEvent:
    """Move a case by the conclusion of its acceptance; called by services.acceptance.conclude."""
    target, fields = CaseStatus.TRANSFORMED, {"transformed_on": on}
    if conclusion == Conclusion.CONSOLIDATE:
        until = add_months(on, case.round.standard.consolidation_months)
        target, fields = CaseStatus.EXTENDED, {"consolidation_until": until}
    elif conclusion == Conclusion.FAIL:
        if new_deadline is None or new_deadline <= on:
            raise DomainError("验收不合格的，要重新确定整顿期限，且晚于审定日期")
        target, fields = CaseStatus.RECTIFYING, {"deadline": new_deadline}
    event = perform(
        case,
        "conclude",
        by=by,
        target=target,
        fields=fields,
        reaches="accepted" if conclusion == Conclusion.PASS else "",
        on=on,
        note=note,
        minutes_no=decision_no,
    )
    if conclusion == Conclusion.PASS:
        plan_milestones(case, anchor="transformed", start=on)
        FollowUp.objects.bulk_create(
            FollowUp(case=case, months=months, due_on=add_months(on, months))
            for months in FOLLOW_UP_MONTHS
        )
    return event


@transaction.atomic
def release(case: Case, *, by: User, on: date, note: str = "") -> CaseEvent:
    """出列 after the look-backs; the four ones leave the village."""
    event = perform(case, "release", by=by, fields={"released_on": on}, on=on, note=note)
    disband(case, by=by, on=on, reason="村已出列")
    return event


@transaction.atomic
def relapse(
    case: Case, *, by: User, on: date, reason: str, note: str, round: Round, main_category: Category
) -> Case:
    """反弹: record it and open a linked case 待审定. A released case keeps its status."""
    written(反弹原因=reason, 具体情况=note)
    was_released = case.status == CaseStatus.RELEASED
    perform(
        case,
        "relapse",
        by=by,
        target=CaseStatus.RELEASED if was_released else CaseStatus.RELAPSED,
        fields={"relapsed_on": on, "relapse_reason": reason},
        on=on,
        note=note,
    )
    disband(case, by=by, on=on, reason="反弹后另建档案")
    return propose(
        case.village,
        round=round,
        by=by,
        on=on,
        main_category=main_category,
        source=CaseSource.RELAPSE,
        source_note=note,
        previous=case,
    )


def extend(
    case: Case, *, by: User, on: date, deadline: date, decision_no: str, note: str
) -> CaseEvent:
    """延期: a later deadline, with reason and decision; the former one stays in the event."""
    written(决定文号=decision_no, 延期原因=note)
    check_case_extended(deadline, case)
    words = f"整顿期限由 {case.deadline:%Y年%-m月%-d日} 延至 {deadline:%Y年%-m月%-d日}。{note}"
    return perform(
        case,
        "extend",
        by=by,
        fields={"deadline": deadline},
        on=on,
        note=words,
        minutes_no=decision_no,
    )


@transaction.atomic
def end(
    case: Case,
    *,
    by: User,
    on: date,
    end_reason: str,
    decision_no: str,
    note: str = "",
    successor_village: Village | None = None,
) -> CaseEvent:
    """终止: the village was merged (its successor is named), or the designation was a mistake."""
    written(终止原因=end_reason, 文号=decision_no)
    if end_reason == EndReason.MERGED and successor_village is None:
        raise DomainError("因撤并终止的，要选定承接的村")
    fields = {
        "ended_on": on,
        "end_reason": end_reason,
        "successor_village": successor_village,
    }
    event = perform(case, "end", by=by, fields=fields, on=on, note=note, minutes_no=decision_no)
    disband(case, by=by, on=on, reason=f"整顿终止：{EndReason(end_reason).label}")
    return event


# The acts behind the steps that have a form of their own on the case page; 验收结论 is written on
# the acceptance sheet.
ACTS: dict[str, Callable[..., CaseEvent | Case]] = {
    "designate": designate,
    "decline": decline,
    "start": start,
    "apply": apply,
    "send_back": send_back,
    "inspect": inspect,
    "release": release,
    "relapse": relapse,
    "extend": extend,
    "end": end,
}
