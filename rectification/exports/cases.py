"""Tables of cases and of the look-backs after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.excel import write_table

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from rectification.querysets import FollowUpQuerySet

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


def case_table(cases: QuerySet[Any]) -> bytes:
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


FOLLOW_UP_COLUMNS = (
    ("乡镇", 14),
    ("村", 14),
    ("转化后几个月", 9),
    ("应完成日期", 12),
    ("完成日期", 12),
    ("村里情况", 14),
    ("回头看情况", 50),
    ("登记人", 14),
    ("档案状态", 10),
)
STABLE_WORDS = {True: "保持稳定", False: "出现不稳定情况", None: ""}


def follow_up_table(follow_ups: FollowUpQuerySet) -> bytes:
    """跟踪问效: one row a look-back, done or owed."""
    rows = (
        (
            str(row.case.village.township),
            str(row.case.village),
            row.months,
            row.due_on,
            row.done_on,
            STABLE_WORDS[row.is_stable],
            row.findings,
            str(row.by or ""),
            row.case.get_status_display(),
        )
        for row in follow_ups
    )
    return write_table("跟踪问效", FOLLOW_UP_COLUMNS, rows)
