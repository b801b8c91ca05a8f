"""Loading divisions and villages: rows to a staging table, checked as a set, into place in one go.

``check`` leaves a :class:`DivisionImport` that says what would happen; ``apply`` makes exactly that
happen or nothing. A file of any size passes through in chunks: no step holds all of its rows.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import connection, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery

from core import clock
from core.exceptions import Conflict
from divisions.codes import Level, read_code, village_kind
from divisions.imports import (
    CODE_HEAD,
    NAME_HEAD,
    DivisionFile,
    Refusal,
    Row,
    UnreadableFile,
    open_divisions,
)
from divisions.models import Division
from villages.models import DivisionImport, NameChange, StagedRow, Village

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User

REFUSALS_SHOWN = 200
KEPT = timedelta(hours=24)
CHUNK = 5_000
BREATH = 0.01  # SQLite's write lock is unfair: without a pause no other writer gets a turn
STATE = DivisionImport.State
OUTCOME = StagedRow.Outcome

COLUMNS = "run_id, number, code, name, level, parent, kind, refused, outcome, old_name"
COPY_STAGED = f"COPY villages_stagedrow ({COLUMNS}) FROM STDIN"
INSERT_STAGED = (
    f"INSERT INTO villages_stagedrow ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
)
TAKE_DIVISIONS = """
INSERT INTO divisions_division (code, name, level, parent_id, valid_from)
SELECT code, name, level, NULLIF(parent, ''), %s FROM villages_stagedrow
WHERE run_id = %s AND outcome = 'new' AND level < 5 ORDER BY code
ON CONFLICT (code) DO NOTHING
"""
TAKE_VILLAGES = """
INSERT INTO villages_village (code, name, township_id, kind, valid_from, version)
SELECT code, name, parent, kind, %s, 1 FROM villages_stagedrow
WHERE run_id = %s AND outcome = 'new' AND level = 5 ORDER BY code
ON CONFLICT (code) DO NOTHING
"""
KEEP_OLD_NAMES = """
INSERT INTO villages_namechange (code, old_name, new_name, run_id)
SELECT code, old_name, name, run_id FROM villages_stagedrow
WHERE run_id = %s AND outcome = 'change' ORDER BY code
"""


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


def check(
    content: BinaryIO | Any,
    filename: str,
    *,
    owner: User | None = None,
    valid_from: date | None = None,
    limit: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DivisionImport:
    """Read and check a file; say what it would change, or all that is wrong with it.

    With ``limit``, a file of more rows raises TooManyRows and leaves nothing.
    """
    clear_stale()
    run = DivisionImport.objects.create(
        owner=owner, filename=filename[-200:], valid_from=valid_from
    )
    place, findings = Place.of(owner) if owner else None, Findings()
    with ExitStack() as undo:
        undo.callback(give_up, run)
        try:
            with open_divisions(content, filename) as opened:
                _stage(run, opened, place, findings, limit=limit, progress=progress)
                run.notices = opened.notices
        except UnreadableFile as error:
            findings.of_set = [error.refusal]
        else:
            _check_set(run, place, findings)
        _conclude(run, findings)
        undo.pop_all()
    if run.state == STATE.REFUSED:
        clear_rows(run)
    return run


def give_up(run: DivisionImport) -> None:
    """Drop a check that nobody will confirm, with all its rows."""
    clear_rows(run)
    run.delete()


def _conclude(run: DivisionImport, findings: Findings) -> None:
    run.refused_count = findings.unstaged + run.rows.filter(refused=True).count()
    run.refusals = [list(refusal) for refusal in findings.first()]
    run.state = STATE.REFUSED if run.refusals else STATE.READY
    run.save()


# Staging


def _stage(
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
            with cursor.copy(COPY_STAGED) as copy:
                for record in chunk:
                    copy.write_row(record)
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


# Checks that need the other rows or the database


def _check_set(run: DivisionImport, place: Place | None, findings: Findings) -> None:
    _check_duplicates(run, findings)
    _check_parents(run, place, findings)
    _classify(run)
    if place:
        _check_above(run, place, findings)
    counts = dict(run.rows.filter(refused=False).values_list("outcome").annotate(Count("pk")))
    run.new_count = counts.get(OUTCOME.NEW, 0)
    run.change_count = counts.get(OUTCOME.CHANGE, 0)


def _check_duplicates(run: DivisionImport, findings: Findings) -> None:
    """Take an exact repetition once and say so; refuse a code with two names."""
    rows = run.rows.filter(refused=False)
    repeated = rows.values("code").annotate(times=Count("pk")).filter(times__gt=1)
    if not repeated.exists():
        return
    earlier = StagedRow.objects.filter(
        run=run, refused=False, code=OuterRef("code"), number__lt=OuterRef("number")
    )
    taken_once, _ = rows.filter(Exists(earlier.filter(name=OuterRef("name")))).delete()
    if taken_once:
        run.notices.append(f"有 {taken_once} 行与前面的行完全相同，只取一次")
    first = earlier.order_by("number")
    conflicting = rows.filter(Exists(earlier)).annotate(
        first_number=Subquery(first.values("number")[:1]),
        first_name=Subquery(first.values("name")[:1]),
    )
    findings.of_set += (
        Refusal(
            row.number,
            NAME_HEAD,
            f"代码 {row.code} 在第 {row.first_number} 行是“{row.first_name}”，"
            f"这一行却是“{row.name}”；请只保留正确的一行",
        )
        for row in conflicting.order_by("number")[:REFUSALS_SHOWN]
    )
    _refuse(conflicting)


def _check_parents(run: DivisionImport, place: Place | None, findings: Findings) -> None:
    """Refuse rows whose unit above is neither in the file nor known."""
    in_file = StagedRow.objects.filter(run=run, code=OuterRef("parent"))
    known = Division.objects.filter(code=OuterRef("parent"))
    orphans = run.rows.filter(~Q(parent=""), ~Exists(in_file), ~Exists(known))
    if place:  # what lies elsewhere is refused for that already
        orphans = orphans.filter(code__range=(place.first, place.last))
    findings.of_set += (
        Refusal(
            row.number,
            CODE_HEAD,
            f"“{row.name}”的上级 {row.parent}（{Level(read_code(row.parent).level).label}）"
            "不在文件里，系统里也没有；请补上上级这一行，或改正代码",
        )
        for row in orphans.order_by("number")[:REFUSALS_SHOWN]
    )
    _refuse(orphans)


def _refuse(rows: QuerySet[StagedRow]) -> None:
    pks = rows.order_by().values("pk")
    StagedRow.objects.filter(pk__in=pks).update(refused=True)


def _classify(run: DivisionImport) -> None:
    """Mark what would change; count what is in place already and let it go."""
    division = Division.objects.filter(code=OuterRef("code"))
    village = Village.objects.filter(code=OuterRef("code"))
    for chunk in chunks(run):
        rows = chunk.filter(refused=False)
        for target, part in (
            (division, rows.filter(level__lt=Level.VILLAGE)),
            (village, rows.filter(level=Level.VILLAGE)),
        ):
            same, _ = part.filter(Exists(target.filter(name=OuterRef("name")))).delete()
            run.same_count += same
            part.filter(Exists(target)).update(
                outcome=OUTCOME.CHANGE, old_name=Subquery(target.values("name")[:1])
            )
        breathe()


def _check_above(run: DivisionImport, place: Place, findings: Findings) -> None:
    """Units above the own division may stand in the file, but only as they are."""
    above = run.rows.filter(code__in=place.above, refused=False)
    findings.of_set += (
        Refusal(
            row.number,
            NAME_HEAD,
            f"“{row.name}”是上级单位，系统中的名称是“{row.old_name}”，只能由上级修改；"
            "请改成一致或删去这一行",
        )
        for row in above.order_by("number")
    )
    _refuse(above)


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


# Into place


def apply(run_id: UUID) -> DivisionImport:
    """Take a checked import into place as previewed, or raise Conflict and change nothing."""
    with transaction.atomic():
        claimed = DivisionImport.objects.filter(
            pk=run_id, state=STATE.READY, created_at__gte=clock.now() - KEPT
        ).update(state=STATE.APPLIED, applied_at=clock.now())
        run = DivisionImport.objects.get(pk=run_id)
        if not claimed:
            raise Conflict(f"这份预览{_why_not(run)}，请重新上传文件")
        if (_take_new(run), _take_changes(run)) != (run.new_count, run.change_count):
            raise Conflict("预览之后有人改动了同一批区划，什么都没有导入；请重新上传文件核对")
    count_rows_anew("divisions_division", "villages_village")
    clear_rows(run)
    return run


def _why_not(run: DivisionImport) -> str:
    if run.state == STATE.APPLIED:
        return "已经导入过了"
    return "有错误，不能导入" if run.state == STATE.REFUSED else "已过期（只保留 24 小时）"


def _take_new(run: DivisionImport) -> int:
    valid_from = connection.ops.adapt_datefield_value(run.valid_from)
    with connection.cursor() as cursor:
        taken = 0
        for statement in (TAKE_DIVISIONS, TAKE_VILLAGES):
            cursor.execute(statement, [valid_from, run.pk.hex])
            taken += cursor.rowcount
    return taken


def _take_changes(run: DivisionImport) -> int:
    """Rename what still bears the name that the preview showed; keep the former name."""
    if not run.change_count:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(KEEP_OLD_NAMES, [run.pk.hex])
    staged = StagedRow.objects.filter(run=run, outcome=OUTCOME.CHANGE)
    here = staged.filter(code=OuterRef("code"), old_name=OuterRef("name"))
    new_name = Subquery(here.values("name")[:1])
    divisions = Division.objects.filter(Exists(here), code__in=staged.values("code"))
    villages = Village.objects.filter(Exists(here), code__in=staged.values("code"))
    return divisions.update(name=new_name) + villages.update(
        name=new_name, version=F("version") + 1
    )


def former_names(code: str) -> QuerySet[NameChange]:
    """The names a unit had before, newest first."""
    return NameChange.objects.filter(code=code).select_related("run")
