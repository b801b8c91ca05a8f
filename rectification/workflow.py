"""The steps of a case: the only source for buttons, refusals, documentation and tests.

Source: docs/workflow.md, which is drawn from this table by ``manage.py draw_workflow``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.roles import Permission
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import guards
from rectification.choices import OPEN_STATUSES, CaseStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from rectification.guards import Missing
    from rectification.models import Case

S = CaseStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    ``targets`` empty means that the status stays; several mean that the act decides (conclude:
    the result; send back: where the case came from; as many as sources: in pairs). ``hint`` says in
    words when it is used, ``asks`` what its form demands, by the form's own labels.
    """

    action: str
    name: str
    sources: tuple[CaseStatus, ...]
    targets: tuple[CaseStatus, ...]
    permission: Permission
    guards: tuple[Callable[[Case], list[Missing]], ...] = ()
    hint: str = ""
    asks: str = ""
    is_main: bool = True


CONCLUSION_ASKS = (
    "验收组成员、验收日期；民主测评：应到、实到、党员应到、党员实到、发放、收回、有效、满意、基本满意、不满意"
    "（实到不多于应到，发放不多于实到，收回不多于发放，三项之和等于有效票；到会率、有效票数、党员参加率"
    "低于标准的，测评无效、重新组织）；验收得分、审定日期、审定文号；结论只能比标准得出的更严，"
    "从严的写理由；不合格的还要新的整顿期限"
)

STEPS: dict[str, Step] = {
    step.action: step
    for step in (
        Step(
            "designate",
            "认定",
            (S.PROPOSED,),
            (S.DESIGNATED,),
            Permission.CASE_MANAGE,
            (),
            "常委会审定后，填会议日期、纪要号和整顿期限",
            asks="常委会日期、常委会纪要号、整顿期限（晚于认定日期）、主要类型",
        ),
        Step(
            "decline",
            "不予认定",
            (S.PROPOSED,),
            (S.DECLINED,),
            Permission.CASE_MANAGE,
            (),
            "常委会未同意列入时使用，填纪要号和理由",
            asks="常委会日期、常委会纪要号、不予认定的理由",
            is_main=False,
        ),
        Step(
            "start",
            "启动整顿",
            (S.DESIGNATED,),
            (S.RECTIFYING,),
            Permission.CASE_MANAGE,
            (guards.plan_is_approved,),
            "整顿方案批准后启动",
            asks="日期",
        ),
        Step(
            "apply",
            "申请验收",
            (S.RECTIFYING, S.EXTENDED),
            (S.APPLIED,),
            Permission.CASE_APPLY,
            (guards.consolidation_is_over, guards.problems_are_settled),
            "问题都有着落后，由乡镇提出",
            asks="日期；各性质问题的销号率随申请上报",
        ),
        Step(
            "send_back",
            "退回",
            (S.APPLIED,),
            (S.RECTIFYING, S.EXTENDED),
            Permission.CASE_MANAGE,
            (),
            "材料不全或条件不具备时退回乡镇，写明原因",
            asks="日期、原因",
            is_main=False,
        ),
        Step(
            "inspect",
            "组织验收",
            (S.APPLIED,),
            (S.INSPECTING,),
            Permission.CASE_MANAGE,
            (),
            "组成验收组，帮扶过该村的人要回避",
            asks="日期、验收组成员（帮扶过该村的人回避）",
        ),
        Step(
            "conclude",
            "验收结论",
            (S.INSPECTING,),
            (S.TRANSFORMED, S.EXTENDED, S.RECTIFYING),
            Permission.CASE_MANAGE,
            (guards.has_team_without_helpers,),
            "录入测评和得分，按标准得出结论后审定",
            asks=CONCLUSION_ASKS,
        ),
        Step(
            "release",
            "出列",
            (S.TRANSFORMED,),
            (S.RELEASED,),
            Permission.CASE_MANAGE,
            (guards.follow_ups_are_done, guards.signals_are_answered),
            "3、6、12 个月回头看都完成、苗头都有答复后出列",
            asks="日期",
        ),
        Step(
            "relapse",
            "认定反弹",
            (S.TRANSFORMED, S.RELEASED),
            (S.RELAPSED, S.RELEASED),
            Permission.CASE_MANAGE,
            (guards.has_not_relapsed_yet, guards.has_no_open_case),
            "转化后又变差，写明原因，系统建立新的整顿档案待审定",
            asks="日期、反弹原因、现在的主要类型、列入哪个轮次、具体情况",
            is_main=False,
        ),
        Step(
            "extend",
            "延期",
            (S.DESIGNATED, S.RECTIFYING),
            (),
            Permission.CASE_MANAGE,
            (),
            "到期完不成的，经研究延长整顿期限",
            asks="日期、新的整顿期限（晚于原期限）、决定文号、延期原因",
            is_main=False,
        ),
        Step(
            "end",
            "终止",
            OPEN_STATUSES,
            (S.ENDED,),
            Permission.CASE_MANAGE,
            (),
            "村庄撤并或认定有误时使用，须有文号",
            asks="日期、终止原因、文号；因撤并终止的，还要承接的村",
            is_main=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that an account could take now, and what is still missing for it."""

    step: Step
    missing: list[Missing]

    @property
    def is_ready(self) -> bool:
        return not self.missing


def missing_for(case: Case, step: Step) -> list[Missing]:
    """Everything that is missing before a step, in the order of the table."""
    return [item for guard in step.guards for item in guard(case)]


def available(case: Case, user: User) -> list[Choice]:
    """The steps this account may take from the case's present status, ready or not."""
    return [
        Choice(step, missing_for(case, step))
        for step in STEPS.values()
        if case.status in step.sources and user.can(step.permission)
    ]


def next_main_step(case: Case) -> Choice | None:
    """The step that leads the case on, whoever takes it."""
    for step in STEPS.values():
        if step.is_main and case.status in step.sources:
            return Choice(step, missing_for(case, step))
    return None


def check(case: Case, action: str, *, by: User) -> Step:
    """Return the step when this account may take it now; otherwise raise DomainError in words."""
    step = STEPS[action]
    if not by.can(step.permission):
        raise NotAllowed(f"您的账号没有“{step.name}”的权限，此步由{who_may(step)}办理")
    if case.status not in step.sources:
        raise Conflict(
            f"该档案现在是“{case.get_status_display()}”，不能“{step.name}”；"
            "可能刚被他人办理，请刷新后再看"
        )
    missing = missing_for(case, step)
    if missing:
        more = f"（共差 {len(missing)} 项）" if len(missing) > 1 else ""
        raise DomainError(
            f"还不能“{step.name}”：{missing[0].text}{more}",
            link=missing[0].link,
            link_text=missing[0].link_text,
        )
    return step


def who_may(step: Step) -> str:
    """The role that takes a step, in words."""
    return "乡镇" if step.permission == Permission.CASE_APPLY else "组织部"
