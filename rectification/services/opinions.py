"""联查征询: the office asks a department about a village; the department answers once, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import OpinionConclusion, RoundStatus
from rectification.models import DepartmentOpinion
from rectification.services.rounds import check_notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Round
    from villages.models import Village


@transaction.atomic
def ask_departments(
    village: Village,
    departments: Iterable[str],
    *,
    round: Round,
    by: User,
    question: str,
    due_on: date,
) -> list[DepartmentOpinion]:
    """Put one question about a village to some departments: to all of them, or none."""
    if not by.can(Permission.ROUND_MANAGE):
        raise NotAllowed("联查征询由组织部发起")
    if round.status != RoundStatus.OPEN:
        raise DomainError(f"{round}现在是“{round.get_status_display()}”，不能发起征询")
    if not round.screenings.filter(village=village).exists():
        raise DomainError(f"{village}不在本轮排查范围内")
    check_notice(due_on)
    try:
        with transaction.atomic():
            return [
                DepartmentOpinion.objects.create(
                    round=round,
                    village=village,
                    department=department,
                    question=question,
                    asked_by=by,
                    asked_on=clock.today(),
                    due_on=due_on,
                )
                for department in departments
            ]
    except IntegrityError as error:
        raise Conflict(f"本轮已就{village}征询过所选的部门，请到征询列表查看") from error


@transaction.atomic
def answer_opinion(
    opinion: DepartmentOpinion, *, by: User, conclusion: str, answer: str
) -> DepartmentOpinion:
    """Answer a question, or correct the answer while the round runs; the former one is kept."""
    if not by.can(Permission.OPINION_ANSWER) or by.department != opinion.department:
        raise NotAllowed("由被征询的部门答复")
    if conclusion not in OpinionConclusion or not answer.strip():
        raise DomainError("请填写结论和意见")
    if opinion.round.status != RoundStatus.OPEN:
        raise Conflict(f"{opinion.round}已经结束，不能再答复")
    unchanged = DepartmentOpinion.objects.filter(pk=opinion.pk, version=opinion.version)
    if not unchanged.update(version=F("version") + 1):
        raise Conflict("本部门的其他账号刚答复过，请刷新后再看")
    opinion.version += 1
    opinion.conclusion = conclusion
    opinion.answer = answer
    opinion.answered_by = by
    opinion.answered_on = clock.today()
    opinion.save()
    return opinion
