"""Problems, tasks, escalations: filters that pages, figures and exports share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Q

from rectification.choices import OPEN_PROBLEM_STATUSES, Nature, ProblemStatus, TaskStatus
from rectification.querysets.cases import CaseRowQuerySet

if TYPE_CHECKING:
    from datetime import date


class ProblemQuerySet(CaseRowQuerySet):
    def open(self) -> Self:
        return self.filter(status__in=OPEN_PROBLEM_STATUSES)

    def overdue(self, day: date) -> Self:
        return self.open().filter(deadline__lt=day)

    def closing_rates(self) -> list[dict[str, Any]]:
        """Per nature (一般/复杂/重大): how many problems there are and how many are closed."""
        found = {
            row["nature"]: row
            for row in self.order_by()
            .values("nature")
            .annotate(
                total=Count("pk", distinct=True),
                closed=Count("pk", filter=Q(status=ProblemStatus.CLOSED), distinct=True),
            )
        }
        empty = {"total": 0, "closed": 0}
        return [
            {"nature": nature.value, "name": nature.label, **empty, **found.get(nature, {})}
            for nature in Nature
        ]

    def for_list(self) -> Self:
        return self.select_related("case__village__township", "category", "owner", "holder")


class TaskQuerySet(CaseRowQuerySet):
    def open(self) -> Self:
        return self.filter(status=TaskStatus.OPEN)

    def overdue(self, day: date) -> Self:
        return self.open().filter(deadline__lt=day)

    def for_list(self) -> Self:
        return self.select_related("case__village__township", "problem", "owner", "holder")


class EscalationQuerySet(CaseRowQuerySet):
    case_path = "problem__case__"

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)
