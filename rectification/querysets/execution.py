"""Causes, measures, topics, handovers, promises, extensions: scope and shared filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import QuerySet

from accounts.roles import Role
from core import clock
from rectification.choices import HandoverStatus, HelpKind
from rectification.querysets.cases import CaseRowQuerySet
from rectification.querysets.rounds import district_scope

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class CauseQuerySet(QuerySet[Any]):
    """One list for everybody."""


class MeasureQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        scope = district_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def in_use(self) -> Self:
        return self.filter(is_in_use=True)


class TopicQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """A township sees the topics of its own problems; a department those put to it."""
        match user.role:
            case Role.OFFICE | Role.LEADER:
                return self.filter(district__code__range=user.code_range)
            case Role.TOWNSHIP:
                problems = self.model._meta.get_field("problems").related_model._default_manager
                return self.filter(pk__in=problems.visible_to(user).values("topic_id"))
            case Role.DEPARTMENT:
                return self.filter(district=user.division_id, department=user.department)
        return self.none()

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)


class HandoverQuerySet(CaseRowQuerySet):
    def waiting(self) -> Self:
        return self.filter(status=HandoverStatus.PROPOSED)

    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township",
            "case__round",
            "assignment__slot",
            "assignment__cadre",
            "problem",
            "task",
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

    def for_list(self) -> Self:
        return self.select_related("cadre__account", "deputy__account", "made_by")


class PromiseQuerySet(CaseRowQuerySet):
    def owed(self) -> Self:
        """Neither arrived nor taken back."""
        return self.filter(arrived_on=None, withdrawn_on=None)

    def overdue(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)

    def unconfirmed(self) -> Self:
        """Said to have arrived; nobody in the village has confirmed it."""
        return self.filter(arrived_on__isnull=False, confirmed_on=None)

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


class ExtensionQuerySet(CaseRowQuerySet):
    def undecided(self) -> Self:
        return self.filter(is_granted=None)

    def granted(self) -> Self:
        return self.filter(is_granted=True)

    def for_list(self) -> Self:
        return self.select_related(
            "case__village__township", "case__round", "problem", "task", "asked_by", "decided_by"
        )


class VerdictQuerySet(CaseRowQuerySet):
    case_path = "problem__case__"

    def for_list(self) -> Self:
        return self.select_related("by")
