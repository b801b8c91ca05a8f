"""What the parts of the demo share: the day, the dice, and what earlier parts have made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo.names import Persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from divisions.models import Division
    from rectification.models import Cadre, Category, Measure, Round, Standard
    from villages.models import Village

SEED = 20140328
FIRST_YEAR = 2005
CUT_OFF = date(2014, 11, 30)
# The term was three years up to 2018 and five years after it.
ELECTIONS = (
    date(2004, 4, 15),
    date(2007, 4, 15),
    date(2010, 4, 15),
    date(2013, 4, 15),
    date(2016, 4, 15),
    date(2018, 11, 20),
)
FIRST_OF_FIVE = date(2021, 3, 10)


@dataclass
class Staff:
    """Cadres of one span of years, by what they can be asked for."""

    leaders: list[Cadre] = field(default_factory=list)
    township: dict[str, list[Cadre]] = field(default_factory=dict)
    first_secretaries: list[Cadre] = field(default_factory=list)
    liaisons: list[Cadre] = field(default_factory=list)
    inspectors: list[Cadre] = field(default_factory=list)


@dataclass
class World:
    """The fictional district as it grows."""

    today: date
    rng: Random
    persons: Persons
    district: Division
    townships: list[Division] = field(default_factory=list)
    villages: dict[str, list[Village]] = field(default_factory=dict)
    communities: list[Village] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    rounds: dict[int, Round] = field(default_factory=dict)
    standards: dict[int, Standard] = field(default_factory=dict)
    staff_then: Staff = field(default_factory=Staff)
    staff_now: Staff = field(default_factory=Staff)
    # Villages that a round already used; a village is used once, save for wanted relapses.
    taken: set[int] = field(default_factory=set)
    cases: int = 0

    @property
    def office(self) -> User:
        return self.users["office1"]

    @property
    def second_office(self) -> User:
        """The second office account: what one drafted, the other approves."""
        return self.users["office2"]

    def township_user(self, village: Village) -> User:
        """The account of the Party secretary of a village's township."""
        number = [division.code for division in self.townships].index(village.township_id) + 1
        return self.users[f"township{number}"]

    def staff_on(self, day: date) -> Staff:
        """The cadres in post on a day."""
        return self.staff_then if day < CHANGE_OF_STAFF else self.staff_now

    def all_villages(self) -> list[Village]:
        return [village for rows in self.villages.values() for village in rows]

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def free_village(self, township: int) -> Village:
        """The next village of a township (by its place in the list) that no case has used."""
        rows = self.villages[self.townships[township].code]
        village = next(row for row in rows if row.pk not in self.taken)
        self.taken.add(village.pk)
        return village


CHANGE_OF_STAFF = date(2018, 12, 1)


def elections_until(day: date) -> list[date]:
    """The days of general village elections up to a day."""
    days = [held for held in ELECTIONS if held <= day]
    year = FIRST_OF_FIVE.year
    while FIRST_OF_FIVE.replace(year=year) <= day:
        days.append(FIRST_OF_FIVE.replace(year=year))
        year += 5
    return days


def next_election(day: date) -> date:
    """The first general election after a day."""
    year = FIRST_OF_FIVE.year
    while FIRST_OF_FIVE.replace(year=year) <= day:
        year += 5
    return FIRST_OF_FIVE.replace(year=year)


def make_world(district: Division) -> World:
    """Begin a world: the same seed and the same day give the same data."""
    rng = Random(SEED)  # noqa: S311 - invented data, nothing secret
    return World(today=clock.today(), rng=rng, persons=Persons(rng), district=district)


def pick(rng: Random, options: Sequence[str], weights: Sequence[int]) -> str:
    """Choose one of several options by their weights."""
    return rng.choices(options, weights)[0]
