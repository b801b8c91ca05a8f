"""What pages derive from cases and store nowhere: hints of relapse, the strip, causes compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.roles import Permission
from core import clock
from rectification.choices import CaseStatus, SignalKind
from rectification.models import Problem
from rectification.services.dates import add_months

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from rectification.models import Case, Category
    from villages.models import Village

STRIP_YEARS = 10


@dataclass(frozen=True, slots=True)
class Hint:
    """A date in the file that asks for a look: shown, never stored; people decide on a signal."""

    kind: SignalKind
    on: date
    text: str


def relapse_hints(case: Case) -> list[Hint]:
    """What the dates say about a village 已转化: the secretary left, an election is near.

    A kind for which a signal was raised since then is not hinted at again.
    """
    if case.status != CaseStatus.TRANSFORMED or case.transformed_on is None:
        return []
    hints = [*_secretary_hints(case, case.transformed_on), *_election_hints(case)]
    raised = list(case.signals.values_list("kind", "observed_on"))
    return [hint for hint in hints if not _is_raised(hint, raised)]


def _is_raised(hint: Hint, raised: list[tuple[str, date]]) -> bool:
    """An election lies ahead, so any earlier signal of the kind counts; a departure lies behind."""
    return any(
        kind == hint.kind and (hint.kind == SignalKind.ELECTION or on >= hint.on)
        for kind, on in raised
    )


def _secretary_hints(case: Case, since: date) -> list[Hint]:
    terms = case.village.terms.filter(ended_on__gt=since, ended_on__lte=clock.today())
    return [
        Hint(
            SignalKind.SECRETARY,
            term.ended_on,
            f"书记{term.name}于 {term.ended_on:%Y年%-m月%-d日} 离任"
            + (f"（{term.get_end_reason_display()}）" if term.end_reason else ""),
        )
        for term in terms.order_by("ended_on")
        if term.ended_on
    ]


def _election_hints(case: Case) -> list[Hint]:
    election = case.village.next_election_on
    months = case.round.standard.election_warning_months
    today = clock.today()
    if election is None or not today <= election <= add_months(today, months):
        return []
    words = f"将于 {election:%Y年%-m月%-d日} 换届，不到 {months} 个月"
    return [Hint(SignalKind.ELECTION, election, words)]


def may_see_grounds(user: User) -> bool:
    """Grounds of assessments stay in the district: not for helpers, nor leaders above it."""
    return user.can(Permission.ASSESSMENT_GROUNDS_VIEW) and not user.is_above_district


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened to the village in a year, with the case it belongs to."""

    name: str
    badge: str
    on: date
    case: Case


@dataclass(frozen=True, slots=True)
class Strip:
    """The ten-year strip: a list of marks for each year, oldest first."""

    years: list[int]
    marks: list[list[Mark]]
    tracked: list[Problem]

    @property
    def is_empty(self) -> bool:
        return not any(self.marks)


MARKS = (
    ("designated_on", "列入", "warn"),
    ("transformed_on", "转化", "good"),
    ("released_on", "出列", "done"),
    ("relapsed_on", "反弹", "bad"),
    ("ended_on", "终止", "neutral"),
)


def strip_years() -> list[int]:
    """The ten calendar years that end with the present one."""
    last = clock.today().year
    return list(range(last - STRIP_YEARS + 1, last + 1))


def village_strip(village: Village, user: User, cases: QuerySet[Case]) -> Strip:
    """What befell the village in ten years, and what stays 长期跟踪 after a case."""
    years = strip_years()
    marks = [
        Mark(name, badge, day, case)
        for case in cases.filter(village=village).designated()  # type: ignore[attr-defined]
        for field, name, badge in MARKS
        if (day := getattr(case, field)) is not None
    ]
    marks.sort(key=lambda mark: (mark.on, mark.case.pk))
    tracked = (
        Problem.objects.visible_to(user)
        .filter(case__village=village)
        .tracked()
        .select_related("owner", "case__round", "category")
        .order_by("next_on", "pk")
    )
    return Strip(
        years, [[mark for mark in marks if mark.on.year == year] for year in years], list(tracked)
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """A relapsed case beside the one that followed it: do the same causes come back?"""

    earlier: Case
    later: Case

    @property
    def is_same_cause(self) -> bool:
        return self.earlier.main_category_id == self.later.main_category_id

    @property
    def shared(self) -> list[str]:
        """Categories that both cases have, in words."""
        both = {c.pk for c in categories_of(self.earlier)} & {
            c.pk for c in categories_of(self.later)
        }
        return [c.name for c in categories_of(self.later) if c.pk in both]


def categories_of(case: Case) -> list[Category]:
    """Main category first, then the further ones."""
    return [case.main_category, *case.further_categories.all()]


def comparisons(cases: QuerySet[Case], *, around: Case | None = None) -> list[Comparison]:
    """Pairs of a relapsed case and its successor among the given cases, oldest first."""
    linked = cases.filter(previous__in=cases.order_by())
    if around is not None:
        linked = linked.filter(Q(pk=around.pk) | Q(previous_id=around.pk))
    linked = linked.select_related(
        "main_category", "round", "previous__main_category", "previous__round"
    ).prefetch_related("further_categories", "previous__further_categories")
    return [
        Comparison(case.previous, case) for case in linked.order_by("proposed_on") if case.previous
    ]
