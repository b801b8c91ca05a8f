"""Tables of rounds, screening results, townships' lists and departments' opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.excel import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rectification.querysets import (
        OpinionQuerySet,
        ScreeningQuerySet,
        SubmissionQuerySet,
    )

ROUND_COLUMNS = (
    ("轮次", 24),
    ("年度", 7),
    ("区县", 14),
    ("状态", 10),
    ("采用的标准", 30),
    ("启动日期", 12),
    ("上报截止", 12),
    ("结束日期", 12),
    ("排查村数", 9),
    ("拟列入", 8),
)


def round_table(rounds: Iterable[Any]) -> bytes:
    """年度轮次: one row a round with its numbers."""
    rows = (
        (
            row.name,
            row.year,
            str(row.district),
            row.get_status_display(),
            str(row.standard),
            row.opened_on,
            row.due_on,
            row.closed_on,
            row.village_count,
            row.listed_count,
        )
        for row in rounds
    )
    return write_table("年度轮次", ROUND_COLUMNS, rows)


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


SUBMISSION_COLUMNS = (
    ("轮次", 20),
    ("乡镇", 14),
    ("状态", 10),
    ("上报截止", 12),
    ("乡镇党委会日期", 14),
    ("说明", 40),
    ("上报人", 14),
    ("上报时间", 17),
    ("退回原因", 40),
)


def submission_table(submissions: SubmissionQuerySet) -> bytes:
    """乡镇报送: one row a township's list."""
    rows = (
        (
            row.round.name,
            str(row.township),
            row.get_status_display(),
            row.round.due_on,
            row.meeting_on,
            row.note,
            str(row.submitted_by or ""),
            row.submitted_at,
            row.return_reason,
        )
        for row in submissions
    )
    return write_table("乡镇报送", SUBMISSION_COLUMNS, rows)


OPINION_COLUMNS = (
    ("轮次", 20),
    ("乡镇", 14),
    ("村", 14),
    ("部门", 14),
    ("征询事项", 40),
    ("征询日期", 12),
    ("答复期限", 12),
    ("结论", 12),
    ("意见", 50),
    ("答复人", 14),
    ("答复日期", 12),
)


def opinion_table(opinions: OpinionQuerySet) -> bytes:
    """联查征询: one row a question to a department."""
    rows = (
        (
            str(row.round),
            str(row.village.township),
            str(row.village),
            row.get_department_display(),
            row.question,
            row.asked_on,
            row.due_on,
            row.get_conclusion_display() or "待答复",
            row.answer,
            str(row.answered_by or ""),
            row.answered_on,
        )
        for row in opinions
    )
    return write_table("联查征询", OPINION_COLUMNS, rows)
