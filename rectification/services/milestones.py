"""The milestones of a case: laid out by the standard's template, reached by steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rectification.models import Milestone
from rectification.services.dates import add_days, add_months

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Case


def plan_milestones(case: Case, *, anchor: str, start: date) -> None:
    """Create the milestones of the standard's template that count from an anchor date."""
    Milestone.objects.bulk_create(
        Milestone(
            case=case,
            key=item.key,
            name=item.name,
            number=item.number,
            due_on=add_days(add_months(start, item.months), item.days),
        )
        for item in case.round.standard.milestones.filter(anchor=anchor)
    )


def reach(case: Case, key: str, on: date) -> list[str]:
    """Mark a milestone as reached by the step that stands behind it (the first time counts).

    Returns its key when it was this time.
    """
    reached = case.milestones.filter(key=key, reached_on=None).update(reached_on=on)
    return [key] if reached else []
