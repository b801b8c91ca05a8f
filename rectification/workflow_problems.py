"""The steps of problems, tasks and plans: the only source for buttons, refusals and tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from accounts.roles import ROLE_PERMISSIONS, Permission
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import guards_problems as guards
from rectification.choices import PlanStatus, ProblemStatus, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from accounts.models import User
    from rectification.guards import Missing

PR = ProblemStatus
TA = TaskStatus
PL = PlanStatus


@dataclass(frozen=True, slots=True)
class ItemStep:
    """One row of a table. ``fields`` are what the act asks for; ``hint`` says when it is used.

    ``asks`` names, by their labels, the fields that the form demands.

    Several ``targets``: the act decides (a refused closing goes back to where it came from).
    """

    action: str
    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    permission: Permission
    guards: tuple[Callable[[Any, User], list[Missing]], ...]
    fields: tuple[str, ...]
    hint: str
    asks: str = ""
    is_main: bool = False


def _table(*steps: ItemStep) -> dict[str, ItemStep]:
    return {step.action: step for step in steps}


PROBLEM_STEPS = _table(
    ItemStep(
        "request_close",
        "申请销号",
        (PR.OPEN, PR.TRACKED),
        (PR.CLOSING,),
        Permission.PROBLEM_EDIT,
        (*guards.SOLVED, guards.question_is_answered),
        ("evidence",),
        "问题解决后，写明解决情况和依据，由别的账号核准",
        asks="解决情况和依据",
        is_main=True,
    ),
    ItemStep(
        "approve_close",
        "核准销号",
        (PR.CLOSING,),
        (PR.CLOSED,),
        Permission.PROBLEM_CLOSE,
        (*guards.SOLVED, guards.approver_is_not_the_doer),
        ("on", "note"),
        "核对解决情况和依据后销号；经办过的账号不能核准",
        asks="日期",
        is_main=True,
    ),
    ItemStep(
        "refuse_close",
        "退回销号申请",
        (PR.CLOSING,),
        (PR.OPEN, PR.TRACKED),
        Permission.PROBLEM_CLOSE,
        (guards.problem_is_at_work,),
        ("reason",),
        "问题没有真正解决的，写明原因退回",
        asks="原因",
    ),
    ItemStep(
        "hand_over",
        "移交",
        (PR.OPEN,),
        (PR.HANDED_OVER,),
        Permission.PROBLEM_EDIT,
        (guards.problem_is_at_work, guards.question_is_answered),
        ("reason", "decision_no"),
        "不属于整顿范围、转由别的单位办理的；主要类型和历史遗留问题要有区级决定文号",
        asks="原因、区级决定文号（主要类型和历史遗留问题）",
    ),
    ItemStep(
        "track",
        "转入长期跟踪",
        (PR.OPEN, PR.TRACKED),
        (PR.TRACKED,),
        Permission.CASE_MANAGE,
        (guards.problem_is_at_work, guards.question_is_answered),
        ("reason", "decision_no", "next_on"),
        "一时解决不了、经区级决定长期跟踪的；整顿结束后仍留在村页面上，到日子再更新",
        asks="原因、区级决定文号、下次跟踪日期",
    ),
    ItemStep(
        "give_up",
        "认定不能解决",
        (PR.OPEN, PR.TRACKED),
        (PR.UNSOLVABLE,),
        Permission.CASE_MANAGE,
        (guards.problem_is_at_work, guards.tasks_are_settled, guards.question_is_answered),
        ("reason", "decision_no"),
        "穷尽办法仍解决不了、经区级决定不再办理的；单独统计，不算解决",
        asks="原因、区级决定文号",
    ),
    ItemStep(
        "reopen",
        "重新打开",
        (PR.CLOSED, PR.HANDED_OVER, PR.TRACKED, PR.UNSOLVABLE),
        (PR.OPEN,),
        Permission.PROBLEM_CLOSE,
        (guards.case_goes_on, guards.whole_is_open),
        ("reason",),
        "问题反复时使用；原来的销号情况保留在办理记录中",
        asks="原因",
    ),
)

TASK_STEPS = _table(
    ItemStep(
        "finish",
        "办结",
        (TA.OPEN,),
        (TA.DONE,),
        Permission.PROGRESS_ADD,
        (guards.task_is_at_work, guards.task_is_own),
        ("on", "note"),
        "措施落实、达到要求后办结",
        asks="日期",
        is_main=True,
    ),
    ItemStep(
        "drop",
        "不再进行",
        (TA.OPEN,),
        (TA.DROPPED,),
        Permission.PROBLEM_EDIT,
        (guards.task_is_at_work,),
        ("reason",),
        "措施不再需要时使用，写明原因",
        asks="原因",
    ),
    ItemStep(
        "reopen",
        "重新打开",
        (TA.DONE, TA.DROPPED),
        (TA.OPEN,),
        Permission.PROBLEM_EDIT,
        (guards.task_is_at_work,),
        ("reason",),
        "没有落实到位、还要继续办的，写明原因",
        asks="原因",
    ),
)

PLAN_STEPS = _table(
    ItemStep(
        "submit",
        "报批",
        (PL.DRAFTING, PL.RETURNED),
        (PL.SUBMITTED,),
        Permission.PLAN_DRAFT,
        (guards.plan_is_wanted,),
        (),
        "起草完成后报组织部批准",
        is_main=True,
    ),
    ItemStep(
        "approve",
        "批准",
        (PL.SUBMITTED,),
        (PL.APPROVED,),
        Permission.PLAN_APPROVE,
        (
            guards.plan_is_wanted,
            guards.approver_is_not_the_drafter,
            guards.slots_are_filled,
            guards.categories_have_tasks,
            guards.problems_have_tasks,
            guards.tasks_are_complete,
        ),
        ("on", "note"),
        "力量、措施、责任人和期限都齐了才能批准；与别村方案雷同的要写明理由",
        asks="审批结果、日期",
        is_main=True,
    ),
    ItemStep(
        "return",
        "退回修改",
        (PL.SUBMITTED,),
        (PL.RETURNED,),
        Permission.PLAN_APPROVE,
        (guards.plan_is_wanted,),
        ("reason",),
        "写明要改什么，退回乡镇",
        asks="审批结果、日期、审批意见（要改什么）",
    ),
)


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """A step that an account could take now, and what is still missing for it."""

    step: ItemStep
    missing: list[Missing]

    @property
    def is_ready(self) -> bool:
        return not self.missing


def missing_for(item: Any, step: ItemStep, user: User) -> list[Missing]:
    """Everything that is missing before a step, in the order of the table."""
    return [missing for guard in step.guards for missing in guard(item, user)]


def available(steps: Mapping[str, ItemStep], item: Any, user: User) -> list[ItemChoice]:
    """The steps this account may take from the present status, ready or not.

    A guard that several of them share is asked once.
    """
    ask = cache(lambda guard: guard(item, user))
    return [
        ItemChoice(step, [missing for guard in step.guards for missing in ask(guard)])
        for step in steps.values()
        if item.status in step.sources and user.can(step.permission)
    ]


def check(steps: Mapping[str, ItemStep], item: Any, action: str, *, by: User) -> ItemStep:
    """Return the step when this account may take it now; otherwise raise DomainError in words."""
    step = steps[action]
    if not by.can(step.permission):
        raise NotAllowed(f"您的账号没有“{step.name}”的权限，此步由{who_may(step)}办理")
    if item.status not in step.sources:
        raise Conflict(
            f"现在是“{item.get_status_display()}”，不能“{step.name}”；可能刚被他人办理，请刷新后再看"
        )
    missing = missing_for(item, step, by)
    if missing:
        more = f"（共差 {len(missing)} 项）" if len(missing) > 1 else ""
        raise DomainError(
            f"还不能“{step.name}”：{missing[0].text}{more}",
            link=missing[0].link,
            link_text=missing[0].link_text,
        )
    return step


def who_may(step: ItemStep) -> str:
    """The roles that take a step, in words."""
    roles = [role.label for role, rights in ROLE_PERMISSIONS.items() if step.permission in rights]
    return "、".join(map(str, roles))
