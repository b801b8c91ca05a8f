"""年度轮次: from opening over the townships' lists to what goes to the standing committee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from core.workdays import due_after
from divisions.codes import VillageKind
from divisions.models import Division
from rectification import workflow_problems, workflow_rounds
from rectification.choices import (
    CaseSource,
    CaseStatus,
    RoundStatus,
    ScreeningOutcome,
    SubmissionStatus,
)
from rectification.models import Case, Round, Screening, TownshipSubmission
from rectification.services import cases
from rectification.services.steps import move, past_day
from villages.models import Village

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Category, Standard

# Nothing is asked of anybody with less notice (no 上午发下午要).
NOTICE_WORKING_DAYS = 3
BATCH = 500


def create_round(
    district: Division,
    year: int,
    *,
    by: User,
    standard: Standard,
    name: str = "",
    includes_communities: bool = False,
    due_on: date | None = None,
) -> Round:
    """Prepare a district's round for a year; it opens by an act of its own."""
    if not by.can(Permission.ROUND_MANAGE):
        raise NotAllowed("年度轮次由组织部建立")
    if not by.district_code == district.code == standard.district_id:
        raise NotAllowed("只能用本区县的标准建立本区县的轮次")
    try:
        with transaction.atomic():
            return Round.objects.create(
                district=district,
                year=year,
                name=name or f"{year} 年度排查整顿",
                standard=standard,
                includes_communities=includes_communities,
                due_on=due_on,
            )
    except IntegrityError as error:
        raise DomainError(f"{year} 年的轮次已经建立，一年只有一个轮次") from error


@transaction.atomic
def open_round(round: Round, *, by: User, due_on: date | None = None) -> None:
    """启动: one screening for each valid village, one list for each township with villages.

    A village whose case is still open goes on (续整) and is not listed anew.
    """
    workflow_problems.check(workflow_rounds.ROUND_STEPS, round, "open", by=by)
    due_on = due_on or round.due_on
    if due_on:
        check_notice(due_on)
    move(round, target=RoundStatus.OPEN, opened_on=clock.today(), due_on=due_on)
    villages = list(_villages_of(round))
    if not villages:
        raise DomainError("本区县还没有村，请先导入区划和村庄")
    going_on = set(
        Case.objects.open().filter(village__in=villages).values_list("village_id", flat=True)
    )
    screenings = [
        Screening(
            round=round,
            village=village,
            outcome=ScreeningOutcome.CONTINUED if village.pk in going_on else "",
        )
        for village in villages
    ]
    townships = sorted({village.township_id for village in villages})
    lists = [TownshipSubmission(round=round, township_id=code) for code in townships]
    bulk_create_with_history(screenings, Screening, batch_size=BATCH, default_user=by)
    bulk_create_with_history(lists, TownshipSubmission, batch_size=BATCH, default_user=by)


def _villages_of(round: Round) -> Iterable[Village]:
    villages = Village.objects.filter(code__range=round.district.code_range)
    if not round.includes_communities:
        villages = villages.filter(kind=VillageKind.VILLAGE)
    return villages.valid_on(clock.today()).order_by("code")


@transaction.atomic
def close_round(round: Round, *, by: User) -> None:
    """结束: what is found after it goes the way of 补充认定."""
    workflow_problems.check(workflow_rounds.ROUND_STEPS, round, "close", by=by)
    move(round, target=RoundStatus.CLOSED, closed_on=clock.today())


def check_notice(due_on: date) -> None:
    """Refuse a due date that leaves less than three working days."""
    earliest = due_after(clock.today(), NOTICE_WORKING_DAYS).day
    if due_on < earliest:
        raise DomainError(
            f"请至少留出 {NOTICE_WORKING_DAYS} 个工作日，最早可定在 {earliest:%Y年%-m月%-d日}"
        )


# --- a township's list ----------------------------------------------------------------------------


