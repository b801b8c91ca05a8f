"""The figures of the founding report (调研报告), counted from the records as of a day.

Each figure has its definition, the number the report gives, the number found and its rows.
``verify_figures`` and the page 数据核对 show the same list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from dashboards.trajectory import Trajectory, trajectories
from rectification.choices import Progress
from surveys.choices import TALKS, RecordKind
from villages.models import SecretaryTerm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rectification.models import Case, StageAssessment
    from rectification.querysets import CaseQuerySet, CaseRowQuerySet
    from surveys.models import SurveyRecord
    from surveys.querysets import SurveyRecordQuerySet

YEAR = 2014
LISTED_FROM, LISTED_TO = date(2014, 3, 1), date(2014, 3, 31)
AS_OF = date(2014, 11, 30)
DISUNITED, UNDISCLOSED = "C03", "C07"


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a figure: what it is, its page, and what makes it count."""

    title: str
    link: str
    detail: str
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Spec:
    """A figure as the report gives it."""

    key: str
    group: str
    name: str
    definition: str
    expected: int
    lines: Callable[[Records], list[Line]]
    is_at_least: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what was found."""

    spec: Spec
    found: int
    lines: list[Line]

    @property
    def expected_words(self) -> str:
        """The report's number in words: 29, or 多于 50."""
        return (
            f"多于 {self.spec.expected - 1}" if self.spec.is_at_least else str(self.spec.expected)
        )

    @property
    def is_met(self) -> bool:
        if self.spec.is_at_least:
            return self.found >= self.spec.expected
        return self.found == self.spec.expected


class Records:
    """The records a report is counted from; each query runs once."""

    def __init__(
        self,
        cases: CaseQuerySet,
        surveys: SurveyRecordQuerySet,
        assessments: CaseRowQuerySet,
        as_of: date = AS_OF,
    ) -> None:
        self.as_of = as_of
        self._cases = cases
        self._assessments = assessments
        self.surveys = surveys.filter(held_on__lte=as_of)

    @cached_property
    def listed(self) -> list[Case]:
        """The cases that were designated in the month of the report."""
        rows = self._cases.designated().filter(designated_on__range=(LISTED_FROM, LISTED_TO))
        return list(
            rows.for_list().prefetch_related("further_categories").order_by("village__code")
        )

    @cached_property
    def terms(self) -> dict[int, list[SecretaryTerm]]:
        """The secretaries of the listed villages, by village, in order."""
        found: dict[int, list[SecretaryTerm]] = {}
        villages = [case.village_id for case in self.listed]
        for term in SecretaryTerm.objects.filter(village__in=villages).order_by("started_on"):
            found.setdefault(term.village_id, []).append(term)
        return found

    def secretary(self, case: Case, day: date) -> SecretaryTerm | None:
        """Who was secretary on a day; on a day of change, the one who came."""
        running = [
            term
            for term in self.terms.get(case.village_id, [])
            if term.started_on <= day and (term.ended_on is None or term.ended_on > day)
        ]
        return running[-1] if running else None

    def first_secretary(self, case: Case) -> SecretaryTerm | None:
        """The secretary on the day of designation."""
        return self.secretary(case, case.designated_on) if case.designated_on else None

    @cached_property
    def latest_progress(self) -> dict[int, StageAssessment]:
        """The last stage assessment of each case up to the day."""
        rows = self._assessments.filter(
            case__in=[case.pk for case in self.listed], assessed_on__lte=self.as_of
        )
        return {row.case_id: row for row in rows.order_by("assessed_on", "pk")}

    @cached_property
    def paths(self) -> dict[int, Trajectory]:
        return trajectories([case.village_id for case in self.listed], self.as_of)


def transformed(records: Records, case: Case) -> bool:
    """Whether a case counted as 转化 on the day."""
    return case.transformed_on is not None and case.transformed_on <= records.as_of


# --- the rows behind each figure ------------------------------------------------------------------


def words(day: date | None) -> str:
    return f"{day:%Y年%-m月%-d日}" if day else ""


def case_line(case: Case, detail: str) -> Line:
    village = case.village
    return Line(f"{village.township}{village}", case.get_absolute_url(), detail)


def listed(records: Records) -> list[Line]:
    return [
        case_line(case, f"{words(case.designated_on)}认定，{case.minutes_no}")
        for case in records.listed
    ]


def of_category(code: str) -> Callable[[Records], list[Line]]:
    """Cases with a category, main or further."""

    def lines(records: Records) -> list[Line]:
        found = []
        for case in records.listed:
            if case.main_category_id == code:
                found.append(case_line(case, "主要类型"))
            elif code in {category.pk for category in case.further_categories.all()}:
                found.append(case_line(case, "其他类型"))
        return found

    return lines


def of_secretary(test: Callable[[SecretaryTerm], bool]) -> Callable[[Records], list[Line]]:
    """Cases whose secretary on the day of designation passes a test."""

    def lines(records: Records) -> list[Line]:
        pairs = ((case, records.first_secretary(case)) for case in records.listed)
        return [
            case_line(case, f"书记{term.name}，任前{term.get_occupation_before_display()}")
            for case, term in pairs
            if term and test(term)
        ]

    return lines


def replaced(records: Records) -> list[Line]:
    found = []
    for case in records.listed:
        before, after = records.first_secretary(case), records.secretary(case, records.as_of)
        if before and after and before.pk != after.pk:
            who = f"{before.name} → {after.name}（{after.get_chosen_by_display()}）"
            found.append(case_line(case, f"{words(after.started_on)}调整：{who}"))
    return found


