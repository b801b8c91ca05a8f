"""Yearly village files: ratings alone up to 2013, everything from 2014 on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simple_history.utils import bulk_create_with_history

from core import clock
from dashboards.demo.world import FIRST_YEAR, World, pick
from rectification.models import Case
from villages.models import Degree, Rating, SecretaryTerm, VillageFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.demo.the_29 import Listed
    from villages.models import Village

FIRST_FULL_YEAR = 2014
FIRST_COMMUNITY_YEAR = 2021
POVERTY_ENDED = 2020
DISPUTES = (
    "旧村改造剩余地块归属",
    "集体林地流转期限",
    "沟渠用水次序",
    "机动地发包合同",
    "征地补偿款分配",
    "新老户福利待遇",
    "宅基地四至",
    "村办企业欠款",
)
AUDITS = ("大额支出未经民主程序", "合同管理不规范", "往来款长期挂账", "固定资产未登记")


@dataclass
class Base:
    """What hardly changes in a village from year to year."""

    households: int
    members: int
    posts: int
    farmland: Decimal
    income: int
    is_poor: bool
    has_place: bool
    area: int
    debt_share: int
    satisfaction: int
    clan: str
    director: str
    supervisor: str


def make_files(world: World, listed: list[Listed]) -> None:
    """Create a file for every village and year up to the current one."""
    weak = weak_years(world.today.year)
    heads = heads_of_both()
    of_village = {row.village.pk: row for row in listed}
    files: list[VillageFile] = []
    for village in world.all_villages():
        row = of_village.get(village.pk)
        files += early_files(world, village, row)
        mine = list(full_files(world, village, weak.get(village.pk, set()), FIRST_FULL_YEAR))
        for file in mine:
            file.director_name = heads.get((village.pk, file.year), file.director_name)
        files += mine
    for community in world.communities:
        files += full_files(world, community, set(), FIRST_COMMUNITY_YEAR)
    bulk_create_with_history(files, VillageFile, batch_size=500, default_change_reason="建档")


def heads_of_both() -> dict[tuple[int, int], str]:
    """By village and year: the secretary who was director as well at the year's end."""
    found: dict[tuple[int, int], str] = {}
    for term in SecretaryTerm.objects.filter(holds_both_posts=True):
        last = term.ended_on.year if term.ended_on else clock.today().year + 1
        for year in range(term.started_on.year, last):
            found[term.village_id, year] = term.name
    return found


def weak_years(this_year: int) -> dict[int, set[int]]:
    """The years in which each village was on the list and not yet transformed."""
    years: dict[int, set[int]] = {}
    for case in Case.objects.designated():
        last = case.transformed_on or case.ended_on
        until = max(case.designated_on.year, last.year - 1) if last else this_year  # type: ignore[union-attr]
        years.setdefault(case.village_id, set()).update(
            range(case.designated_on.year, until + 1)  # type: ignore[union-attr]
        )
    return years


def early_files(world: World, village: Village, row: Listed | None) -> Iterator[VillageFile]:
    """2005 to 2013: nothing but the rating is left in the old ledgers."""
    for year in range(FIRST_YEAR, FIRST_FULL_YEAR):
        rating = row.rating(year) if row else pick(world.rng, Rating.values, (62, 34, 4))
        yield VillageFile(village=village, year=year, rating=rating, entered_on=date(year, 12, 20))


def full_files(
    world: World, village: Village, weak: set[int], first_year: int
) -> Iterator[VillageFile]:
    base = make_base(world)
    for year in range(first_year, world.today.year):
        yield VillageFile(
            village=village,
            year=year,
            entered_on=date(year, 12, 10) + timedelta(days=world.rng.randrange(15)),
            rating=Rating.BAD if year in weak else pick(world.rng, Rating.values, (64, 34, 2)),
            **facts(world, base, year, is_weak=year in weak),
        )
    yield this_years_file(world, village, base, weak)


def this_years_file(world: World, village: Village, base: Base, weak: set[int]) -> VillageFile:
    """The file of the current year: filled in during this year, not yet rated."""
    year = world.today.year
    entered_on = max(date(year, 1, 1), world.ago(world.rng.randrange(20, 70)))
    return VillageFile(
        village=village, year=year, entered_on=entered_on, **facts(world, base, year, year in weak)
    )


