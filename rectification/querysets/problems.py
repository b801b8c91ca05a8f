"""Problems, tasks, escalations: filters that pages, figures and exports share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Role
from core import clock
from rectification.choices import OPEN_PROBLEM_STATUSES, Nature, ProblemStatus, TaskStatus
from rectification.querysets.cases import CaseRowQuerySet

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Cadre


def in_post(owner: str, day: date | None = None) -> Q:
    """Rows whose owner (the path to a cadre) holds the post on a day."""
    day = day or clock.today()
    begun = Q(**{f"{owner}__from_on": None}) | Q(**{f"{owner}__from_on__lte": day})
    return begun & (Q(**{f"{owner}__to_on": None}) | Q(**{f"{owner}__to_on__gt": day}))


class HeldQuerySet(CaseRowQuerySet):
    """Rows that one account holds."""

    def held_by(self, user: User) -> Self:
        """What an account holds, and what it keeps for an account that is no longer in use.

        That falls to the township's first account, or to the district's first office account where
        the township has none, just as services.holders would choose: nothing is in nobody's list.
        """
        colleagues = User.objects.active().filter(role=user.role, division=user.division_id)
        if colleagues.order_by("pk").first() != user:
            return self.filter(holder=user)
        left = Q(holder__is_active=False)
        if user.role == Role.TOWNSHIP:
            return self.filter(Q(holder=user) | left & Q(case__village__township=user.division_id))
        if user.role == Role.OFFICE:
            staffed = User.objects.active().filter(role=Role.TOWNSHIP).values("division")
            orphaned = left & Q(case__round__district=user.division_id)
            return self.filter(Q(holder=user) | orphaned & ~Q(case__village__township__in=staffed))
        return self.filter(holder=user)


class ProblemQuerySet(HeldQuerySet):
    def open(self) -> Self:
        return self.filter(status__in=OPEN_PROBLEM_STATUSES)

    def unfinished(self) -> Self:
        """Open ones and those tracked for long: somebody owns and holds them."""
        return self.filter(status__in=(*OPEN_PROBLEM_STATUSES, ProblemStatus.TRACKED))

    def owned_by(self, cadre: Cadre) -> Self:
        return self.filter(owner=cadre).for_list().order_by("deadline", "pk")

    def tracked(self) -> Self:
        return self.filter(status=ProblemStatus.TRACKED)

    def with_task_counts(self) -> Self:
        """Annotate ``task_count`` and ``open_task_count``, each by one subquery."""
        tasks = self.model._meta.get_field("tasks").related_model._default_manager.filter(
            problem=OuterRef("pk")
        )
        return self.annotate(
            task_count=counted(tasks.exclude(status=TaskStatus.DROPPED)),
            open_task_count=counted(tasks.filter(status=TaskStatus.OPEN)),
        )

    def with_questions(self) -> Self:
        """Fetch the question that waits for an answer, as the list ``waiting`` (one or none)."""
        questions = self.model._meta.get_field("escalations").related_model._default_manager
        return self.prefetch_related(
            Prefetch("escalations", queryset=questions.unanswered(), to_attr="waiting")
        )

    def with_tasks(self) -> Self:
        """Fetch the tasks of each problem with their owners."""
        tasks = self.model._meta.get_field("tasks").related_model._default_manager
        rows = tasks.select_related("owner", "holder")
        return self.prefetch_related(Prefetch("tasks", queryset=rows))

    def for_detail(self) -> Self:
        """One problem with what its page, its forms and its guards read."""
        return self.for_list().select_related(
            "case__round__standard", "case__main_category", "owner__account", "closed_by"
        )

    def in_closing_order(self) -> Self:
        """Open ones first; among them what can be closed next: fewest open tasks, then deadline."""
        return self.annotate(is_over=~Q(status__in=OPEN_PROBLEM_STATUSES)).order_by(
            "is_over", "open_task_count", "deadline", "pk"
        )

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


class TaskQuerySet(HeldQuerySet):
    def open(self) -> Self:
        return self.filter(status=TaskStatus.OPEN)

    def overdue(self, day: date) -> Self:
        return self.open().filter(deadline__lt=day)

    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township",
            "case__round__standard",
            "problem",
            "category",
            "owner",
            "holder",
        )

    def for_detail(self) -> Self:
        """One task with what its page, its forms and its guards read."""
        return self.for_list().select_related(
            "case__main_category", "problem__case", "owner__account"
        )

    def open_first(self) -> Self:
        return self.annotate(is_over=~Q(status=TaskStatus.OPEN)).order_by(
            "is_over", "deadline", "pk"
        )

    def stalled(self, day: date) -> Self:
        """Open tasks without progress for the standard's days (from the last note or the start)."""
        still = Coalesce("last_progress_on", "start_on")
        lines = self.order_by().values_list("case__round__standard__stall_days", flat=True)
        stale = Q(pk__in=[])
        for days in set(lines.distinct()):
            limit = day - timedelta(days=days)
            stale |= Q(case__round__standard__stall_days=days, still_on__lte=limit)
        return self.open().annotate(still_on=still).filter(stale)

    def owned_by(self, cadre: Cadre) -> Self:
        return self.filter(owner=cadre).for_list().order_by("deadline", "pk")

    def owned_in_post(self) -> Self:
        return self.filter(in_post("owner"))


class PlanQuerySet(CaseRowQuerySet):
    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township",
            "case__round__standard",
            "case__main_category",
            "drafted_by",
            "decided_by",
        )


class EscalationQuerySet(CaseRowQuerySet):
    case_path = "problem__case__"

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def for_list(self) -> Self:
        return self.select_related("asked_by", "answered_by")

    def for_detail(self) -> Self:
        return self.for_list().select_related(
            "problem__case__village__township", "problem__case__round__standard", "problem__owner"
        )


def counted(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a correlated query finds, as one subquery."""
    grouped = rows.order_by().values("problem").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)
