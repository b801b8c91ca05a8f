"""Where a round stands: by township, by listed village, and what one result used to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from rectification.choices import CaseStatus, RoundStatus, ScreeningOutcome, SubmissionStatus
from rectification.models import (
    Case,
    DepartmentOpinion,
    Round,
    Screening,
    TownshipSubmission,
)

if TYPE_CHECKING:
    from accounts.models import User

NOTHING = {"villages": 0, "screened": 0, "listed": 0, "continued": 0}


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """One township's list, with how far its screening is."""

    submission: TownshipSubmission
    villages: int
    screened: int
    listed: int
    continued: int

    @property
    def left(self) -> int:
        """Villages nobody has looked at yet."""
        return self.villages - self.screened

    @property
    def is_empty_report(self) -> bool:
        """零报告: sent up without a village."""
        return self.submission.status == SubmissionStatus.SUBMITTED and not self.listed


def township_rows(user: User, round: Round) -> list[TownshipRow]:
    """The lists of a round that an account sees, in two queries."""
    found = Screening.objects.visible_to(user).filter(round=round).progress_by_township()
    lists = TownshipSubmission.objects.visible_to(user).filter(round=round)
    return [
        TownshipRow(item, **found.get(item.township_id, NOTHING))
        for item in lists.select_related("township").order_by("township_id")
    ]


def township_row(submission: TownshipSubmission) -> TownshipRow:
    """One township's list with its progress."""
    rows = submission.round.screenings.filter(village__township_id=submission.township_id)
    found = rows.progress_by_township()
    return TownshipRow(submission, **found.get(submission.township_id, NOTHING))


def totals_of(rows: list[TownshipRow]) -> dict[str, int]:
    """The district's line under the townships'."""
    names = ("villages", "screened", "listed", "continued", "left")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    submitted = [row for row in rows if row.submission.status == SubmissionStatus.SUBMITTED]
    return {**sums, "townships": len(rows), "submitted": len(submitted)}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A village on its township's list: what became of it, and whether it can be proposed now."""

    screening: Screening
    case: Case | None
    can_propose: bool


def listed_rows(user: User, round: Round) -> list[ListedRow]:
    """The listed villages of a round that an account sees; as many queries for one as for all."""
    sent = set(
        TownshipSubmission.objects.visible_to(user)
        .filter(round=round, status=SubmissionStatus.SUBMITTED)
        .values_list("township_id", flat=True)
    )
    cases = {
        case.village_id: case
        for case in Case.objects.visible_to(user).filter(round=round).order_by("pk")
    }
    rows = (
        Screening.objects.visible_to(user)
        .filter(round=round)
        .listed()
        .for_list()
        .prefetch_related("criteria_hit", "further_categories")
    )
    is_open = round.status == RoundStatus.OPEN
    return [
        ListedRow(
            row,
            case := cases.get(row.village_id),
            is_open and case is None and row.village.township_id in sent,
        )
        for row in rows
    ]


def proposed_cases(user: User, round: Round) -> Any:
    """Cases of a round that wait for the standing committee, whatever brought them up."""
    rows = Case.objects.visible_to(user).filter(round=round, status=CaseStatus.PROPOSED)
    return rows.for_list().order_by("proposed_on", "village__code")


def opinions_of(user: User, round: Round) -> dict[str, int]:
    """How many questions a round put to departments, and how many have an answer."""
    return (
        DepartmentOpinion.objects.visible_to(user)
        .filter(round=round)
        .aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(answered_on__isnull=False)))
    )


def rounds_for_list(user: User) -> Any:
    """The rounds of an account's district with their numbers, newest first."""
    return (
        Round.objects.visible_to(user)
        .select_related("standard", "district")
        .annotate(
            village_count=Count("screenings", distinct=True),
            listed_count=Count(
                "screenings",
                filter=Q(screenings__outcome=ScreeningOutcome.LISTED),
                distinct=True,
            ),
        )
        .order_by("-year", "-pk")
    )


@dataclass(frozen=True, slots=True)
class PastResult:
    """What was once saved about a village: the row and the numbers of its criteria."""

    row: Any
    criteria: list[int]


def history_of(screening: Screening) -> list[PastResult]:
    """Every result a village had in a round, newest first; ticks are saved after the row itself."""
    rows = screening.history.exclude(outcome="").select_related("entered_by", "main_category")
    newest: dict[Any, Any] = {}
    for row in rows:
        newest.setdefault(row.version, row)
    return [PastResult(row, _numbers(row)) for row in newest.values()]


def _numbers(row: Any) -> list[int]:
    return sorted(hit.criterion.number for hit in row.criteria_hit.select_related("criterion"))
