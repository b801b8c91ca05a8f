"""党群治弱、政法治乱、经济治穷: who suits what is wrong. A suggestion; the office decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from rectification.choices import HelpField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rectification.models import Case

# Words in the name of a unit that tell its field; the first field that fits is taken.
UNIT_WORDS: dict[HelpField, tuple[str, ...]] = {
    HelpField.LAW: ("政法", "公安", "司法", "法院", "检察", "信访"),
    HelpField.ECONOMY: (
        "财政", "农业", "水务", "交通", "发改", "发展改革", "商务", "市场监管", "自然资源",
        "经济", "经信", "文化和旅游", "文旅", "国资", "乡村振兴", "银行", "税务", "审计",
    ),
    HelpField.PARTY: (
        "组织部", "宣传", "统战", "纪委", "区委", "县委", "市委", "党校", "工会", "团委",
        "妇联", "人大", "政协", "机关工委",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that the causes of a case's open problems ask for, and how many of them do."""

    field: HelpField
    problems: int
    units: tuple[str, ...] = ()


def field_of(unit: str) -> HelpField | None:
    """The field of a unit by its name, where the name tells it."""
    for kind, words in UNIT_WORDS.items():
        if any(word in unit for word in words):
            return kind
    return None


def wanted_for(case: Case, units: Iterable[str] = ()) -> list[Wanted]:
    """The fields a case's open problems ask for, most problems first, with units that suit."""
    rows = case.problems.unfinished().exclude(cause=None).order_by()
    counts = rows.values_list("cause__help_field").annotate(found=Count("pk"))
    known = sorted(set(units))
    return [
        Wanted(HelpField(field), found, tuple(unit for unit in known if field_of(unit) == field))
        for field, found in sorted(counts, key=lambda row: (-row[1], row[0]))
    ]
