"""Causes, measures, topics, handovers, promises, extensions: scope and shared filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from core import clock
from rectification.choices import (
    OPEN_PROBLEM_STATUSES,
    HandoverStatus,
    HelpKind,
    ProblemStatus,
    PromiseState,
    TaskStatus,
)
from rectification.querysets.cases import CaseRowQuerySet, acted_for, case_scope
from rectification.querysets.problems import HOLDING_ROLES, in_post, stands_in
from rectification.querysets.rounds import district_scope

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Cadre


class CauseQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The shipped list for who works on problems, and the own district's beside it."""
        if user.role == Role.HELPER:
            return self.filter(Q(district=None) | Q(district=user.district_code))
        scope = district_scope(user)
        return self.none() if scope is None else self.filter(Q(district=None) | scope)

    def offered_to(self, user: User, present: str | None = None) -> Self:
        """What can be chosen now, and the one already chosen."""
        return self.visible_to(user).filter(Q(is_in_use=True) | Q(pk=present)).order_by("code")


class MeasureQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        scope = district_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def in_use(self) -> Self:
        return self.filter(is_in_use=True)


class TopicQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Township and helper see the topics of their problems; a department those put to it."""
        match user.role:
            case Role.OFFICE | Role.LEADER:
                return self.filter(district__code__range=user.code_range)
            case Role.TOWNSHIP | Role.HELPER:
                problems = self.model._meta.get_field("problems").related_model._default_manager
                return self.filter(pk__in=problems.visible_to(user).values("topic_id"))
            case Role.DEPARTMENT:
                return self.filter(district=user.division_id, department=user.department)
        return self.none()

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def for_list(self) -> Self:
        """Those without an answer first, with how many villages and problems each joins."""
        return (
            self.select_related("district", "cause", "made_by", "answered_by")
            .annotate(
                village_count=Count("problems__case__village", distinct=True),
                problem_count=Count("problems", distinct=True),
            )
            .order_by(F("answered_at").desc(nulls_first=True), "reply_due_on", "pk")
        )


def _has_own_receiver() -> Q:
    """Handovers whose receiver can answer: in post, with an account in use that acts."""
    return in_post("to_cadre") & Q(
        to_cadre__account__is_active=True, to_cadre__account__role__in=HOLDING_ROLES
    )


class HandoverQuerySet(CaseRowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Who sees the case sees its handovers; who is asked to take over sees just that one."""
        scope = case_scope(user, self.case_path)
        if scope is None:
            return self.none()
        asked = Q(to_cadre__account=user.pk) | Q(to_cadre__in=acted_for(user))
        return self.filter(scope | asked)

    def waiting(self) -> Self:
        return self.filter(status=HandoverStatus.PROPOSED)

    def waiting_first(self) -> Self:
        waits = Q(status=HandoverStatus.PROPOSED)
        return self.annotate(is_over=~waits).order_by("is_over", "-proposed_at", "-pk")

    def live(self) -> Self:
        """Waiting ones whose item is still at work and still with whom it was."""
        slot = Q(assignment__ended_on=None, assignment__isnull=False)
        problem = Q(
            problem__status__in=(*OPEN_PROBLEM_STATUSES, ProblemStatus.TRACKED),
            problem__owner=F("from_cadre"),
        )
        task = Q(task__status=TaskStatus.OPEN, task__owner=F("from_cadre"))
        return self.waiting().filter(slot | problem | task)

    def answered_by(self, user: User) -> Self:
        """Those an account may answer: as receiver, as deputy, or keeping for whom has no account.

        Any account of the village's township keeps, or of the office where that has none in use.
        """
        own = Q(to_cadre__account=user.pk) & _has_own_receiver()
        return self.filter(own | Q(to_cadre__in=acted_for(user)) | self._kept_by(user))

    def awaited_from(self, user: User, *, stands: bool | None = None) -> Self:
        """Live ones in the list of an account: of those who could keep for others, one has it."""
        own = Q(to_cadre__account=user.pk) & _has_own_receiver()
        mine = own | Q(to_cadre__in=acted_for(user))
        keeps = stands_in(user) if stands is None else stands
        return self.live().filter(mine | self._kept_by(user) if keeps else mine)

    def _kept_by(self, user: User) -> Q:
        kept = Q(pk__in=self.model._default_manager.exclude(_has_own_receiver()).values("pk"))
        if user.role == Role.TOWNSHIP:
            return kept & Q(case__village__township=user.division_id)
        if user.role == Role.OFFICE:
            staffed = User.objects.active().filter(role=Role.TOWNSHIP).values("division")
            here = Q(case__round__district=user.division_id)
            return kept & here & ~Q(case__village__township__in=staffed)
        return Q(pk__in=[])

    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township",
            "case__round",
            "assignment__slot",
            "assignment__cadre",
            "assignment__liaison",
            "assignment__case__village",
            "problem",
            "task__problem",
            "from_cadre",
            "to_cadre__account",
            "proposed_by",
            "decided_by",
        )


class DeputyQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Who may see the cadre may see who acts for that cadre."""
        cadres = self.model._meta.get_field("cadre").related_model._default_manager
        return self.filter(cadre__in=cadres.visible_to(user))

    def running(self, day: date | None = None) -> Self:
        day = day or clock.today()
        return self.filter(from_on__lte=day, to_on__gte=day)

    def overlapping(self, from_on: date, to_on: date) -> Self:
        return self.filter(from_on__lte=to_on, to_on__gte=from_on)

    def of_cadre(self, cadre: Cadre) -> Self:
        """Who acted for a cadre, and for whom the cadre acted."""
        return self.filter(Q(cadre=cadre) | Q(deputy=cadre)).for_list()

    def current_first(self) -> Self:
        """Those that run or come first, then the past ones."""
        return self.annotate(is_past=Q(to_on__lt=clock.today())).order_by("is_past", "-from_on")

    def for_list(self) -> Self:
        return self.select_related(
            "cadre__division", "cadre__account", "deputy__account", "made_by", "ended_by"
        )


class PromiseQuerySet(CaseRowQuerySet):
    def owed(self) -> Self:
        """Neither arrived nor taken back."""
        return self.filter(arrived_on=None, withdrawn_on=None)

    def overdue(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)

    def unconfirmed(self) -> Self:
        """Said to have arrived; nobody in the village has confirmed it."""
        return self.filter(arrived_on__isnull=False, confirmed_on=None)

    def in_state(self, state: str) -> Self:
        match state:
            case PromiseState.OWED:
                return self.owed()
            case PromiseState.ARRIVED:
                return self.unconfirmed()
            case PromiseState.CONFIRMED:
                return self.filter(confirmed_on__isnull=False)
            case PromiseState.WITHDRAWN:
                return self.filter(withdrawn_on__isnull=False)
        return self.none()

    def to_do(self, day: date) -> Self:
        """Overdue ones, and arrived ones that nobody in the village has confirmed."""
        late = Q(arrived_on=None, withdrawn_on=None, due_on__lt=day)
        return self.filter(late | Q(arrived_on__isnull=False, confirmed_on=None))

    def short(self) -> Self:
        """Money that arrived, but less than was promised."""
        return self.filter(arrived_amount__lt=F("amount"))

    def owed_first(self) -> Self:
        is_over = Q(arrived_on__isnull=False) | Q(withdrawn_on__isnull=False)
        return self.annotate(is_over=is_over).order_by("is_over", "due_on", "pk")

    def for_detail(self) -> Self:
        return self.for_list().select_related("case__round__standard", "entered_by")

    def for_list(self) -> Self:
        return self.select_related("case__village__township", "case__round", "cadre", "problem")


class HelpItemQuerySet(CaseRowQuerySet):
    def help(self) -> Self:
        """What counts as help: everything but 慰问."""
        return self.exclude(kind=HelpKind.COMFORT)

    def comfort(self) -> Self:
        return self.filter(kind=HelpKind.COMFORT)

    def for_list(self) -> Self:
        return self.select_related("case__village__township", "cadre", "entered_by")

    def for_detail(self) -> Self:
        return self.for_list().select_related("case__round__standard")


class ExtensionQuerySet(CaseRowQuerySet):
    def undecided(self) -> Self:
        return self.filter(is_granted=None)

    def granted(self) -> Self:
        return self.filter(is_granted=True)

    def waiting(self) -> Self:
        """Undecided ones of what still runs against its deadline."""
        runs = Q(problem__status=ProblemStatus.OPEN) | Q(task__status=TaskStatus.OPEN)
        return self.undecided().filter(runs)

    def for_leader(self, user: User) -> Self:
        """Waiting ones of the leader's own district that the office asked."""
        asked = Q(asked_by__role=Role.OFFICE, case__round__district=user.division_id)
        return self.waiting().filter(asked)

    def for_detail(self) -> Self:
        """One request with what its page and its rules read."""
        return self.for_list().select_related(
            "problem__owner", "task__owner", "task__problem", "case__round__standard"
        )

    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township", "case__round", "problem", "task", "asked_by", "decided_by"
        )


class VerdictQuerySet(CaseRowQuerySet):
    case_path = "problem__case__"

    def for_list(self) -> Self:
        return self.select_related("by")
