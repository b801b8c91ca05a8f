"""The table of cadres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.excel import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rectification.selectors_people import Vacancies

CADRE_COLUMNS = (
    ("姓名", 12),
    ("职务", 20),
    ("单位", 24),
    ("所属", 14),
    ("任职日期", 12),
    ("离任日期", 12),
    ("现在帮扶的村", 40),
    ("账号", 14),
)


def cadre_table(cadres: Iterable[Any]) -> bytes:
    """干部名册: who they are and which villages they help, without counts."""
    rows = (
        (
            row.name,
            row.post,
            row.unit,
            str(row.division),
            row.from_on,
            row.to_on,
            "、".join(f"{item.case.village}（{item.slot}）" for item in row.running),
            row.account.username if row.account else "",
        )
        for row in cadres
    )
    return write_table("干部名册", CADRE_COLUMNS, rows)


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
