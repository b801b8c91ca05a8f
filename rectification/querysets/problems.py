"""Problems, tasks, escalations: filters that pages, figures and exports share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Role
from core import clock
from rectification.choices import (
    DESIGNATED_STATUSES,
    OPEN_PROBLEM_STATUSES,
    Nature,
    ProblemStatus,
    TaskStatus,
)
from rectification.querysets.cases import CaseRowQuerySet, acted_for

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Cadre

# Roles whose accounts can hold an item; leaders read.
HOLDING_ROLES = (Role.OFFICE, Role.TOWNSHIP, Role.HELPER)


def in_post(owner: str, day: date | None = None) -> Q:
    """Rows whose owner (the path to a cadre) holds the post on a day."""
    day = day or clock.today()
    begun = Q(**{f"{owner}__from_on": None}) | Q(**{f"{owner}__from_on__lte": day})
    return begun & (Q(**{f"{owner}__to_on": None}) | Q(**{f"{owner}__to_on__gt": day}))


def stands_in(user: User) -> bool:
    """Whether an account is the first of its township or office: the one that keeps for others."""
    if user.role not in {Role.TOWNSHIP, Role.OFFICE}:
        return False
    colleagues = User.objects.active().filter(role=user.role, division=user.division_id)
    return colleagues.order_by("pk").first() == user


class HeldQuerySet(CaseRowQuerySet):
    """Rows of a case that somebody owns and an account holds."""

    def designated(self) -> Self:
        """Rows of cases on the list: what a ledger brought along is nobody's work before it."""
        return self.filter(case__status__in=DESIGNATED_STATUSES)

    def with_extensions(self) -> Self:
        """Annotate ``extension_count``: how often more time was granted."""
        name = self.model._meta.model_name
        rows = self.model._meta.get_field("extensions").related_model._default_manager.granted()
        grouped = rows.filter(**{name: OuterRef("pk")}).order_by().values(name)
        found = grouped.annotate(found=Count("pk")).values("found")
        return self.annotate(
            extension_count=Coalesce(Subquery(found, output_field=IntegerField()), 0)
        )

    def held_by(self, user: User, *, stands: bool | None = None) -> Self:
        """What an account holds, and what it keeps for an account that is no longer in use.

        That falls to the township's first account, or to the district's first office account where
        the township has none, just as services.holders would choose: nothing is in nobody's list.
        A deputy has what the absent cadre answers for as well, while the deputyship runs.
        ``stands`` saves a page that knows whether the account stands in the query for it.
        """
        own = Q(holder=user) | Q(owner__in=acted_for(user))
        if not (stands_in(user) if stands is None else stands):
            return self.filter(own)
        left = Q(holder__is_active=False)
        if user.role == Role.TOWNSHIP:
            return self.filter(own | left & Q(case__village__township=user.division_id))
        staffed = User.objects.active().filter(role=Role.TOWNSHIP).values("division")
        orphaned = left & Q(case__round__district=user.division_id)
        return self.filter(own | orphaned & ~Q(case__village__township__in=staffed))


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

    def with_reopens(self) -> Self:
        """Annotate ``reopen_count``: how often it was opened again; undone ones do not count."""
        return self.annotate(reopen_count=counted(self._reopens()))

    def reopened(self) -> Self:
        return self.filter(Exists(self._reopens()))

    def _reopens(self) -> QuerySet[Any]:
        events = self.model._meta.get_field("events").related_model._default_manager
        return events.filter(problem=OuterRef("pk"), action="problem_reopen", undone_by=None)

    def oldest_hard(self) -> Self:
        """Open problems that are 复杂, 重大 or 历史遗留, those found first on top."""
        hard = Q(nature__in=(Nature.COMPLEX, Nature.MAJOR)) | Q(is_historical=True)
        return self.open().filter(hard).order_by("found_on", "pk")

    def blocked(self) -> Q:
        """Whether it cannot be closed next: it waits for an answer, a topic or other problems."""
        unfinished = self.model._default_manager.unfinished()
        asked = self.model._meta.get_field("escalations").related_model._default_manager
        topics = self.model._meta.get_field("topic").related_model._default_manager
        return (
            Q(Exists(asked.unanswered().filter(problem=OuterRef("pk"))))
            | Q(Exists(unfinished.filter(parent=OuterRef("pk"))))
            | Q(Exists(unfinished.filter(waited_by=OuterRef("pk"))))
            | Q(Exists(topics.unanswered().filter(problems=OuterRef("pk"))))
        )

    def with_task_counts(self) -> Self:
        """Annotate ``task_count`` and ``open_task_count``, each by one subquery."""
        tasks = self.model._meta.get_field("tasks").related_model._default_manager.filter(
            problem=OuterRef("pk")
        )
        return self.annotate(
            task_count=counted(tasks.exclude(status=TaskStatus.DROPPED)),
            open_task_count=counted(tasks.filter(status=TaskStatus.OPEN)),
        )

    def with_verdicts(self) -> Self:
        """Fetch what each level said, newest first, with who entered it."""
        verdicts = self.model._meta.get_field("verdicts").related_model._default_manager
        return self.prefetch_related(Prefetch("verdicts", queryset=verdicts.for_list()))

    def with_questions(self) -> Self:
        """Fetch the questions and the topic: for ``waiting`` and for both clocks (ages.py)."""
        return self.select_related("topic").prefetch_related("escalations")

    def with_tasks(self) -> Self:
        """Fetch the tasks of each problem with their owners."""
        tasks = self.model._meta.get_field("tasks").related_model._default_manager
        rows = tasks.select_related("owner", "holder")
        return self.prefetch_related(Prefetch("tasks", queryset=rows))

    def for_detail(self) -> Self:
        """One problem with what its page, its forms and its guards read."""
        return self.for_list().select_related(
            "case__round__standard",
            "case__main_category",
            "owner__account",
            "closed_by",
            "parent",
            "topic",
        )

    def in_closing_order(self) -> Self:
        """Open ones first; among them what can be closed next: fewest open tasks, then deadline.

        One that has to wait for somebody else or for another problem comes after those.
        """
        over = ~Q(status__in=OPEN_PROBLEM_STATUSES)
        return self.annotate(is_over=over, is_blocked=self.blocked()).order_by(
            "is_over", "is_blocked", "open_task_count", "deadline", "pk"
        )

    def overdue(self, day: date) -> Self:
        return self.open().filter(deadline__lt=day)

    def closing_rates(self) -> list[dict[str, Any]]:
        """Per nature (一般/复杂/重大): how many problems there are and how each came to its end.

        ``reopened`` are those that were opened again at least once, whatever became of them.
        """
        ends = {
            status.value: Count("pk", filter=Q(status=status), distinct=True)
            for status in (
                ProblemStatus.CLOSED,
                ProblemStatus.HANDED_OVER,
                ProblemStatus.TRACKED,
                ProblemStatus.UNSOLVABLE,
            )
        }
        again = Count("pk", filter=Q(Exists(self._reopens())), distinct=True)
        rows = self.order_by().values("nature")
        found = {
            row["nature"]: row
            for row in rows.annotate(total=Count("pk", distinct=True), reopened=again, **ends)
        }
        empty = dict.fromkeys(("total", "reopened", *ends), 0)
        rates = [
            {"nature": nature.value, "name": nature.label, **empty, **found.get(nature, {})}
            for nature in Nature
        ]
        return [{**row, "rate": share(row["closed"], row["total"])} for row in rates]

    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township", "category", "cause", "owner", "holder"
        )


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

    def visible_to(self, user: User) -> Self:
        """A department sees what was put to it in its district, and nothing else of the case."""
        if user.role == Role.DEPARTMENT:
            return self.filter(
                problem__case__village__code__range=user.code_range, department=user.department
            )
        return super().visible_to(user)

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def unanswered_first(self) -> Self:
        return self.order_by(F("answered_at").desc(nulls_first=True), "reply_due_on", "pk")

    def for_list(self) -> Self:
        return self.select_related("asked_by", "answered_by")

    def for_detail(self) -> Self:
        return self.for_list().select_related(
            "problem__case__village__township",
            "problem__case__round__standard",
            "problem__case__round__district",
            "problem__owner",
        )


def share(part: int, whole: int) -> float | None:
    """A share in percent to one decimal; unknown where there is nothing to share."""
    return round(100 * part / whole, 1) if whole else None


def counted(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a correlated query finds, as one subquery."""
    grouped = rows.order_by().values("problem").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)