def turned_round(records: Records) -> list[Line]:
    return [
        case_line(case, f"{words(case.transformed_on)}验收合格")
        for case in records.listed
        if transformed(records, case)
    ]


def improved(records: Records) -> list[Line]:
    found = []
    for case in records.listed:
        last = records.latest_progress.get(case.pk)
        if last and last.result == Progress.CLEAR and not transformed(records, case):
            found.append(case_line(case, f"{words(last.assessed_on)}评估，{last.meeting}"))
    return found


def of_path(path: Trajectory) -> Callable[[Records], list[Line]]:
    """Cases whose village went a path over ten years."""

    def lines(records: Records) -> list[Line]:
        cases = (case for case in records.listed if records.paths[case.village_id] == path)
        return [case_line(case, str(path.label)) for case in cases]

    return lines


def of_records(
    kinds: Iterable[str], amount: Callable[[SurveyRecord], int]
) -> Callable[[Records], list[Line]]:
    """Survey records of some kinds, each with what it adds to the figure."""

    def lines(records: Records) -> list[Line]:
        rows = records.surveys.filter(kind__in=kinds).for_list().order_by("held_on", "pk")
        return [
            Line(
                f"{words(row.held_on)} {row.place} {row.topic}",
                row.get_absolute_url(),
                f"{row.people} 人" if row.is_talk else f"收回 {row.returned} 份",
                amount(row),
            )
            for row in rows
        ]

    return lines


FARMING = SecretaryTerm.Occupation.FARMING
ON_LIST, SECRETARIES, RESULTS = "认定情况", "书记情况", "整顿成效"
TEN_YEARS, SURVEYS = "近十年变化", "调研情况"
SPECS: tuple[Spec, ...] = (
    Spec(
        "designated",
        ON_LIST,
        "2014 年 3 月认定的软弱涣散村党组织",
        "本轮认定日期（常委会）在 2014 年 3 月的整顿档案",
        29,
        listed,
    ),
    Spec(
        "disunited",
        ON_LIST,
        "班子不团结、内耗严重",
        "其中主要类型或其他类型含“班子不团结、内耗严重”（C03）的",
        13,
        of_category(DISUNITED),
    ),
    Spec(
        "undisclosed",
        ON_LIST,
        "村务财务公开和民主管理混乱",
        "其中主要类型或其他类型含“村务财务公开和民主管理混乱”（C07）的",
        10,
        of_category(UNDISCLOSED),
    ),
    Spec(
        "secretaries",
        SECRETARIES,
        "认定当日有书记在任",
        "其中认定当日书记任期在任的村",
        29,
        of_secretary(lambda term: True),
    ),
    Spec(
        "farming",
        SECRETARIES,
        "书记任前主要务农",
        "其中认定当日在任书记“任前主要从事”为务农的",
        18,
        of_secretary(lambda term: term.occupation_before == FARMING),
    ),
    Spec(
        "elsewhere",
        SECRETARIES,
        "书记走读（不住本村）",
        "其中认定当日在任书记“走读”为是的",
        6,
        of_secretary(lambda term: bool(term.lives_elsewhere)),
    ),
    Spec(
        "replaced",
        SECRETARIES,
        "调整了书记",
        "其中认定当日的书记在截止日已不在任、并有继任者在任的",
        7,
        replaced,
    ),
    Spec(
        "transformed",
        RESULTS,
        "转化",
        "其中转化日期（验收合格审定）不晚于截止日的",
        8,
        turned_round,
    ),
    Spec(
        "improved",
        RESULTS,
        "明显提升（尚未转化）",
        "其中截止日前最近一次阶段评估为“明显提升”、且截止日尚未转化的",
        21,
        improved,
    ),
    Spec(
        "turned",
        TEN_YEARS,
        "由好变差",
        "2005—2014 年先不差、后一直差到截止日；年度评价为差或当年被认定按差计",
        11,
        of_path(Trajectory.TURNED),
    ),
    Spec(
        "relapsed",
        TEN_YEARS,
        "转化后又变差（反复）",
        "2005—2014 年先差、中间不差、最后又差",
        8,
        of_path(Trajectory.RELAPSED),
    ),
    Spec(
        "always",
        TEN_YEARS,
        "一直差",
        "2005—2014 年每年都差",
        10,
        of_path(Trajectory.ALWAYS),
    ),
    Spec(
        "seminars",
        SURVEYS,
        "座谈会（次）",
        "本轮截止日前的座谈会记录",
        51,
        of_records([RecordKind.SEMINAR], lambda row: 1),
        is_at_least=True,
    ),
    Spec(
        "people",
        SURVEYS,
        "面对面交流的党员群众（人）",
        "本轮截止日前座谈会和访谈的参加人数合计（人次）",
        401,
        of_records(TALKS, lambda row: row.people),
        is_at_least=True,
    ),
    Spec(
        "questionnaires",
        SURVEYS,
        "问卷（份）",
        "本轮截止日前收回的问卷份数合计",
        350,
        of_records([RecordKind.QUESTIONNAIRE], lambda row: row.returned or 0),
    ),
)


def figures(records: Records) -> list[Figure]:
    """All figures of the report, counted from the records."""
    found = []
    for spec in SPECS:
        lines = spec.lines(records)
        found.append(Figure(spec, sum(line.amount for line in lines), lines))
    return found
