"""承诺清单, to take along: the scoped, filtered rows of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.excel import write_table

if TYPE_CHECKING:
    from rectification.querysets import PromiseQuerySet

PROMISE_COLUMNS = (
    ("乡镇", 14),
    ("村", 14),
    ("种类", 8),
    ("承诺内容", 40),
    ("金额（万元）", 12),
    ("承诺人", 24),
    ("承诺单位", 24),
    ("为哪个问题", 30),
    ("承诺日期", 12),
    ("兑现期限", 12),
    ("进度", 12),
    ("到位日期", 12),
    ("到位金额（万元）", 14),
    ("村里谁确认的（职务）", 20),
    ("确认日期", 12),
    ("收回原因", 40),
)


def promise_table(promises: PromiseQuerySet) -> bytes:
    rows = (
        (
            str(row.case.village.township),
            str(row.case.village),
            row.get_kind_display(),
            row.what,
            row.amount,
            str(row.cadre or ""),
            row.unit_name,
            str(row.problem or ""),
            row.promised_on,
            row.due_on,
            "到期未到位" if row.is_overdue else row.get_status_display(),
            row.arrived_on,
            row.arrived_amount,
            row.confirmed_by_whom,
            row.confirmed_on,
            row.withdrawn_reason,
        )
        for row in promises
    )
    return write_table("承诺清单", PROMISE_COLUMNS, rows)
