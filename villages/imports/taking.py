"""A checked import into place, in one transaction: as it was previewed or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Subquery

from core import clock
from core.exceptions import Conflict
from divisions.models import Division
from villages.imports.staging import KEPT, STATE, clear_rows, count_rows_anew
from villages.models import DivisionImport, NameChange, StagedRow, Village

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import QuerySet

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


def apply(
    run_id: UUID, *, last_act: Callable[[DivisionImport], None] | None = None
) -> DivisionImport:
    """Take a checked import into place as previewed, or raise Conflict and change nothing.

    ``last_act`` belongs to the same transaction: what it raises undoes the import.
    """
    with transaction.atomic():
        claimed = DivisionImport.objects.filter(
            pk=run_id, state=STATE.READY, created_at__gte=clock.now() - KEPT
        ).update(state=STATE.APPLIED, applied_at=clock.now())
        run = DivisionImport.objects.get(pk=run_id)
        if not claimed:
            raise Conflict(f"这份预览{_why_not(run)}，请重新上传文件")
        if (_take_new(run), _take_changes(run)) != (run.new_count, run.change_count):
            raise Conflict("预览之后有人改动了同一批区划，什么都没有导入；请重新上传文件核对")
        if last_act:
            last_act(run)
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
    staged = StagedRow.objects.filter(run=run, outcome=StagedRow.Outcome.CHANGE)
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
