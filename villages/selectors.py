"""What the village page derives and stores nowhere: the file beside last year's, ten years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core import clock
from core.templatetags.ui import day_date, number, yes_no
from villages.models import Rating, SecretaryTerm, VillageFile
from villages.sections import FILE_FIELDS, SECTIONS, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.forms.boundfield import BoundField

    from villages.forms import VillageFileForm
    from villages.models import Village

STRIP_YEARS = 10
FIELDS = {field.name: field for field in VillageFile._meta.fields}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the file: its value in words and last year's; empty means nobody filled it in."""

    label: str
    value: str
    previous: str
    help_text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the file with its lines."""

    section: Section
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a year of the strip shows beside the rating."""

    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a village at a look."""

    year: int
    rating: str
    kind: str
    marks: list[Mark]


def shown(file: VillageFile | None, name: str) -> str:
    """A value of the file as a person reads it, empty when unknown."""
    value: Any = getattr(file, name) if file else None
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, date):
        return day_date(value)
    if name == "activity_built_year":
        return f"{value} 年"
    if isinstance(value, int | Decimal):
        return number(value)
    return str(getattr(file, f"get_{name}_display", lambda: value)())


def file_parts(file: VillageFile | None, previous: VillageFile | None) -> list[Part]:
    """The file of a year in its sections, each value beside the one of the year before."""
    return [
        Part(
            section,
            [
                Line(
                    str(FIELDS[name].verbose_name),
                    shown(file, name),
                    shown(previous, name),
                    str(FIELDS[name].help_text),
                )
                for name in section.fields
            ],
        )
        for section in SECTIONS
    ]


@dataclass(frozen=True, slots=True)
class FilePage:
    """The file of one year as the village page shows it; ``file`` is None before it is begun."""

    year: int
    years: list[int]
    file: VillageFile | None
    previous: VillageFile | None
    parts: list[Part]
    filled: int
    items: int


def file_page(files: Iterable[VillageFile], asked: str) -> FilePage:
    """Pick the year that the address asks for, else the newest there is."""
    by_year = {file.year: file for file in files}
    this_year = clock.today().year
    recent = range(this_year - STRIP_YEARS + 1, this_year + 1)
    years = sorted({*by_year, *recent}, reverse=True)
    newest = max(by_year, default=this_year)
    year = int(asked) if asked.isdecimal() and int(asked) in years else newest
    file, previous = by_year.get(year), by_year.get(year - 1)
    filled = sum(bool(shown(file, name)) for name in FILE_FIELDS)
    parts = file_parts(file, previous)
    return FilePage(year, years, file, previous, parts, filled, len(FILE_FIELDS))


@dataclass(frozen=True, slots=True)
class FormPart:
    """A section of the form: its fields, each with last year's value, and the section after it."""

    section: Section
    fields: list[tuple[BoundField, str]]
    go_on: str


def form_parts(form: VillageFileForm, previous: VillageFile | None) -> list[FormPart]:
    """The form by sections."""
    following = [*(section.slug for section in SECTIONS[1:]), ""]
    return [
        FormPart(section, [(form[name], shown(previous, name)) for name in section.fields], go_on)
        for section, go_on in zip(SECTIONS, following, strict=True)
    ]


def secretary_in_office(terms: Iterable[SecretaryTerm]) -> SecretaryTerm | None:
    """The term that runs today, if any."""
    today = clock.today()
    running = (
        term
        for term in terms
        if term.started_on <= today and (term.ended_on is None or term.ended_on >= today)
    )
    return next(running, None)


RATING_KINDS = {Rating.GOOD: "good", Rating.MIDDLE: "warn", Rating.BAD: "bad"}


def ten_years(
    village: Village, files: Iterable[VillageFile], terms: Sequence[SecretaryTerm]
) -> list[Year]:
    """The last ten years of a village: rating, secretaries come and gone, elections."""
    rated = {file.year: file for file in files if file.rating}
    this_year = clock.today().year
    years = []
    for year in range(this_year - STRIP_YEARS + 1, this_year + 1):
        file = rated.get(year)
        years.append(
            Year(
                year,
                file.get_rating_display() if file else "",
                RATING_KINDS[Rating(file.rating)] if file else "",
                [*_term_marks(terms, year), *_election_marks(village, year)],
            )
        )
    return years


def _term_marks(terms: Sequence[SecretaryTerm], year: int) -> Iterable[Mark]:
    """Who left and who came in a year; ``terms`` stand newest first."""
    for term in reversed(terms):
        if term.started_on.year == year:
            yield Mark(f"{term.name}任职", day_date(term.started_on))
        if term.ended_on and term.ended_on.year == year:
            reason = term.get_end_reason_display()
            words = f"（{reason}）" if reason else ""
            yield Mark(f"{term.name}离任{words}", day_date(term.ended_on))


def _election_marks(village: Village, year: int) -> Iterable[Mark]:
    day = village.next_election_on
    if day and day.year == year:
        yield Mark("换届", f"换届日期 {day_date(day)}")


@dataclass(frozen=True, slots=True)
class Correction:
    """One save of a file: when, by whom, why, and each item it changed, former value first."""

    record: Any
    changes: list[tuple[str, str, str]]


def corrections(file: VillageFile) -> list[Correction]:
    """Every save that changed a file, newest first; the last one is its entry."""
    records = list(file.history.select_related("history_user").order_by("-history_id"))
    pairs = zip(records, [*records[1:], None], strict=True)
    found = [Correction(record, _differences(record, before)) for record, before in pairs]
    return [item for item in found if item.changes or item.record is records[-1]]


def _differences(record: Any, before: Any) -> list[tuple[str, str, str]]:
    if before is None:
        return []
    return [
        (str(FIELDS[name].verbose_name), shown(before, name), shown(record, name))
        for name in FILE_FIELDS
        if getattr(before, name) != getattr(record, name)
    ]
