"""The national file of divisions, or one of the same size and shape where it is not at hand."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 665_271
PROVINCES, CITIES, COUNTIES, TOWNSHIPS = 31, 342, 2_975, 41_351
CITIES_WITHOUT_COUNTIES = 3  # their towns hang on the city, as in 东莞, 中山 and 儋州
VILLAGES = ROWS - PROVINCES - CITIES - COUNTIES - TOWNSHIPS


def national_file(folder: Path) -> Path:
    """Return the file that NATIONAL_DIVISIONS names, else write an equal one into a folder."""
    named = os.environ.get("NATIONAL_DIVISIONS", "")
    if named and Path(named).is_file():
        return Path(named)
    path = folder / "divisions-generated.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as out:
        writer = csv.writer(out)
        writer.writerow(["code", "name"])
        writer.writerows(national_rows())
    return path


def national_rows() -> Iterator[tuple[str, str]]:
    """Yield the same rows each time, in the order of the codes."""
    provinces = [str(number) for number in range(11, 11 + PROVINCES)]
    cities = list(_under(provinces, CITIES, 2))
    with_counties = cities[:-CITIES_WITHOUT_COUNTIES]
    counties = list(_under(with_counties, COUNTIES, 2))
    bare = [f"{city}00" for city in cities[-CITIES_WITHOUT_COUNTIES:]]
    townships = list(_under(counties + bare, TOWNSHIPS, 3))
    villages = _under(townships, VILLAGES, 3)
    names = ((provinces, "省"), (cities, "市"), (counties, "县"), (townships, "镇"))
    for codes, kind in names:
        yield from ((code.ljust(12, "0"), f"{kind}{code}") for code in codes)
    yield from ((code, f"第{code[6:]}村委会") for code in villages)


def _under(above: list[str], total: int, width: int) -> Iterator[str]:
    """Spread a number of units over those above as evenly as it goes."""
    each, rest = divmod(total, len(above))
    for index, code in enumerate(above):
        for serial in range(1, each + (index < rest) + 1):
            yield f"{code}{serial:0{width}d}"
