"""The steps of a handover: the source for buttons, refusals and tests. Proposing begins one."""

from __future__ import annotations

from accounts.roles import Permission
from rectification import guards_handovers as guards
from rectification.choices import HandoverStatus
from rectification.workflow_problems import ItemStep

HA = HandoverStatus

HANDOVER_STEPS: dict[str, ItemStep] = {
    step.action: step
    for step in (
        ItemStep(
            "accept",
            "接手",
            (HA.PROPOSED,),
            (HA.ACCEPTED,),
            Permission.HANDOVER,
            (guards.item_is_still_the_givers, guards.is_the_receivers, guards.receiver_is_in_post),
            ("note",),
            "接手人同意后办理；没有账号的由乡镇账号代为接手",
            is_main=True,
        ),
        ItemStep(
            "refuse",
            "不接受",
            (HA.PROPOSED,),
            (HA.REFUSED,),
            Permission.HANDOVER,
            (guards.is_the_receivers,),
            ("reason",),
            "接不了的写明原因，仍由原来的人负责",
            asks="原因",
        ),
        ItemStep(
            "withdraw",
            "撤回",
            (HA.PROPOSED,),
            (HA.WITHDRAWN,),
            Permission.HANDOVER,
            (guards.is_the_proposers,),
            ("reason",),
            "对方答复以前可以撤回",
            asks="原因",
        ),
    )
}