def make_base(world: World) -> Base:
    rng = world.rng
    households = rng.randrange(90, 620)
    return Base(
        households=households,
        members=households // 9 + rng.randrange(12, 30),
        posts=rng.choice((5, 5, 5, 7)),
        farmland=Decimal(households * rng.randrange(18, 62)) / 10,
        income=rng.randrange(3, 140),
        is_poor=rng.randrange(100) < 8,
        has_place=rng.randrange(100) < 98,
        area=rng.randrange(90, 520),
        debt_share=rng.choice((0, 0, 0, 40, 90, 160)),
        satisfaction=rng.randrange(84, 97),
        clan=pick(rng, Degree.values, (78, 18, 4, 0)),
        director=world.persons.next(),
        supervisor=world.persons.next(),
    )


def facts(world: World, base: Base, year: int, is_weak: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        **people(world, base, year),
        **money_and_place(world, base, year),
        **governance(world, base, year, is_weak=is_weak),
        "director_name": base.director,
        "supervisor_name": base.supervisor,
        "posts": base.posts,
        "vacancies": world.rng.choice((0, 1, 2)) if is_weak else int(world.rng.random() < 0.08),
    }


def people(world: World, base: Base, year: int) -> dict[str, Any]:
    rng, grown = world.rng, year - FIRST_FULL_YEAR
    population = base.households * 27 // 10 - grown
    members = base.members + grown // 3
    migrants = population * rng.randrange(8, 30) // 100
    return {
        "households": base.households + grown // 2,
        "population": population,
        "residents": population - migrants,
        "migrants": migrants,
        "groups": max(2, base.households // 45),
        "farmland_mu": base.farmland,
        "is_poor_village": base.is_poor if year <= POVERTY_ENDED else False,
        "members": members,
        "members_female": members * 27 // 100,
        "members_under_35": members * 14 // 100,
        "members_over_60": members * 44 // 100,
        "members_over_70": members * 21 // 100,
        "members_mobile": members * rng.randrange(0, 9) // 100,
        "recruited_three_years": rng.randrange(0, 5),
    }


def money_and_place(world: World, base: Base, year: int) -> dict[str, Any]:
    grown = year - FIRST_FULL_YEAR
    income = Decimal(base.income * (100 + 6 * grown) * world.rng.randrange(85, 116)) / 10000
    return {
        "collective_income": income.quantize(Decimal("0.01")),
        "collective_assets": (income * 14).quantize(Decimal("0.01")),
        "collective_debts": (income * base.debt_share / 100).quantize(Decimal("0.01")),
        "has_activity_place": base.has_place,
        "activity_area": base.area if base.has_place else None,
        "activity_built_year": 2006 + base.area % 8 if base.has_place else None,
    }


def governance(world: World, base: Base, year: int, *, is_weak: bool) -> dict[str, Any]:
    rng = world.rng
    last_day = min(date(year, 12, 5), world.today)
    late = 150 if is_weak else 0
    petitions = rng.randrange(3, 12) if is_weak else rng.choice((0, 0, 0, 1, 1, 2))
    satisfaction = base.satisfaction - (28 if is_weak else 0)
    has_dispute = is_weak or rng.random() < 0.15
    return {
        "party_disclosed_on": last_day - timedelta(days=rng.randrange(5, 80)),
        "affairs_disclosed_on": last_day - timedelta(days=late + rng.randrange(5, 85)),
        "finance_disclosed_on": last_day - timedelta(days=late + rng.randrange(5, 88)),
        "petitions": petitions,
        "petitions_backlog": rng.randrange(0, 3) if is_weak else 0,
        "order_cases": rng.randrange(0, 5 if is_weak else 2),
        "satisfaction": Decimal(satisfaction * 10 + rng.randrange(-25, 30)) / 10,
        "dispute_topics": rng.choice(DISPUTES) if has_dispute else "",
        "audit_findings": rng.choice(AUDITS) if is_weak and rng.random() < 0.5 else "",
        "clan_influence": Degree.MARKED if is_weak and base.satisfaction < 88 else base.clan,
    }
