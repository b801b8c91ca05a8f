"""Excel in and out: capped reading, and writing in which no text ever becomes a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_ENTRIES = 500


def text_cell(sheet: WriteOnlyWorksheet, value: str) -> WriteOnlyCell:
    """A cell that stays text, whatever it begins with (``= + - @``)."""
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def cell_value(sheet: WriteOnlyWorksheet, value: Any) -> Any:
    """A Python value as a cell: text as text, aware times in local time, unknown as blank."""
    if value is None or isinstance(value, bool):
        return text_cell(sheet, {True: "是", False: "否", None: ""}[value])
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, int | float | Decimal | date):
        return value
    return text_cell(sheet, str(value))


def write_table(
    title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
) -> bytes:
    """Write one sheet: ``columns`` are (head, width in characters); the head row stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for index, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_head(sheet, head) for head, _ in columns])
    for row in rows:
        sheet.append([cell_value(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = text_cell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def xlsx_response(filename: str, content: bytes) -> HttpResponse:
    """Send a workbook as a download under a Chinese name."""
    response = HttpResponse(content, content_type=XLSX)
    header = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = header or "attachment"
    return response


def is_safe_xlsx(content: io.BufferedIOBase | Any) -> bool:
    """Whether a file is a zip of sane size: looked at before anything is unpacked."""
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return False
    finally:
        content.seek(0)
    total = sum(entry.file_size for entry in entries)
    return len(entries) <= MAX_ENTRIES and total <= MAX_UNPACKED_BYTES
