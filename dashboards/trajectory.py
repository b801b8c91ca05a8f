"""The path of a village over ten years: one rule for the report, pages and exports.

A year counts as bad when the yearly file rates it 差, or when the village was listed in it.
好 and 中 are not bad. Years in a row that are alike make one stretch:

* 一直差: one stretch, bad;
* 由好变差: first not bad, then bad to the end;
* 反复: bad to the end after having been bad, then not bad (bad, good, bad again).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db import models

from rectification.models import Case
from villages.models import Rating, VillageFile

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

YEARS = 10


class Trajectory(models.TextChoices):
    TURNED = "turned", "由好变差"
    RELAPSED = "relapsed", "转化后又变差（反复）"
    ALWAYS = "always", "一直差"
    OTHER = "other", "其他"
    UNKNOWN = "unknown", "资料不全"


def classify(bad_by_year: Sequence[bool | None]) -> Trajectory:
    """Name the path of a village from its years, oldest first; None is a year without record."""
    if None in bad_by_year:
        return Trajectory.UNKNOWN
    stretches = [is_bad for is_bad, _ in groupby(bad_by_year)]
    if stretches == [True]:
        return Trajectory.ALWAYS
    if stretches == [False, True]:
        return Trajectory.TURNED
    if stretches[-1:] == [True] and len(stretches) > 2:
        return Trajectory.RELAPSED
    return Trajectory.OTHER


def trajectories(village_ids: Collection[int], as_of: date) -> dict[int, Trajectory]:
    """The paths of villages over the ten years that end with a day."""
    years = range(as_of.year - YEARS + 1, as_of.year + 1)
    known: dict[tuple[int, int], bool] = {}
    files = VillageFile.objects.filter(village__in=village_ids, year__in=years).exclude(rating="")
    rated = files.filter(models.Q(entered_on=None) | models.Q(entered_on__lte=as_of))
    for village_id, year, rating in rated.values_list("village_id", "year", "rating"):
        known[village_id, year] = rating == Rating.BAD
    listed = Case.objects.designated().filter(
        village__in=village_ids, designated_on__year__in=years, designated_on__lte=as_of
    )
    for village_id, day in listed.values_list("village_id", "designated_on"):
        if day is not None:
            known[village_id, day.year] = True
    return {pk: classify([known.get((pk, year)) for year in years]) for pk in village_ids}
