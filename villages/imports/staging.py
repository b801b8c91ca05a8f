"""The staging table of an import: rows go in a chunk a transaction, and leave in the end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max, Min

from core import clock
from divisions.codes import Level, read_code, village_kind
from divisions.imports import CODE_HEAD, DivisionFile, Refusal, Row
from villages.models import DivisionImport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import QuerySet

    from accounts.models import User
    from villages.models import StagedRow

REFUSALS_SHOWN = 200
KEPT = timedelta(hours=24)
CHUNK = 5_000
BREATH = 0.01  # SQLite's write lock is unfair: without a pause no other writer gets a turn
STATE = DivisionImport.State

COLUMNS = "run_id, number, code, name, level, parent, kind, refused, outcome, old_name"
COPY_STAGED = f"COPY villages_stagedrow ({COLUMNS}) FROM STDIN"
INSERT_STAGED = (
    f"INSERT INTO villages_stagedrow ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
)


class TooManyRows(Exception):
    """The file has more rows than its caller wants to take at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account may load rows: under its own division; units above may stand in the file."""

    name: str
    first: str
    last: str
    above: frozenset[str]

    @classmethod
    def of(cls, user: User) -> Place:
        first, last = user.code_range
        above, code = set(), read_code(user.division_id).parent
        while code:
            above.add(code)
            code = read_code(code).parent
        return cls(user.division.name, first, last, frozenset(above))

    def refuse(self, row: Row) -> Refusal | None:
        """Refuse a row of another place."""
        if self.first <= row.code <= self.last or row.code in self.above:
            return None
        reason = f"代码 {row.code} 不在{self.name}（{self.first}—{self.last}）范围内，请删去这一行"
        return Refusal(row.number, CODE_HEAD, reason)


@dataclass
class Findings:
    """What is wrong with a file: the first faults of each kind, and the rows without a code."""

    of_rows: list[Refusal] = field(default_factory=list)
    of_set: list[Refusal] = field(default_factory=list)
    unstaged: int = 0

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Note faults of a single row, as long as they can still be among the first."""
        if len(self.of_rows) < REFUSALS_SHOWN:
            self.of_rows += refusals

    def first(self) -> list[Refusal]:
        return sorted(self.of_rows + self.of_set)[:REFUSALS_SHOWN]


def stage(
    run: DivisionImport,
    opened: DivisionFile,
    place: Place | None,
    findings: Findings,
    *,
    limit: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Copy the rows to the staging table, a chunk a transaction."""
    rows = _staged(run.pk.hex, opened.rows, place, findings)
    done = 0
    while chunk := list(islice(rows, CHUNK)):
        done += len(chunk)
        if limit and done > limit:
            raise TooManyRows
        _write(chunk)
        if progress:
            progress(done, max(opened.total, done))
        breathe()
    count_rows_anew("villages_stagedrow")


def _staged(
    run: str, rows: Iterator[Row], place: Place | None, findings: Findings
) -> Iterator[tuple[Any, ...]]:
    """Turn rows into records of the staging table and note faults; skip rows without a code."""
    for row in rows:
        refusals = row.refusals
        if place and row.code and (refusal := place.refuse(row)):
            refusals += (refusal,)
        if refusals:
            findings.add(refusals)
        if not row.code:
            findings.unstaged += 1
            continue
        kind = village_kind(row.code) if row.level == Level.VILLAGE else ""
        refused = bool(refusals)
        number, code, name, level, parent, _ = row
        yield run, number, code, name, level, parent, kind, refused, "new", ""


def _write(chunk: list[tuple[Any, ...]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A chunk as text is quicker than row by row; no name holds a tab or a line end.
            lines = "".join("\t".join(map(str, record)) + "\n" for record in chunk)
            with cursor.copy(COPY_STAGED) as copy:
                copy.write(lines.replace("\\", "\\\\"))
        else:
            cursor.executemany(INSERT_STAGED, chunk)


def breathe() -> None:
    """Let another writer have SQLite's lock."""
    if connection.vendor == "sqlite":
        time.sleep(BREATH)


def count_rows_anew(*tables: str) -> None:
    """Tell PostgreSQL's planner how many rows there are now; on old figures it takes hours."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {table}")


def chunks(run: DivisionImport) -> Iterator[QuerySet[StagedRow]]:
    """The staged rows of an import in slices; PostgreSQL, where writers do not wait, gets one."""
    ends = run.rows.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    size = 4 * CHUNK if connection.vendor == "sqlite" else ends["last"]
    for start in range(ends["first"], ends["last"] + 1, size):
        yield run.rows.filter(pk__range=(start, start + size - 1))


def clear_rows(run: DivisionImport) -> None:
    """Remove what an import left in the staging table."""
    for chunk in chunks(run):
        chunk.delete()
        breathe()


def clear_stale() -> None:
    """Forget previews that nobody confirmed in time, and what a killed import left."""
    stale = DivisionImport.objects.filter(
        state__in=(STATE.CHECKING, STATE.READY), created_at__lt=clock.now() - KEPT
    )
    for run in stale:
        clear_rows(run)
    stale.update(state=STATE.EXPIRED)
