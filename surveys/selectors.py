"""Figures of the survey records. Each is defined once; pages, exports and reports read it here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from surveys.choices import TALKS, RecordKind
from surveys.models import PEOPLE_FIELDS, SurveyRecord

if TYPE_CHECKING:
    from datetime import datetime

    from surveys.querysets import SurveyRecordQuerySet

TOTALS_DEFINITION = (
    "座谈会按次数计；面对面交谈按座谈会和访谈的参加人数合计（人次）；问卷按收回份数计"
)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many seminars and interviews, people talked with in both, questionnaires returned."""

    seminars: int
    interviews: int
    people: int
    questionnaires: int


def totals(records: SurveyRecordQuerySet) -> Totals:
    """Count the records of a scoped queryset, in one query."""
    people = reduce(add, (F(name) for name in PEOPLE_FIELDS))
    return Totals(
        **records.order_by().aggregate(
            seminars=Count("pk", filter=Q(kind=RecordKind.SEMINAR)),
            interviews=Count("pk", filter=Q(kind=RecordKind.INTERVIEW)),
            people=Coalesce(Sum(people, filter=Q(kind__in=TALKS)), 0),
            questionnaires=Coalesce(Sum("returned", filter=Q(kind=RecordKind.QUESTIONNAIRE)), 0),
        )
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """One save that changed a record: when, by whom, and each figure's former and new value."""

    at: datetime
    by: str
    changes: list[tuple[str, str, str]]


UNTOLD = {"version", "id"}


def corrections(record: SurveyRecord) -> list[Correction]:
    """What was changed since the record was first entered, newest first."""
    rows = list(record.history.select_related("history_user", "village", "township", "round"))
    found = [
        Correction(
            new.history_date,
            str(new.history_user or ""),
            _changes(old, new),
        )
        for new, old in pairwise(rows)
    ]
    return [correction for correction in found if correction.changes]


def _told_fields() -> list[tuple[str, str, str]]:
    """Name, column and word of each field that a correction tells."""
    fields = SurveyRecord._meta.concrete_fields
    return [(f.name, f.attname, str(f.verbose_name)) for f in fields if f.name not in UNTOLD]


def _changes(old: SurveyRecord, new: SurveyRecord) -> list[tuple[str, str, str]]:
    return [
        (label, _words(old, name), _words(new, name))
        for name, column, label in _told_fields()
        if getattr(old, column) != getattr(new, column)
    ]


def _words(row: SurveyRecord, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "（空）" if value is None or value == "" else str(value)
