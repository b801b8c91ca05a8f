"""The checks of an import that need the other rows or the database, each done as a set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from divisions.codes import Level, read_code
from divisions.imports import CODE_HEAD, NAME_HEAD, Refusal
from divisions.models import Division
from villages.imports.staging import REFUSALS_SHOWN, breathe, chunks
from villages.models import StagedRow, Village

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from villages.imports.staging import Findings, Place
    from villages.models import DivisionImport

OUTCOME = StagedRow.Outcome


def check_set(run: DivisionImport, place: Place | None, findings: Findings) -> None:
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
