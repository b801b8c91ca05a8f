"""What must hold before a step. Each guard returns what is missing, with the place of the mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from core import clock
from rectification.choices import (
    OPEN_PROBLEM_STATUSES,
    OPEN_STATUSES,
    AnswerKind,
    CaseStatus,
    PlanStatus,
    ProblemStatus,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rectification.models import Cadre, Case, Problem


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: a sentence, and the address where it is mended."""

    text: str
    link: str
    link_text: str


def plan_is_approved(case: Case) -> list[Missing]:
    """启动整顿: the plan (一村一策) is approved."""
    if case.plans.filter(status=PlanStatus.APPROVED).exists():
        return []
    plan = case.plans.first()
    if plan is None:
        link = f"{case.get_absolute_url()}?tab=plan#tabs"
        return [Missing("乡镇还没有起草整顿方案", link, "看方案")]
    who = "要先批准" if plan.status == PlanStatus.SUBMITTED else "等乡镇改好报批"
    words = f"整顿方案现在是“{plan.get_status_display()}”，{who}"
    return [Missing(words, plan.get_absolute_url(), "看方案")]


def consolidation_is_over(case: Case) -> list[Missing]:
    """基本合格 means a longer consolidation: apply again when it is over."""
    if case.status != CaseStatus.EXTENDED or case.consolidation_until is None:
        return []
    if case.consolidation_until <= clock.today():
        return []
    words = f"延长巩固期到 {case.consolidation_until:%Y年%-m月%-d日} 才满"
    return [Missing(words, case.get_absolute_url(), "看档案")]


def problems_are_settled(case: Case) -> list[Missing]:
    """申请验收: no open problem, or each open one has a decision; hard ones by the district's."""
    problems = case.problems.prefetch_related("escalations")
    return [
        Missing(f"问题“{problem.title}”{why}", problem.get_absolute_url(), "去处理")
        for problem in problems
        if (why := unsettled(problem, case))
    ]


def is_hard(problem: Problem, case: Case) -> bool:
    """Of the main category, or 历史遗留: leaves the village's hands only by a district decision."""
    return problem.is_historical or problem.category_id == case.main_category_id


def unsettled(problem: Problem, case: Case) -> str:
    """Why a problem stands in the way of acceptance, in words; empty when it does not."""
    if is_hard(problem, case):
        if problem.status in OPEN_PROBLEM_STATUSES:
            return "还没有解决；主要类型和历史遗留问题要有区级决定才能转入长期跟踪"
        if problem.status == ProblemStatus.HANDED_OVER and not problem.decision_no:
            return "移交缺少区级决定文号"
        return ""
    if problem.status not in OPEN_PROBLEM_STATUSES or has_decision(problem):
        return ""
    return "还没有销号，也没有上级决定"


NO_DECISION = (AnswerKind.PASSED_ON, AnswerKind.WITHDRAWN)


def has_decision(problem: Problem) -> bool:
    """Whether a question that was handed up came back decided (not passed on nor withdrawn)."""
    return any(
        item.answered_at and item.answer_kind not in NO_DECISION
        for item in problem.escalations.all()
    )


def helpers_among(case: Case, team: Iterable[Cadre]) -> list[Cadre]:
    """Members of a team who helped this village in any of its cases (回避)."""
    ids = {cadre.pk for cadre in team}
    assignments = (
        type(case.assignments.model())
        .objects.filter(case__village_id=case.village_id)
        .values_list("cadre_id", "liaison_id")
    )
    helped = {pk for pair in assignments for pk in pair if pk in ids}
    return [cadre for cadre in team if cadre.pk in helped]


def has_team_without_helpers(case: Case) -> list[Missing]:
    """验收结论: there is a team, and nobody in it helped the village."""
    # An application that was withdrawn or sent back after it is not the one under way.
    acceptance = case.acceptances.filter(returned_on=None).first() or case.acceptances.first()
    if acceptance is None:
        link = f"{case.get_absolute_url()}?tab=acceptance#tabs"
        return [Missing("还没有验收记录", link, "看验收")]
    link = f"{reverse('rectification:acceptance_edit', args=[acceptance.pk])}#team"
    team = list(acceptance.team.all())
    if not team:
        return [Missing("还没有验收组成员", link, "选验收组成员")]
    return [
        Missing(f"{cadre.name}帮扶过该村，应当回避验收", link, "调整验收组")
        for cadre in helpers_among(case, team)
    ]


def follow_ups_are_done(case: Case) -> list[Missing]:
    """出列: the look-backs at 3, 6 and 12 months are done."""
    return [
        Missing(f"转化后 {item.months} 个月的回头看还没有完成", item.get_absolute_url(), "去登记")
        for item in case.follow_ups.filter(done_on=None)
    ]


def signals_are_answered(case: Case) -> list[Missing]:
    """出列: no signal of relapse waits for an answer."""
    return [
        Missing(
            f"反弹苗头“{item.get_kind_display()}”还没有处置答复", item.get_absolute_url(), "去答复"
        )
        for item in case.signals.filter(answered_on=None)
    ]


def has_not_relapsed_yet(case: Case) -> list[Missing]:
    """反弹: once for each 转化; what came after it has a case of its own."""
    if case.relapsed_on is None:
        return []
    words = f"{case.relapsed_on:%Y年%-m月%-d日}已经认定反弹，后来的情况在新的整顿档案里"
    follower = case.followers.first() or case
    return [Missing(words, follower.get_absolute_url(), "看该档案")]


def has_no_open_case(case: Case) -> list[Missing]:
    """反弹: the village has no other case open."""
    other = type(case).objects.filter(village_id=case.village_id, status__in=OPEN_STATUSES).first()
    if other is None:
        return []
    return [Missing("该村已有正在进行的整顿档案", other.get_absolute_url(), "看该档案")]