@transaction.atomic
def submit_township_list(
    submission: TownshipSubmission, *, by: User, meeting_on: date, note: str = ""
) -> None:
    """上报: with the township meeting's date; an empty list goes up too (零报告)."""
    past_day(meeting_on)
    lock_list(submission)
    workflow_problems.check(workflow_rounds.SUBMISSION_STEPS, submission, "submit", by=by)
    move(
        submission,
        target=SubmissionStatus.SUBMITTED,
        meeting_on=meeting_on,
        note=note,
        submitted_by=by,
        submitted_at=clock.now(),
        return_reason="",
    )


@transaction.atomic
def return_submission(submission: TownshipSubmission, *, by: User, reason: str) -> None:
    """退回: the township mends its list and sends it up again."""
    if not reason.strip():
        raise DomainError("退回名单要写明原因")
    workflow_problems.check(workflow_rounds.SUBMISSION_STEPS, submission, "return", by=by)
    move(submission, target=SubmissionStatus.RETURNED, return_reason=reason)


def lock_list(submission: TownshipSubmission) -> None:
    """Let results and their submission come one after the other (SQLite does so by itself)."""
    TownshipSubmission.objects.select_for_update().get(pk=submission.pk)


# --- to the standing committee --------------------------------------------------------------------


@transaction.atomic
def propose_listed(
    round: Round, screenings: Iterable[Screening], *, by: User, on: date
) -> list[Case]:
    """提请认定 of villages that the townships listed: all of them, or none."""
    if round.status != RoundStatus.OPEN:
        raise Conflict(f"{round}现在是“{round.get_status_display()}”，不能提请认定")
    return [_propose(round, screening, by=by, on=on) for screening in screenings]


def _propose(round: Round, screening: Screening, *, by: User, on: date) -> Case:
    village = screening.village
    if screening.round_id != round.pk or screening.outcome != ScreeningOutcome.LISTED:
        raise DomainError(f"{village}不在本轮拟列入的名单里")
    submission = round.submissions.get(township_id=village.township_id)
    if submission.status != SubmissionStatus.SUBMITTED:
        raise DomainError(
            f"{village}所在的{submission.township}还没有上报名单",
            link=submission.get_absolute_url(),
            link_text="看该乡镇的报送",
        )
    if Case.objects.filter(round=round, village=village).exists():
        raise Conflict(f"{village}刚由他人提请认定，请刷新后再看")
    return cases.propose(
        village,
        round=round,
        by=by,
        on=on,
        main_category=screening.main_category,  # type: ignore[arg-type]
        further_categories=screening.further_categories.all(),
        previous=earlier_case(village),
    )


@transaction.atomic
def propose_mid_year(
    village: Village,
    *,
    round: Round,
    by: User,
    on: date,
    main_category: Category,
    further_categories: Iterable[Category] = (),
    source_note: str,
) -> Case:
    """补充认定: a village that shows up between two rounds, on a meeting of its own."""
    if round.status == RoundStatus.PREPARING:
        raise DomainError(f"{round}还没有启动，不能补充认定")
    first, last = round.district.code_range
    if not first <= village.code <= last:
        raise NotAllowed("村和轮次不在同一个区县")
    return cases.propose(
        village,
        round=round,
        by=by,
        on=on,
        main_category=main_category,
        further_categories=further_categories,
        source=CaseSource.MID_YEAR,
        source_note=source_note,
        previous=earlier_case(village),
    )


def earlier_case(village: Village) -> Case | None:
    """The village's last rectification; one still followed up is reopened by 认定反弹 instead."""
    decided = Case.objects.filter(village=village).designated()
    last = decided.order_by("-designated_on", "-pk").first()
    if last and last.status == CaseStatus.TRANSFORMED:
        raise DomainError(
            f"{village}上次整顿已转化、还在跟踪期，请在原档案上办理“认定反弹”，"
            "系统会建立与它相连的新档案",
            link=last.get_absolute_url(),
            link_text="去原档案",
        )
    return last
