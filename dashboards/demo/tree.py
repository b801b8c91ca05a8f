"""The fictional province, city and districts with their townships, villages and communities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from dashboards.demo import names
from dashboards.demo.world import FIRST_OF_FIVE, World, make_world, next_election
from divisions.codes import VillageKind, read_code
from divisions.models import Division
from villages.models import Village

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_VILLAGE, FIRST_COMMUNITY = 200, 1
# Townships whose villages vote within twelve months, so that the warning has something to show.
EARLY_VOTERS = {"990101102000", "990101202000"}
FOUNDED = date(2004, 1, 1)


def make_tree() -> World:
    """Create the divisions and villages of both districts; return the world of the first."""
    units = (names.PROVINCE, names.CITY, names.DISTRICT, names.NEIGHBOUR)
    towns = (*names.TOWNSHIPS, names.NEIGHBOUR_TOWNSHIP)
    made = {code: make_division(code, name) for code, name in (*units, *towns)}
    world = make_world(made[names.DISTRICT[0]])
    world.townships = [made[code] for code, _ in names.TOWNSHIPS]
    stems = iter(names.STEMS)
    villages = [
        row
        for township, count in zip(world.townships, names.VILLAGE_COUNTS, strict=True)
        for row in make_villages(world, township, count, stems)
    ]
    communities = [
        row
        for township, count in zip(world.townships, names.COMMUNITY_COUNTS, strict=False)
        for row in make_communities(township, count, stems)
    ]
    neighbour = made[names.NEIGHBOUR_TOWNSHIP[0]]
    others = make_villages(world, neighbour, names.NEIGHBOUR_VILLAGES, stems)
    Village.objects.bulk_create([*villages, *communities, *others])
    for village in villages:
        world.villages.setdefault(village.township_id, []).append(village)
    world.communities = communities
    return world


def make_division(code: str, name: str) -> Division:
    info = read_code(code)
    return Division.objects.create(
        code=code,
        name=name,
        level=info.level,
        parent_id=info.parent or None,
        valid_from=FOUNDED,
    )


def make_villages(
    world: World, township: Division, count: int, stems: Iterator[str]
) -> list[Village]:
    votes_on = next_election(world.today)
    if township.code in EARLY_VOTERS:
        votes_on = world.today + timedelta(days=200)
    return [
        Village(
            code=f"{township.code[:9]}{FIRST_VILLAGE + number}",
            name=f"{next(stems)}村委会",
            township=township,
            kind=VillageKind.VILLAGE,
            next_election_on=votes_on,
            valid_from=FOUNDED,
        )
        for number in range(count)
    ]


def make_communities(township: Division, count: int, stems: Iterator[str]) -> list[Village]:
    return [
        Village(
            code=f"{township.code[:9]}{FIRST_COMMUNITY + number:03}",
            name=f"{next(stems)}社区居委会",
            township=township,
            kind=VillageKind.COMMUNITY,
            valid_from=FIRST_OF_FIVE,
        )
        for number in range(count)
    ]
