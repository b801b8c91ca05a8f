"""Tables of villages to take along. Each takes the scoped, filtered rows of a page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.excel import write_table
from divisions.imports import TEMPLATE_COLUMNS
from villages.models import Rating

if TYPE_CHECKING:
    from django.db.models import QuerySet

VILLAGE_COLUMNS = (
    ("村", 18),
    ("区划代码", 15),
    ("名称", 24),
    ("乡镇", 16),
    ("类别", 8),
    ("书记", 12),
    ("任职日期", 12),
    ("下次换届", 12),
    ("最近村情档案", 13),
    ("年度评价", 10),
)


def village_table(villages: QuerySet[Any]) -> bytes:
    """The rows of the village list (``with_latest``), in the order of the page."""
    ratings = dict(Rating.choices)
    rows = (
        [
            str(village),
            village.code,
            village.name,
            str(village.township),
            village.get_kind_display(),
            village.secretary or ("空缺" if village.had_secretary else "未登记"),
            village.secretary_since,
            village.next_election_on,
            village.file_year,
            ratings.get(village.file_rating or "", ""),
        ]
        for village in villages.iterator(chunk_size=2000)
    )
    return write_table("村庄", VILLAGE_COLUMNS, rows)


def import_template() -> bytes:
    """An empty file to fill in: the code column is text, so that no digit is lost."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "区划"
    sheet.freeze_panes = "A2"
    for at, (head, width) in enumerate(TEMPLATE_COLUMNS, start=1):
        sheet.cell(1, at, head).font = Font(bold=True)
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width, column.number_format = width, "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
