"""认定与整顿标准: begun as a copy, edited as a draft, published once, then never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from accounts.roles import Permission
from core import clock, policy
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import shipped
from rectification.models import (
    Criterion,
    MilestoneTemplate,
    Standard,
    StandardSlot,
    VisitFrequency,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.models import User
    from divisions.models import Division

# The tables that make up a standard, by the name its rows have on it.
PARTS: dict[str, Any] = {
    "criteria": Criterion,
    "slots": StandardSlot,
    "milestones": MilestoneTemplate,
    "frequencies": VisitFrequency,
}
NUMBERED = ("criteria", "slots", "milestones")
# What belongs to one edition alone and is not taken over into a copy.
OWN_FIELDS = {
    "id",
    "district",
    "year",
    "name",
    "edition",
    "revises",
    "revision_reason",
    "status",
    "published_by",
    "published_at",
    "version",
}


@transaction.atomic
def copy_shipped(
    district: Division, year: int, *, by: User, name: str = shipped.NAME, **lines: Any
) -> Standard:
    """Begin a district's standard for a year with the shipped one; ``lines`` replace numbers."""
    _may_edit(by, district.code)
    if Standard.objects.filter(district=district, year=year).exists():
        raise DomainError(
            f"{district}已有 {year} 年的标准；要改动请编辑未发布的那一份，或者复制为新版"
        )
    standard = _create(district=district, year=year, name=name, **lines)
    rows = {
        "criteria": shipped.CRITERIA,
        "slots": shipped.SLOTS,
        "milestones": shipped.MILESTONES,
        "frequencies": shipped.FREQUENCIES,
    }
    _add_parts(standard, rows)
    return standard


@transaction.atomic
def copy_standard(
    source: Standard, *, by: User, year: int | None = None, reason: str = ""
) -> Standard:
    """Copy a standard for another year, or as a new edition of a published one with its reason."""
    _may_edit(by, source.district_id)
    year = year or source.year
    is_revision = year == source.year
    if is_revision:
        _check_revision(source, reason)
    latest = Standard.objects.filter(district_id=source.district_id, year=year).aggregate(
        edition=Max("edition")
    )["edition"]
    if latest and not is_revision:
        raise DomainError(f"{year} 年的标准已经建立，请直接编辑或复制为新版")
    standard = _create(
        district_id=source.district_id,
        year=year,
        name=source.name,
        edition=(latest or 0) + 1,
        revises=source if is_revision else None,
        revision_reason=reason if is_revision else "",
        **_lines_of(source),
    )
    _add_parts(standard, {part: _rows_of(source, part) for part in PARTS})
    return standard


@transaction.atomic
def publish(standard: Standard, *, by: User) -> None:
    """Publish a draft; from then on nothing in it can change."""
    _may_edit(by, standard.district_id)
    missing = missing_parts(standard)
    if missing:
        raise DomainError(f"还不能发布{standard}：{'；'.join(missing)}")
    policy.check(*_texts(standard))
    claim_draft(standard)
    standard.status = Standard.Status.PUBLISHED
    standard.published_by = by
    standard.published_at = clock.now()
    standard.save()


def _texts(standard: Standard) -> list[str]:
    """Every name and sentence people gave in a standard."""
    rows = [row for part in PARTS for row in getattr(standard, part).all()]
    names = ("text", "indicator", "source", "name", "key", "slot_key")
    return [standard.name, *(getattr(row, name, "") for row in rows for name in names)]


def missing_parts(standard: Standard) -> list[str]:
    """What a standard lacks before it can be published, in words."""
    missing = []
    if not standard.criteria.exists():
        missing.append("没有认定条件")
    if not standard.slots.filter(is_enabled=True).exists():
        missing.append("没有启用的帮扶力量")
    if not standard.milestones.exists():
        missing.append("没有进度节点")
    slots = set(standard.slots.values_list("key", flat=True))
    unknown = [f.slot_key for f in standard.frequencies.all() if f.slot_key not in slots]
    if unknown:
        missing.append(f"走访频次用了没有的配置代号：{'、'.join(unknown)}")
    return missing


def claim_draft(standard: Standard) -> None:
    """Take the next version of a draft as it was read, or raise Conflict."""
    draft = Standard.objects.filter(
        pk=standard.pk, status=Standard.Status.DRAFT, version=standard.version
    )
    if not draft.update(version=F("version") + 1):
        raise Conflict("该标准刚被他人修改或已经发布，请刷新后再看；已发布的标准不能再改")
    standard.version += 1


def _may_edit(by: User, district_code: str) -> None:
    if not by.can(Permission.STANDARD_EDIT):
        raise NotAllowed("标准由区委组织部编制")
    if by.district_code != district_code:
        raise NotAllowed("只能编制本区县的标准")


def _check_revision(source: Standard, reason: str) -> None:
    if not source.is_frozen:
        raise DomainError("该标准还没有发布，直接修改即可，不用复制为新版")
    if not reason.strip():
        raise DomainError("复制为新版要写明修订原因")


def _create(**fields: Any) -> Standard:
    try:
        with transaction.atomic():
            return Standard.objects.create(**fields)
    except IntegrityError as error:
        raise Conflict("同一年度的标准刚由他人建立，请刷新后再看") from error


def _lines_of(source: Standard) -> dict[str, Any]:
    fields = [field for field in Standard._meta.concrete_fields if field.name not in OWN_FIELDS]
    return {field.name: getattr(source, field.attname) for field in fields}


def _rows_of(source: Standard, part: str) -> list[dict[str, Any]]:
    skip = {"id", "standard"}
    fields = [field for field in PARTS[part]._meta.concrete_fields if field.name not in skip]
    rows = getattr(source, part).all()
    return [{field.attname: getattr(row, field.attname) for field in fields} for row in rows]


def _add_parts(standard: Standard, rows: Mapping[str, Iterable[dict[str, Any]]]) -> None:
    for part, model in PARTS.items():
        made = []
        for number, values in enumerate(rows[part], start=1):
            extra = {"number": number} if part in NUMBERED else {}
            made.append(model(standard=standard, **{**extra, **values}))
        model.objects.bulk_create(made)
