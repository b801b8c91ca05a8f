"""How each date came about, in one line under it: one function for each kind of date.

Reply dates count working days and follow the yearly notice; all others count calendar days.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core import clock
from core.workdays import whole_calendar
from rectification.choices import CaseStatus
from rectification.models import Topic
from rectification.services.dates import add_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.workdays import Calendar
    from rectification.models import (
        Case,
        CaseEvent,
        Escalation,
        Extension,
        FollowUp,
        Milestone,
        MilestoneTemplate,
    )

LEAST_REPLY_DAYS = 3  # working days: no order of the same afternoon (domain.md 6.4, 9)
USUAL_REPLY_DAYS = 10
MOST_REPLY_DAYS = 60


def day_words(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}"


# --- answers --------------------------------------------------------------------------------------


def asked_on(question: Escalation | Topic) -> date:
    """The day a question was put, from which its answer is due."""
    moment = question.made_at if isinstance(question, Topic) else question.asked_at
    return clock.day_of(moment)


def reply_words(question: Escalation | Topic, known: Calendar | None = None) -> str:
    """Explain when an answer is due; ``known`` saves a page with many of them the query."""
    start, days = asked_on(question), question.reply_days
    if days is None:
        return f"{day_words(start)}提交时指定"
    due = (known or whole_calendar()).due(start, days)
    if due.day == question.reply_due_on:
        return due.words
    return f"{start:%-m月%-d日}之后第 {days} 个工作日（按当时的放假安排）"


# --- milestones and look-backs --------------------------------------------------------------------


def milestone_words(milestone: Milestone, template: MilestoneTemplate | None, case: Case) -> str:
    """认定（2026年3月12日）后 30 天: from the standard's template, else from the dates."""
    if template and template.anchor == template.Anchor.TRANSFORMED:
        return _after("转化", case.transformed_on, template.months, template.days)
    if template:
        return _after("认定", case.designated_on, template.months, template.days)
    if case.designated_on is None:
        return ""
    return _after("认定", case.designated_on, 0, (milestone.due_on - case.designated_on).days)


def follow_up_words(follow_up: FollowUp, case: Case) -> str:
    """转化（2026年3月12日）后 3 个月."""
    return _after("转化", case.transformed_on, follow_up.months, 0)


def _after(what: str, start: date | None, months: int, days: int) -> str:
    if start is None:
        return ""
    parts = [f"{months} 个月" if months else "", f"{days} 天" if days or not months else ""]
    return f"{what}（{day_words(start)}）后 {'又 '.join(part for part in parts if part)}"


# --- what was extended ----------------------------------------------------------------------------


def extended_words(former: date, times: int) -> str:
    """原期限 2026年3月12日，延期 1 次."""
    return f"原期限 {day_words(former)}，延期 {times} 次"


def item_words(granted: Sequence[Extension]) -> str:
    """Explain the deadline of a problem or task from its granted extensions; else nothing."""
    if not granted:
        return ""
    return extended_words(min(item.former for item in granted), len(granted))


def case_words(case: Case, extensions: Sequence[CaseEvent]) -> str:
    """Explain the date by which a case is to be accepted; ``extensions`` are its 延期."""
    if case.designated_on is None or case.deadline is None:
        return ""
    if case.status == CaseStatus.EXTENDED:
        months = case.round.standard.consolidation_months
        return f"验收基本合格，延长巩固 {months} 个月；{_deadline_words(case, extensions)}"
    return _deadline_words(case, extensions)


def _deadline_words(case: Case, extensions: Sequence[CaseEvent]) -> str:
    formers = sorted(filter(None, map(_former_deadline, extensions)))
    if formers:
        return extended_words(date.fromisoformat(formers[0]), len(extensions))
    if extensions:
        return f"延期 {len(extensions)} 次"
    days = case.round.standard.rectification_days
    if case.designated_on and case.deadline == add_days(case.designated_on, days):
        return f"认定（{day_words(case.designated_on)}）后 {days} 天"
    return "由会议确定"


def _former_deadline(event: CaseEvent) -> str:
    """The deadline before an extension, as its event keeps it."""
    former: str = event.former.get("fields", {}).get("deadline") or ""
    return former
