"""The table of cadres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.excel import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

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
