"""Tables of problems, tasks and visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.excel import write_table
from rectification.ages import age_of

if TYPE_CHECKING:
    from rectification.models.visits import VisitQuerySet
    from rectification.querysets import ProblemQuerySet, TaskQuerySet

PROBLEM_COLUMNS = (
    ("乡镇", 14),
    ("村", 14),
    ("编号", 6),
    ("问题", 40),
    ("具体情况", 40),
    ("类型", 24),
    ("性质", 8),
    ("成因", 20),
    ("成因说明", 24),
    ("历史遗留", 9),
    ("解决层级", 9),
    ("来源", 9),
    ("发现日期", 12),
    ("涉及户数", 9),
    ("责任人", 20),
    ("经办账号", 14),
    ("解决期限", 12),
    ("延期次数", 9),
    ("任务数", 8),
    ("未完任务", 9),
    ("状态", 10),
    ("总天数", 8),
    ("本级天数", 9),
    ("重新打开次数", 13),
    ("村里认定", 10),
    ("乡镇认定", 10),
    ("区级认定", 10),
    ("办结日期", 12),
    ("解决情况和依据", 40),
    ("文号", 18),
    ("下次跟踪日期", 13),
    ("区级专题", 24),
)


def problem_table(problems: ProblemQuerySet) -> bytes:
    """问题清单 (domain form F6)."""
    rows = (
        (
            str(row.case.village.township),
            str(row.case.village),
            row.number,
            row.title,
            row.detail,
            row.category.name,
            row.get_nature_display(),
            str(row.cause or ""),
            row.cause_note,
            row.is_historical,
            row.get_level_display(),
            row.get_source_display(),
            row.found_on,
            row.households,
            str(row.owner),
            str(row.holder),
            row.deadline,
            row.extension_count,
            row.task_count,
            row.open_task_count,
            row.get_status_display(),
            age_of(row).total,
            age_of(row).own,
            row.reopen_count,
            *(said.get_value_display() if said else "" for _, said in row.verdicts_by_level),
            row.closed_on,
            row.evidence,
            row.decision_no,
            row.next_on,
            row.topic.title if row.topic else "",
        )
        for row in problems.with_verdicts()
    )
    return write_table("问题清单", PROBLEM_COLUMNS, rows)


TASK_COLUMNS = (
    ("乡镇", 14),
    ("村", 14),
    ("任务", 40),
    ("针对的问题", 30),
    ("类型", 24),
    ("责任人", 20),
    ("经办账号", 14),
    ("开始日期", 12),
    ("最近进展", 12),
    ("期限", 12),
    ("状态", 10),
)


def task_table(tasks: TaskQuerySet) -> bytes:
    """任务清单: one row a task, in the order of the list."""
    rows = (
        (
            str(row.case.village.township),
            str(row.case.village),
            row.measure,
            row.problem.title if row.problem else "",
            row.category.name,
            str(row.owner),
            str(row.holder),
            row.start_on,
            row.last_progress_on,
            row.deadline,
            row.get_status_display(),
        )
        for row in tasks
    )
    return write_table("任务清单", TASK_COLUMNS, rows)


VISIT_COLUMNS = (
    ("走访日期", 12),
    ("乡镇", 14),
    ("村", 14),
    ("走访人", 20),
    ("谁到的村", 10),
    ("实际到村的人", 18),
    ("和谁谈了", 28),
    ("户数", 7),
    ("推动的问题", 36),
    ("新问题", 14),
    ("了解到的情况", 50),
    ("下一步", 30),
    ("由谁去办", 16),
    ("录入人", 14),
    ("录入时间", 17),
    ("补录", 7),
)


def visit_table(visits: VisitQuerySet) -> bytes:
    """走访记录 (domain form F7)."""
    rows = (
        (
            row.visited_on,
            str(row.case.village.township),
            str(row.case.village),
            str(row.visitor),
            row.get_mode_display(),
            row.delegate,
            "、".join(row.audience_labels),
            row.households,
            "；".join(str(problem) for problem in row.problems.all()),
            "没有发现" if row.no_new_problem else "发现了新问题",
            row.findings,
            row.next_step,
            row.next_by,
            str(row.entered_by),
            row.entered_at,
            row.is_late,
        )
        for row in visits.prefetch_related("problems")
    )
    return write_table("走访记录", VISIT_COLUMNS, rows)
