"""Look-backs and signals of relapse: filters that lists, work pages and figures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Count, Q

from rectification.choices import CaseStatus
from rectification.querysets.cases import CaseRowQuerySet
from rectification.services.dates import month_of

if TYPE_CHECKING:
    from datetime import date


class FollowUpQuerySet(CaseRowQuerySet):
    def open(self) -> Self:
        """Look-backs still owed: not done, of a village that is still 已转化."""
        return self.filter(done_on=None, case__status=CaseStatus.TRANSFORMED)

    def due_by(self, day: date) -> Self:
        return self.open().filter(due_on__lte=day)

    def month_figures(self, day: date) -> dict[str, int]:
        """How many are owed in the month of a day, and how many are late on that day."""
        first, last = month_of(day)
        return self.open().aggregate(
            month=Count("pk", filter=Q(due_on__range=(first, last))),
            late=Count("pk", filter=Q(due_on__lt=day)),
        )

    def for_list(self) -> Self:
        return self.select_related("case__village__township", "by")


class SignalQuerySet(CaseRowQuerySet):
    def unanswered(self) -> Self:
        return self.filter(answered_on=None)

    def for_list(self) -> Self:
        return self.select_related("case__village__township", "raised_by", "answered_by")
