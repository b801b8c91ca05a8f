"""What must hold before a step of a round or of a township's list; each says where it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from rectification.choices import (
    CaseSource,
    CaseStatus,
    RoundStatus,
    ScreeningOutcome,
    SubmissionStatus,
)
from rectification.guards import Missing
from rectification.models.standards import Criterion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from rectification.models import Round, TownshipSubmission
    from rectification.querysets import ScreeningQuerySet


# --- the round ------------------------------------------------------------------------------------


def standard_is_published(round: Round, user: User) -> list[Missing]:
    """启动排查: the standard of the round is published, so that it no longer changes."""
    if round.standard.is_frozen:
        return []
    link = reverse("admin:rectification_standard_change", args=[round.standard_id])
    return [Missing(f"采用的{round.standard}还没有发布", link, "去看标准")]


def townships_have_submitted(round: Round, user: User) -> list[Missing]:
    """结束本轮: every township has sent its list up, an empty one too."""
    owed = round.submissions.exclude(status=SubmissionStatus.SUBMITTED)
    names = [item.township.name for item in owed.select_related("township")[:4]]
    if not names:
        return []
    more = f"等 {owed.count()} 个乡镇" if len(names) > 3 else ""
    words = f"{'、'.join(names[:3])}{more}还没有上报名单"
    return [Missing(words, f"{round.get_absolute_url()}#townships", "看各乡镇")]


def listed_are_proposed(round: Round, user: User) -> list[Missing]:
    """A village that a township listed goes to the standing committee, or its list goes back."""
    waiting = round.screenings.listed().not_proposed().count()
    if not waiting:
        return []
    link = f"{round.get_absolute_url()}#listed"
    return [Missing(f"还有 {waiting} 个拟列入的村没有提请认定", link, "去提请")]


def proposals_are_decided(round: Round, user: User) -> list[Missing]:
    """Every village proposed from the round was decided by the standing committee."""
    waiting = round.cases.filter(source=CaseSource.ROUND, status=CaseStatus.PROPOSED)
    if not waiting.exists():
        return []
    link = f"{round.get_absolute_url()}#proposed"
    return [Missing(f"还有 {waiting.count()} 个村待常委会审定", link, "去登记审定结果")]


# --- a township's list ----------------------------------------------------------------------------


def round_is_open(submission: TownshipSubmission, user: User) -> list[Missing]:
    """The round was opened and is not closed yet."""
    round = submission.round
    if round.status == RoundStatus.OPEN:
        return []
    words = f"{round}现在是“{round.get_status_display()}”，不能填报"
    return [Missing(words, round.get_absolute_url(), "看轮次")]


def villages_have_results(submission: TownshipSubmission, user: User) -> list[Missing]:
    """Every village of the township has been looked at: an empty result is never a no."""
    count = screenings_of(submission).unscreened().count()
    if not count:
        return []
    link = reverse("rectification:screening_list")
    query = f"?year={submission.round.year}&township={submission.township_id}&outcome=none"
    return [Missing(f"还有 {count} 个村没有排查结果", f"{link}{query}", "去填排查结果")]


def reasons_are_written(submission: TownshipSubmission, user: User) -> list[Missing]:
    """Each village with a direct hit that is left out has a written reason, and the other way."""
    rows = screenings_of(submission).filter(reason="").screened().for_list()
    rows = rows.prefetch_related("criteria_hit")
    found = []
    for row in rows:
        owed = reason_owed(row.outcome, row.criteria_hit.all())
        if owed:
            found.append(Missing(f"{row.village}：{owed}", row.get_absolute_url(), "去补理由"))
    return found


def screenings_of(submission: TownshipSubmission) -> ScreeningQuerySet:
    rows: ScreeningQuerySet = submission.round.screenings.filter(
        village__township_id=submission.township_id
    )
    return rows


def reason_owed(outcome: str, criteria: Iterable[Criterion]) -> str:
    """Why a result owes a written reason, in words; empty when it owes none.

    A direct hit may be left out, and a village without one may be listed: either is explained.
    """
    direct = [item.number for item in criteria if item.kind == Criterion.Kind.DIRECT]
    if outcome == ScreeningOutcome.NOT_LISTED and direct:
        numbers = "、".join(map(str, direct))
        return f"符合第 {numbers} 项直接认定条件而不列入，要写明理由"
    if outcome == ScreeningOutcome.LISTED and not direct:
        return "没有直接认定条件而列入的，要写明理由"
    return ""
