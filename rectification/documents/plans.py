"""一村一策整顿方案 as a Word file: six headings and the three lists (domain form F5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.templatetags.ui import day_date, short_date
from core.word import Paper
from rectification.choices import PlanStatus

if TYPE_CHECKING:
    from rectification.models import Problem, Task
    from rectification.plan_sheet import PlanSheet

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一")
MEASURE_COLUMNS = (
    ("序号", 9),
    ("针对", 18),
    ("措施", 32),
    ("标志性成果", 20),
    ("责任人", 13),
    ("期限", 19),
)


def plan_document(sheet: PlanSheet) -> bytes:
    """Write the whole plan."""
    plan, case = sheet.plan, sheet.plan.case
    title = f"{case.village.township}{case.village}整顿方案"
    paper = Paper(title)
    paper.title(title)
    paper.subtitle(f"（一村一策　第 {plan.number} 稿　{plan.get_status_display()}）")
    _basics(paper, sheet)
    _problems(paper, sheet)
    paper.heading("三、整顿目标")
    paper.text(plan.goal)
    _measures(paper, sheet)
    _schedule(paper, sheet)
    _forces(paper, sheet)
    _signature(paper, sheet)
    paper.landscape()
    _lists(paper, sheet)
    return paper.content()


def _basics(paper: Paper, sheet: PlanSheet) -> None:
    case = sheet.plan.case
    paper.heading("一、基本情况")
    if sheet.basics:
        (_, year), *facts = sheet.basics
        known = "，".join(f"{label} {value}" for label, value in facts)
        paper.text(f"{case.village}隶属{case.village.township}。据 {year}村情档案，{known}。")
    types = "；".join(
        f"{category}（主要类型）" if category.pk == case.main_category_id else str(category)
        for category, _ in sheet.categories
        if category.pk == case.main_category_id or category in case.further_categories.all()
    )
    paper.text(
        f"{day_date(case.designated_on)}，经研究（{case.minutes_no}）认定为软弱涣散村党组织，"
        f"类型为：{types}。整顿期限至 {day_date(case.deadline)}。"
    )


def _problems(paper: Paper, sheet: PlanSheet) -> None:
    paper.heading("二、存在问题及原因")
    for number, (category, problems) in enumerate(sheet.categories):
        paper.second_heading(f"（{NUMERALS[number]}）{category}")
        for problem in problems:
            paper.text(f"{problem.number}．{problem.title}。{problem.detail}")
    paper.second_heading(f"（{NUMERALS[len(sheet.categories)]}）成因")
    paper.text(sheet.plan.causes)


def _measures(paper: Paper, sheet: PlanSheet) -> None:
    paper.heading("四、整顿措施")
    paper.text(sheet.plan.measures)
    paper.table(
        MEASURE_COLUMNS,
        [
            (
                number,
                aim_of(task),
                task.measure,
                task.result_wanted or "—",
                task.owner.name,
                short_date(task.deadline),
            )
            for number, task in enumerate(sheet.tasks, start=1)
        ],
    )


def aim_of(task: Task) -> str:
    """问题 3, or the type that a measure is against."""
    return f"问题 {task.problem.number}" if task.problem else f"类型：{task.category.short_name}"


def _schedule(paper: Paper, sheet: PlanSheet) -> None:
    paper.heading("五、时间安排")
    columns = [("节点", 26), ("时限", 24), ("应达日期", 18), ("达到日期", 18)]
    rows = [
        (
            stage.milestone.name,
            stage.words,
            short_date(stage.milestone.due_on),
            short_date(stage.milestone.reached_on),
        )
        for stage in sheet.stages
    ]
    paper.table(columns, rows)


def _forces(paper: Paper, sheet: PlanSheet) -> None:
    paper.heading("六、组织保障")
    for number, force in enumerate(sheet.forces, start=1):
        paper.text(f"{number}．{force.slot}：{force.words or '空缺'}。")
    if sheet.plan.slots_reason:
        paper.text(f"力量未配齐的原因：{sheet.plan.slots_reason}")


def _signature(paper: Paper, sheet: PlanSheet) -> None:
    plan, case = sheet.plan, sheet.plan.case
    is_approved = plan.status == PlanStatus.APPROVED
    approved = [f"{day_date(plan.decided_on)} 批准"] if is_approved else []
    paper.text("附件：1．问题清单　2．任务清单　3．责任清单")
    paper.signature(str(case.village.township), *approved)
    moment = f"{timezone.localtime(sheet.as_of):%Y年%-m月%-d日 %H:%M}"
    paper.note(f"数据时间：{moment}。名单、问题、任务和节点取自整顿档案。")


# --- the three lists ------------------------------------------------------------------------------


def _lists(paper: Paper, sheet: PlanSheet) -> None:
    paper.annex("附件 1", "问题清单")
    paper.table(PROBLEM_COLUMNS, [_problem_row(problem) for problem in sheet.problems])
    paper.annex("附件 2", "任务清单")
    paper.table(TASK_COLUMNS, [_task_row(n, t) for n, t in enumerate(sheet.tasks, start=1)])
    paper.annex("附件 3", "责任清单")
    paper.table(DUTY_COLUMNS, [_duty_row(n, t) for n, t in enumerate(sheet.tasks, start=1)])


PROBLEM_COLUMNS = (
    ("编号", 8),
    ("问题", 31),
    ("类型", 14),
    ("性质", 8),
    ("来源", 12),
    ("发现日期", 17),
    ("涉及户数", 8),
    ("历史遗留", 8),
    ("解决层级", 8),
    ("期限", 17),
    ("状态", 13),
)
TASK_COLUMNS = (
    ("编号", 8),
    ("对应问题", 30),
    ("措施", 36),
    ("要求和标志性成果", 26),
    ("起止日期", 22),
    ("进度", 12),
)
DUTY_COLUMNS = (
    ("任务编号", 8),
    ("措施", 36),
    ("责任人", 12),
    ("责任单位", 22),
    ("职务", 18),
    ("完成期限", 16),
)


def _problem_row(problem: Problem) -> tuple[Any, ...]:
    return (
        problem.number,
        problem.title,
        problem.category.short_name,
        problem.get_nature_display(),
        problem.get_source_display(),
        short_date(problem.found_on),
        "—" if problem.households is None else problem.households,
        "是" if problem.is_historical else "否",
        problem.get_level_display(),
        short_date(problem.deadline),
        problem.get_status_display(),
    )


def _task_row(number: int, task: Task) -> tuple[Any, ...]:
    return (
        number,
        str(task.problem) if task.problem else aim_of(task),
        task.measure,
        task.result_wanted or "—",
        f"{short_date(task.start_on)} 至\n{short_date(task.deadline)}",
        task.get_status_display(),
    )


def _duty_row(number: int, task: Task) -> tuple[Any, ...]:
    owner = task.owner
    return (
        number,
        task.measure,
        owner.name,
        owner.unit or "—",
        owner.post or "—",
        short_date(task.deadline),
    )
