"""排查: one village's result in a round, typed in by its township or, on its behalf, the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import RoundStatus, ScreeningOutcome, SubmissionStatus
from rectification.guards_rounds import reason_owed
from rectification.models import Case, Screening, TownshipSubmission
from rectification.services.rounds import lock_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from rectification.models import Category, Criterion


@transaction.atomic
def enter_screening(
    screening: Screening,
    *,
    by: User,
    outcome: str,
    main_category: Category | None = None,
    further_categories: Iterable[Category] = (),
    criteria: Iterable[Criterion] = (),
    reason: str = "",
) -> Screening:
    """Write a result; the former one stays in the row's history."""
    if not by.can(Permission.SCREENING_ENTER):
        raise NotAllowed("排查结果由乡镇填报，组织部可以代填")
    hits = list(criteria)
    _check_result(screening, outcome, main_category, hits, reason)
    submission = TownshipSubmission.objects.select_related("round", "township").get(
        round_id=screening.round_id, township_id=screening.village.township_id
    )
    lock_list(submission)
    locked = why_locked(screening, submission)
    if locked:
        raise DomainError(locked, link=submission.get_absolute_url(), link_text="看报送")
    _claim(screening)
    is_listed = outcome == ScreeningOutcome.LISTED
    screening.outcome = outcome
    screening.main_category = main_category if is_listed else None
    screening.reason = reason
    screening.entered_by = by
    screening.entered_at = clock.now()
    screening.save()
    main = main_category.pk if main_category else ""
    further = [item for item in further_categories if item.pk != main] if is_listed else []
    screening.further_categories.set(further)
    screening.criteria_hit.set(hits)
    return screening


def _check_result(
    screening: Screening,
    outcome: str,
    main_category: Category | None,
    hits: list[Criterion],
    reason: str,
) -> None:
    if outcome not in {ScreeningOutcome.LISTED, ScreeningOutcome.NOT_LISTED}:
        raise DomainError("请选择列入或不列入；续整由系统根据正在进行的整顿档案标出")
    if outcome == ScreeningOutcome.LISTED and main_category is None:
        raise DomainError("拟列入的村要选定主要类型")
    standard = screening.round.standard_id
    if any(hit.standard_id != standard for hit in hits):
        raise DomainError("认定条件不属于本轮采用的标准")
    owed = reason_owed(outcome, hits)
    if owed and not reason.strip():
        raise DomainError(f"{screening.village}：{owed}")


def why_locked(screening: Screening, submission: TownshipSubmission) -> str:
    """Why a result cannot be changed now, in words; empty when it can."""
    round = submission.round
    if round.status != RoundStatus.OPEN:
        return f"{round}现在是“{round.get_status_display()}”，排查结果不能再改"
    former = Screening.objects.get(pk=screening.pk)
    if former.outcome == ScreeningOutcome.CONTINUED:
        return f"{screening.village}的整顿档案还在进行，本轮按续整处理，不重新列入"
    if submission.status == SubmissionStatus.SUBMITTED:
        return f"{submission.township}的名单已经上报；要修改请由组织部先退回名单"
    if Case.objects.filter(round=round, village_id=screening.village_id).exists():
        return f"{screening.village}已经提请认定，排查结果不能再改"
    return ""


def _claim(screening: Screening) -> None:
    unchanged = Screening.objects.filter(pk=screening.pk, version=screening.version)
    if not unchanged.update(version=F("version") + 1):
        raise Conflict(f"{screening.village}的排查结果刚被他人修改，请刷新后再看")
    screening.version += 1
