"""Tables to take along. Each takes the scoped, filtered rows of a page and writes what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.excel import write_table
from rectification.ages import age_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rectification.models.visits import VisitQuerySet
    from rectification.querysets import CaseQuerySet, ProblemQuerySet, ScreeningQuerySet
    from rectification.selectors_people import Vacancies

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


SCREENING_COLUMNS = (
    ("轮次", 20),
    ("乡镇", 14),
    ("村", 14),
    ("排查结果", 10),
    ("主要类型", 30),
    ("其他类型", 30),
    ("符合的认定条件", 50),
    ("理由", 50),
    ("填报人", 14),
    ("填报时间", 17),
)


def screening_table(screenings: ScreeningQuerySet) -> bytes:
    """排查结果: one row a village, the ones nobody has looked at too."""
    rows = (
        (
            str(row.round),
            str(row.village.township),
            str(row.village),
            row.get_outcome_display() or "未排查",
            str(row.main_category or ""),
            "；".join(str(item) for item in row.further_categories.all()),
            "；".join(str(item) for item in row.criteria_hit.all()),
            row.reason,
            str(row.entered_by or ""),
            row.entered_at,
        )
        for row in screenings.select_related("entered_by")
    )
    return write_table("排查结果", SCREENING_COLUMNS, rows)


CASE_COLUMNS = (
    ("轮次", 20),
    ("乡镇", 14),
    ("村", 14),
    ("区划代码", 15),
    ("状态", 10),
    ("主要类型", 30),
    ("其他类型", 30),
    ("来源", 12),
    ("提请日期", 12),
    ("认定日期", 12),
    ("常委会纪要号", 18),
    ("整顿期限", 12),
    ("延期次数", 9),
    ("延长巩固至", 12),
    ("转化日期", 12),
    ("出列日期", 12),
    ("反弹日期", 12),
    ("终止日期", 12),
)


def case_table(cases: CaseQuerySet) -> bytes:
    """整顿档案: one row a case, in the order of the list."""
    rows = (
        (
            str(row.round),
            str(row.village.township),
            str(row.village),
            row.village.code,
            row.get_status_display(),
            str(row.main_category),
            "；".join(str(item) for item in row.further_categories.all()),
            row.get_source_display(),
            row.proposed_on,
            row.designated_on,
            row.minutes_no,
            row.deadline,
            row.extension_count,
            row.consolidation_until,
            row.transformed_on,
            row.released_on,
            row.relapsed_on,
            row.ended_on,
        )
        for row in cases.prefetch_related("further_categories")
    )
    return write_table("整顿档案", CASE_COLUMNS, rows)


VACANCY_COLUMNS = (
    ("轮次", 20),
    ("乡镇", 14),
    ("村", 14),
    ("状态", 10),
    ("认定日期", 12),
    ("认定至今（天）", 14),
    ("空缺的力量", 50),
    ("空缺数", 8),
    ("应到位日期", 12),
    ("超过时限", 9),
)


def vacancy_table(rows: Iterable[Vacancies]) -> bytes:
    """四个一未配齐的村, in the order of the list."""
    cells = (
        (
            str(row.case.round),
            str(row.case.village.township),
            str(row.case.village),
            row.case.get_status_display(),
            row.case.designated_on,
            row.days,
            "；".join(slot.name for slot in row.slots),
            len(row.slots),
            row.due_on,
            any(slot.is_late for slot in row.slots),
        )
        for row in rows
    )
    return write_table("四个一未配齐的村", VACANCY_COLUMNS, cells)
