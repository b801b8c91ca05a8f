"""Figures of cases: where they stand, what came of them, of which categories, in which years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear

from dashboards.selectors.definitions import DEFINITIONS
from dashboards.selectors.figures import (
    CASES,
    SCREENINGS,
    VACANCIES,
    Chart,
    Figure,
    Line,
    list_address,
)
from rectification.choices import (
    DESIGNATED_STATUSES,
    TRANSFORMED_STATUSES,
    CaseStatus,
    ScreeningOutcome,
)
from rectification.models import Case, Category
from rectification.querysets.cases import carried_scope

if TYPE_CHECKING:
    from dashboards.selectors.figures import Records

S = CaseStatus
STAGES = (
    S.PROPOSED,
    S.DESIGNATED,
    S.RECTIFYING,
    S.APPLIED,
    S.INSPECTING,
    S.EXTENDED,
    S.TRANSFORMED,
    S.RELEASED,
)
APART = (S.RELAPSED, S.ENDED, S.DECLINED)
DESIGNATED = Q(designated_on__isnull=False, status__in=DESIGNATED_STATUSES)


def figure(key: str, value: int, address: str, label: str = "") -> Figure:
    return Figure(key, label or DEFINITIONS[key].label, value, address)


def count_by_status(records: Records) -> dict[str, int]:
    rows = records.cases_of_year.values_list("status").annotate(found=Count("pk"))
    return dict(rows)


def status_figure(records: Records, counts: dict[str, int], status: CaseStatus) -> Figure:
    address = records.address(CASES, status=status.value)
    return figure(f"status_{status.value}", counts.get(status.value, 0), address)


def stages(records: Records) -> Chart:
    """Where each village stands now, from 待审定 to 已出列; what left the way stands apart."""
    counts = count_by_status(records)
    lines = [
        Line(status.label, [status_figure(records, counts, status)], "另列" * (status in APART))
        for status in (*STAGES, *APART)
    ]
    return Chart(
        "stages",
        "各村走到了哪一步",
        "bar_across",
        "现在的状态",
        ["村数"],
        lines,
        "已反弹、已终止、未认定的不在整顿的路上，另列在后。",
    )


def outcomes(records: Records) -> list[Figure]:
    """认定, 整顿期间, 明显提升, 转化, 反弹: the five numbers of cases, each apart."""
    rows = records.cases_of_year
    counts = rows.aggregate(
        designated=Count("pk", filter=DESIGNATED),
        working=Count("pk", filter=Q(pk__in=rows.working().values("pk"))),
        improved=Count("pk", filter=Q(pk__in=rows.still_improved(records.day).values("pk"))),
        transformed=Count("pk", filter=Q(status__in=TRANSFORMED_STATUSES)),
    )
    filters: dict[str, dict[str, str | int]] = {
        "designated": {"status": "ever_designated"},
        "working": {"status": "working"},
        "improved": {"improved": 1},
        "transformed": {"status": "ever_transformed"},
    }
    found = [
        figure(key, counts[key], records.address(CASES, **asked)) for key, asked in filters.items()
    ]
    return [*found, relapses(records)]


def relapses(records: Records) -> Figure:
    """反弹 in the year of the round, whichever round the case was of; without a year all."""
    if not records.year:
        return figure("relapsed", records.cases.relapsed().count(), list_address(CASES, relapsed=1))
    value = records.cases.filter(relapsed_on__year=records.year).count()
    return figure("relapsed_in", value, list_address(CASES, relapsed_in=records.year))


def screening(records: Records) -> list[Figure]:
    """Where the screening of the round stands: villages to look at, not yet looked at, listed."""
    if not records.year:
        return []
    counts = records.screenings.filter(round__year=records.year).aggregate(
        all=Count("pk"),
        left=Count("pk", filter=Q(outcome="")),
        listed=Count("pk", filter=Q(outcome=ScreeningOutcome.LISTED)),
    )
    return [
        figure("to_screen", counts["all"], records.address(SCREENINGS)),
        figure("unscreened", counts["left"], records.address(SCREENINGS, outcome="none")),
        figure("screened_in", counts["listed"], records.address(SCREENINGS, outcome="listed")),
    ]


def origins(records: Records) -> list[Figure]:
    """Of the cases of a round: those proposed in it, and those that went on into it (续整)."""
    if not records.year:
        return []
    counts = records.cases.aggregate(
        new=Count("pk", filter=DESIGNATED & Q(round__year=records.year)),
        carried=Count("pk", filter=DESIGNATED & carried_scope(records.year)),
    )
    asked: dict[str, Any] = {"status": "ever_designated"}
    return [
        figure("listed_in", counts["new"], list_address(CASES, **asked, listed_in=records.year)),
        figure(
            "carried", counts["carried"], list_address(CASES, **asked, carried_into=records.year)
        ),
    ]


def concerns(records: Records) -> list[Figure]:
    """Villages that ask for a look: late, without their people, look-backs owed."""
    rows, day = records.cases_of_year, records.day
    late = records.cases.owing_look_back(day, only_late=True)
    month = records.cases.owing_look_back(day)
    counts = records.cases.aggregate(
        overdue_cases=Count("pk", filter=Q(pk__in=rows.overdue(day).values("pk"))),
        missing_slots=Count("pk", filter=Q(pk__in=rows.missing_slots().values("pk"))),
        look_backs_month=Count("pk", filter=Q(pk__in=month.values("pk"))),
        look_backs_late=Count("pk", filter=Q(pk__in=late.values("pk"))),
    )
    addresses = {
        "overdue_cases": records.address(CASES, overdue=1),
        "missing_slots": records.address(VACANCIES),
        "look_backs_month": list_address(CASES, look_back="month"),
        "look_backs_late": list_address(CASES, look_back="late"),
    }
    return [figure(key, counts[key], address) for key, address in addresses.items()]


def categories(records: Records) -> Chart:
    """Per category: villages of which it is the main one, and villages it touches at all."""
    rows = records.cases_of_year.filter(DESIGNATED)
    main = dict(rows.values_list("main_category").annotate(found=Count("pk")))
    links = Case.further_categories.through.objects.filter(case__in=rows)
    links = links.exclude(category=F("case__main_category"))
    further = dict(links.values_list("category").annotate(found=Count("pk")))
    lines = []
    for item in Category.objects.order_by("code"):
        asked = {"status": "ever_designated"}
        of_main = records.address(CASES, **asked, main_category=item.pk)
        of_any = records.address(CASES, **asked, category=item.pk)
        any_count = main.get(item.pk, 0) + further.get(item.pk, 0)
        figures = [
            figure("main_category", main.get(item.pk, 0), of_main),
            figure("any_category", any_count, of_any),
        ]
        lines.append(Line(item.short_name, figures, item.name))
    return Chart(
        "categories",
        "哪几类问题的村最多",
        "bars_across",
        "类型",
        ["作为主要类型", "涉及的村"],
        lines,
        "一个村只有一个主要类型，可以另有其他类型；按十类的固定次序排列。",
    )


def trend(records: Records) -> Chart:
    """Per year: designated, transformed, relapsed. The same in every choice of round."""
    fields = {"designated_in": "designated_on", "transformed_in": "transformed_on"}
    fields["relapsed_in"] = "relapsed_on"
    counts = {key: _by_year(records, key, name) for key, name in fields.items()}
    known = sorted({year for found in counts.values() for year in found})
    years = range(known[0], known[-1] + 1) if known else []
    lines = [
        Line(
            f"{year} 年",
            [
                figure(key, counts[key].get(year, 0), list_address(CASES, **{key: year}))
                for key in fields
            ],
        )
        for year in years
    ]
    heads = ["认定", "转化", "反弹"]
    return Chart("trend", "一年比一年多了还是少了", "lines", "年度", heads, lines)


def _by_year(records: Records, key: str, name: str) -> dict[int, int]:
    rows = records.cases.filter(DESIGNATED) if key == "designated_in" else records.cases
    years = rows.filter(**{f"{name}__isnull": False}).annotate(in_year=ExtractYear(name))
    return dict(years.values_list("in_year").annotate(found=Count("pk")))
