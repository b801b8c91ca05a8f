"""The steps of a promise: arrived, confirmed in the village, withdrawn with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.roles import Permission
from rectification.choices import DESIGNATED_STATUSES, PromiseState
from rectification.guards import Missing
from rectification.workflow_problems import ItemStep

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Promise

S = PromiseState


def case_is_designated(promise: Promise, user: User) -> list[Missing]:
    """What was promised is followed also after the case has ended."""
    case = promise.case
    if case.status in DESIGNATED_STATUSES:
        return []
    words = f"整顿档案现在是“{case.get_status_display()}”，认定之后才能办理"
    return [Missing(words, case.get_absolute_url(), "看档案")]


PROMISE_STEPS: dict[str, ItemStep] = {
    step.action: step
    for step in (
        ItemStep(
            "arrive",
            "登记到位",
            (S.OWED,),
            (S.ARRIVED,),
            Permission.PROBLEM_EDIT,
            (case_is_designated,),
            ("arrived_on", "arrived_amount"),
            "钱、项目、政策或人已经到村时登记；少于承诺的，填实际到位的金额",
            asks="到位日期；承诺了金额的，到位金额（万元）",
            is_main=True,
        ),
        ItemStep(
            "confirm",
            "登记村里确认",
            (S.ARRIVED,),
            (S.CONFIRMED,),
            Permission.PROBLEM_EDIT,
            (case_is_designated,),
            ("confirmed_by_whom", "confirmed_on"),
            "问过村里以后登记；只写职务，不写姓名",
            asks="村里谁确认的（职务）、确认日期",
            is_main=True,
        ),
        ItemStep(
            "withdraw",
            "收回",
            (S.OWED,),
            (S.WITHDRAWN,),
            Permission.PROBLEM_EDIT,
            (case_is_designated,),
            ("withdrawn_reason",),
            "承诺人明确不再兑现的，写明原因；承诺和原因一直留在档案里",
            asks="收回原因",
        ),
    )
}
