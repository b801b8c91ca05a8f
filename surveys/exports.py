"""The record list as a workbook: exactly the rows of the page, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.excel import write_table
from surveys.models import PEOPLE_FIELDS, SHEET_FIELDS, field_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from surveys.models import SurveyRecord

NUMBERS = (*PEOPLE_FIELDS, *SHEET_FIELDS)
COLUMNS: list[tuple[str, int]] = [
    ("日期", 12),
    ("形式", 8),
    ("层次", 8),
    ("地点", 24),
    ("轮次", 24),
    ("主题", 36),
    ("面对面人数", 10),
    *((field_labels()[name], 9) for name in NUMBERS),
    ("反映的情况", 60),
    ("录入人", 10),
    ("录入时间", 18),
    ("补录", 6),
]


def record_rows(records: Iterable[SurveyRecord]) -> Iterator[list[Any]]:
    for record in records:
        yield [
            record.held_on,
            record.get_kind_display(),
            record.get_level_display(),
            record.place,
            str(record.round),
            record.topic,
            record.people if record.is_talk else None,
            *_numbers(record),
            record.findings,
            str(record.entered_by),
            record.entered_at,
            "补录" if record.is_late else "",
        ]


def _numbers(record: SurveyRecord) -> list[int | None]:
    """People of a talk, sheets of a questionnaire; what does not apply stays blank."""
    shown = PEOPLE_FIELDS if record.is_talk else SHEET_FIELDS
    return [getattr(record, name) if name in shown else None for name in NUMBERS]


def write_records(records: Iterable[SurveyRecord]) -> bytes:
    return write_table("调研记录", COLUMNS, record_rows(records))
