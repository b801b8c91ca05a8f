"""阶段评估: where a case stands in the middle of its rectification, by a meeting and on grounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, Progress
from rectification.models import Case, StageAssessment
from rectification.services.cases import record
from rectification.services.milestones import reach

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


@transaction.atomic
def assess(
    case: Case, *, by: User, on: date, result: Progress, meeting: str, grounds: str
) -> StageAssessment:
    """Record a stage assessment of a case 整顿中; the status stays, whatever the result.

    The event names result and meeting only: the grounds have readers of their own.
    """
    if not by.can(Permission.CASE_MANAGE):
        raise NotAllowed("阶段评估由组织部登记")
    if on > clock.today():
        raise DomainError("评估日期不能晚于今天")
    if case.designated_on and on < case.designated_on:
        raise DomainError(f"评估日期不能早于认定日期（{case.designated_on:%Y年%-m月%-d日}）")
    rectifying = Case.objects.select_for_update().filter(status=CaseStatus.RECTIFYING)
    if not rectifying.filter(pk=case.pk).exists():
        raise Conflict("只有“整顿中”的档案才做阶段评估；该档案可能刚被他人办理，请刷新后再看")
    assessment = StageAssessment.objects.create(
        case=case, assessed_on=on, result=result, meeting=meeting, grounds=grounds, by=by
    )
    title = f"阶段评估：{Progress(result).label}"
    record(case, "assess", title, by=by, on=on, meeting=meeting)
    reach(case, "mid_assessment", on)
    return assessment
