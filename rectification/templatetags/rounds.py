"""States of rounds, townships' lists, screening results and opinions as word, shape and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from core import clock
from core.templatetags.ui import status_badge
from rectification.choices import RoundStatus, ScreeningOutcome, SubmissionStatus

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from rectification.models import DepartmentOpinion, Round, Screening, TownshipSubmission
    from rectification.workflow_problems import ItemStep

register = template.Library()

ROUND_KINDS = {
    RoundStatus.PREPARING: "neutral",
    RoundStatus.OPEN: "info",
    RoundStatus.CLOSED: "done",
}
LIST_KINDS = {
    SubmissionStatus.OPEN: "neutral",
    SubmissionStatus.SUBMITTED: "done",
    SubmissionStatus.RETURNED: "warn",
}
OUTCOME_KINDS = {
    "": "neutral",
    ScreeningOutcome.LISTED: "warn",
    ScreeningOutcome.NOT_LISTED: "done",
    ScreeningOutcome.CONTINUED: "info",
}


@register.simple_tag
def round_badge(round: Round) -> SafeString:
    return status_badge(round.get_status_display(), ROUND_KINDS[RoundStatus(round.status)])


@register.simple_tag
def submission_badge(submission: TownshipSubmission) -> SafeString:
    """A list past its date that is not with the office reads 逾期未报."""
    due = submission.round.due_on
    is_owed = submission.status != SubmissionStatus.SUBMITTED
    if is_owed and due and due < clock.today() and submission.round.status == RoundStatus.OPEN:
        return status_badge(f"{submission.get_status_display()} · 逾期未报", "bad")
    kind = LIST_KINDS[SubmissionStatus(submission.status)]
    return status_badge(submission.get_status_display(), kind)


@register.simple_tag
def outcome_badge(screening: Screening) -> SafeString:
    kind = OUTCOME_KINDS[screening.outcome]
    return status_badge(screening.get_outcome_display() or "未排查", kind)


@register.simple_tag
def opinion_badge(opinion: DepartmentOpinion) -> SafeString:
    if opinion.answered_on:
        return status_badge(opinion.get_conclusion_display(), "done")
    if opinion.due_on < clock.today():
        return status_badge("逾期未答复", "bad")
    return status_badge("待答复", "warn")


@register.simple_tag
def step_address(noun: str, pk: int, step: ItemStep) -> str:
    """The page of a step: each step of rounds and lists has an address of its own."""
    return reverse(f"rectification:{noun}_{step.action}", args=[pk])
