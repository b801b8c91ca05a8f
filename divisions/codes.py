"""The 12-digit statistical division code (统计用区划代码): its parts, checked.

Source: National Bureau of Statistics, rules for the codes used in statistics: 2 digits province,
2 city, 2 county, 3 township, 3 village; trailing zeros mark the level above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import models

CODE = re.compile(r"[1-9]\d{11}", re.ASCII)
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)


class Level(models.IntegerChoices):
    PROVINCE = 1, "省级"
    CITY = 2, "市级"
    COUNTY = 3, "县级"
    TOWNSHIP = 4, "乡级"
    VILLAGE = 5, "村级"


class VillageKind(models.TextChoices):
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"


class CodeError(ValueError):
    """A code that cannot be one; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """What a code says of itself: its level and the unit above (empty for a province)."""

    code: str
    level: Level
    parent: str


# Where each level's part of the code stands, from the village up.
PARTS = (
    (Level.VILLAGE, 9, 12),
    (Level.TOWNSHIP, 6, 9),
    (Level.COUNTY, 4, 6),
    (Level.CITY, 2, 4),
    (Level.PROVINCE, 0, 2),
)


def read_code(code: str) -> CodeInfo:
    """Check a 12-digit code and derive level and parent, or raise CodeError.

    A township whose county part is ``00`` hangs directly on its city (东莞, 中山, 儋州).
    """
    _check_digits(code)
    level, start = next((level, start) for level, start, end in PARTS if int(code[start:end]))
    if level == Level.VILLAGE and code[6:9] == "000":
        raise CodeError(f"代码“{code}”有村级部分却没有乡级部分（第 7—9 位为 000），请核对后改正")
    if level >= Level.COUNTY and code[2:4] == "00":
        raise CodeError(
            f"代码“{code}”有{level.label}部分却没有市级部分（第 3—4 位为 00），请核对后改正"
        )
    if level == Level.TOWNSHIP and code[4:6] == "00":
        start = 4
    return CodeInfo(code, level, code[:start].ljust(12, "0") if start else "")


def _check_digits(code: str) -> None:
    if SCIENTIFIC.fullmatch(code):
        raise CodeError(
            f"代码显示为“{code}”，是 Excel 把代码当成了数字并丢了位数；"
            "请把该列设为“文本”格式后重新填写 12 位代码"
        )
    if not code.isascii() or not code.isdigit():
        raise CodeError(f"代码“{code}”含有数字以外的字符，请改成 12 位数字")
    if len(code) != 12:
        raise CodeError(f"代码“{code}”有 {len(code)} 位，应为 12 位，请核对后补齐或改正")
    if not CODE.fullmatch(code):
        raise CodeError(f"代码“{code}”不能以 0 开头，请核对后改正")


def village_kind(code: str) -> VillageKind:
    """Tell 村 from 社区 by the last three digits: 001-199 and 400-499 are communities."""
    serial = int(code[9:12])
    if serial < 200 or 400 <= serial < 500:
        return VillageKind.COMMUNITY
    return VillageKind.VILLAGE


def code_range(code: str) -> tuple[str, str]:
    """Return the first and last code under a unit, itself included: a range an index can use."""
    stem = code
    for width, zeros in ((2, 10), (4, 8), (6, 6), (9, 3)):
        if code.endswith("0" * zeros):
            stem = code[:width]
            break
    return stem.ljust(12, "0"), stem.ljust(12, "9")
