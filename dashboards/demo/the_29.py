"""The 29 villages of March 2014: a row each, so that the report's figures can be counted by eye.

Columns: path over ten years, main category, further categories, secretary's occupation before,
lives elsewhere, replaced before the cut-off, transformed before the cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dashboards.demo.world import ELECTIONS, World
from villages.models import Rating, SecretaryTerm

if TYPE_CHECKING:
    from villages.models import Village

DESIGNATED_ON = date(2014, 3, 28)
TURNED, RELAPSED, ALWAYS = "turned", "relapsed", "always"
F, B, M, O = (  # noqa: E741 - columns of the table below
    SecretaryTerm.Occupation.FARMING,
    SecretaryTerm.Occupation.BUSINESS,
    SecretaryTerm.Occupation.MIGRANT,
    SecretaryTerm.Occupation.OTHER,
)
YES, NO = True, False

TABLE = (
    (TURNED, "C03", "C07", F, NO, YES, YES),
    (TURNED, "C03", "", F, NO, NO, NO),
    (TURNED, "C03", "C02", F, YES, YES, NO),
    (TURNED, "C03", "C05", B, NO, NO, YES),
    (TURNED, "C03", "C07", F, NO, NO, NO),
    (TURNED, "C02", "C03", F, YES, YES, YES),
    (TURNED, "C02", "", B, YES, NO, NO),
    (TURNED, "C07", "", F, NO, NO, YES),
    (TURNED, "C07", "C04", F, NO, NO, NO),
    (TURNED, "C05", "C03", M, NO, YES, YES),
    (TURNED, "C10", "", F, NO, NO, NO),
    (RELAPSED, "C03", "C07", F, NO, NO, NO),
    (RELAPSED, "C03", "", F, NO, YES, NO),
    (RELAPSED, "C07", "C10", O, NO, NO, YES),
    (RELAPSED, "C07", "", F, NO, NO, NO),
    (RELAPSED, "C02", "C03", F, YES, YES, YES),
    (RELAPSED, "C08", "", F, NO, NO, NO),
    (RELAPSED, "C04", "", B, YES, NO, YES),
    (RELAPSED, "C01", "C02", F, NO, YES, NO),
    (ALWAYS, "C03", "C08", F, NO, NO, NO),
    (ALWAYS, "C03", "C06", F, NO, NO, NO),
    (ALWAYS, "C06", "C03", O, NO, NO, NO),
    (ALWAYS, "C06", "", F, NO, NO, NO),
    (ALWAYS, "C06", "C08", M, NO, NO, NO),
    (ALWAYS, "C07", "C08", F, NO, NO, NO),
    (ALWAYS, "C07", "", B, YES, NO, NO),
    (ALWAYS, "C08", "C07", O, NO, NO, NO),
    (ALWAYS, "C08", "", M, NO, NO, NO),
    (ALWAYS, "C08", "C06", O, NO, NO, NO),
)
# How many of the 29 each township has: uneven, as real lists are.
BY_TOWNSHIP = (4, 1, 2, 0, 3, 2, 1, 3, 0, 2, 1, 2, 3, 1, 2, 2)
# The election after which a village that was good turned bad.
TURNING = (ELECTIONS[1], ELECTIONS[2], ELECTIONS[3])


@dataclass(frozen=True)
class Listed:
    """One of the 29."""

    village: Village
    path: str
    main: str
    further: str
    occupation: str
    lives_elsewhere: bool
    is_replaced: bool
    is_transformed: bool
    number: int
    turned_at: date = field(default=ELECTIONS[2])

    @property
    def changes(self) -> set[date]:
        """Elections at which the secretary changed, with the fortunes of the village."""
        if self.path == TURNED:
            return {self.turned_at}
        return {ELECTIONS[1], ELECTIONS[2]} if self.path == RELAPSED else set()

    def rating(self, year: int) -> str:
        """The yearly rating of the years before the round."""
        if self.path == ALWAYS:
            return Rating.BAD
        if self.path == RELAPSED:
            is_good = ELECTIONS[1].year < year <= ELECTIONS[2].year
            return Rating.MIDDLE if is_good else Rating.BAD
        if year < self.turned_at.year:
            return Rating.GOOD
        is_last = year == self.turned_at.year and year < ELECTIONS[3].year
        return Rating.MIDDLE if is_last else Rating.BAD


def choose(world: World) -> list[Listed]:
    """Lay the 29 over the villages of the townships."""
    places = [place for place, count in enumerate(BY_TOWNSHIP) for _ in range(count)]
    world.rng.shuffle(places)
    return [
        Listed(
            world.free_village(place), *row, number=number, turned_at=TURNING[number % len(TURNING)]
        )
        for number, (place, row) in enumerate(zip(places, TABLE, strict=True))
    ]
