"""The parts of a yearly village file (村情档案, domain form F12): one order for page and form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file, its anchor and its fields."""

    slug: str
    title: str
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        "basics",
        "基本情况",
        (
            "households",
            "population",
            "residents",
            "migrants",
            "groups",
            "farmland_mu",
            "is_poor_village",
        ),
    ),
    Section(
        "posts",
        "“两委”班子",
        ("director_name", "supervisor_name", "posts", "vacancies"),
    ),
    Section(
        "members",
        "党员队伍",
        (
            "members",
            "members_female",
            "members_under_35",
            "members_over_60",
            "members_over_70",
            "members_mobile",
            "recruited_three_years",
        ),
    ),
    Section(
        "economy",
        "集体经济和阵地",
        (
            "collective_income",
            "collective_assets",
            "collective_debts",
            "has_activity_place",
            "activity_area",
            "activity_built_year",
        ),
    ),
    Section(
        "governance",
        "村级治理",
        (
            "party_disclosed_on",
            "affairs_disclosed_on",
            "finance_disclosed_on",
            "petitions",
            "petitions_backlog",
            "order_cases",
            "satisfaction",
            "dispute_topics",
            "audit_findings",
            "clan_influence",
            "rating",
        ),
    ),
)
FILE_FIELDS = tuple(name for section in SECTIONS for name in section.fields)
