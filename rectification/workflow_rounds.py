"""The steps of a round and of a township's list: the source for buttons, refusals and tests."""

from __future__ import annotations

from accounts.roles import Permission
from rectification import guards_rounds as guards
from rectification.choices import RoundStatus, SubmissionStatus
from rectification.workflow_problems import ItemStep

RO = RoundStatus
SU = SubmissionStatus

ROUND_STEPS: dict[str, ItemStep] = {
    step.action: step
    for step in (
        ItemStep(
            "open",
            "启动排查",
            (RO.PREPARING,),
            (RO.OPEN,),
            Permission.ROUND_MANAGE,
            (guards.standard_is_published,),
            ("due_on",),
            "标准发布后启动：每个村都列入排查，每个乡镇一份待上报的名单",
            asks="乡镇上报截止日期（至少留 3 个工作日）",
            is_main=True,
        ),
        ItemStep(
            "close",
            "结束本轮",
            (RO.OPEN,),
            (RO.CLOSED,),
            Permission.ROUND_MANAGE,
            (
                guards.townships_have_submitted,
                guards.listed_are_proposed,
                guards.proposals_are_decided,
            ),
            (),
            "各乡镇都已上报、拟列入的村都经常委会审定后结束；之后新发现的走补充认定",
        ),
    )
}

SUBMISSION_STEPS: dict[str, ItemStep] = {
    step.action: step
    for step in (
        ItemStep(
            "submit",
            "上报名单",
            (SU.OPEN, SU.RETURNED),
            (SU.SUBMITTED,),
            Permission.SCREENING_ENTER,
            (guards.round_is_open, guards.villages_have_results, guards.reasons_are_written),
            ("meeting_on", "note"),
            "乡镇党委会研究后上报；没有拟列入的村也要上报（零报告）",
            asks="乡镇党委会日期",
            is_main=True,
        ),
        ItemStep(
            "return",
            "退回名单",
            (SU.SUBMITTED,),
            (SU.RETURNED,),
            Permission.ROUND_MANAGE,
            (guards.round_is_open,),
            ("return_reason",),
            "排查不实、理由不清的，写明原因退回乡镇修改后再报",
            asks="退回原因",
        ),
    )
}
