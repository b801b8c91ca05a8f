"""Cases and what hangs on them: scope, and the filters that pages, figures and exports share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.roles import Role
from core import clock
from rectification.choices import DESIGNATED_STATUSES, OPEN_STATUSES, TRANSFORMED_STATUSES

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Assignment, Cadre, Case, CaseEvent  # noqa: F401


def case_scope(user: User, path: str = "") -> Q | None:
    """The condition under which rows of a case exist for an account; None: none do.

    ``path`` leads from the row to the case and ends in ``__`` (empty for the case itself). A helper
    reaches the cases of the own assignments while they run; a subquery keeps rows single.
    """
    match user.role:
        case Role.OFFICE | Role.TOWNSHIP | Role.LEADER:
            return Q(**{f"{path}village__code__range": user.code_range})
        case Role.HELPER:
            assignments = apps.get_model("rectification", "Assignment").objects
            return Q(**{f"{path}pk__in": assignments.running().of_account(user).values("case_id")})
    return None


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        scope = case_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def open(self) -> Self:
        return self.filter(status__in=OPEN_STATUSES)

    def designated(self) -> Self:
        """Cases that a standing committee put on the list, whatever became of them."""
        return self.filter(designated_on__isnull=False, status__in=DESIGNATED_STATUSES)

    def transformed(self) -> Self:
        return self.filter(status__in=TRANSFORMED_STATUSES)

    def for_list(self) -> Self:
        return self.select_related("village__township", "main_category", "round__standard")


class CaseRowQuerySet(models.QuerySet[Any]):
    """Rows with a foreign key ``case``."""

    case_path = "case__"

    def visible_to(self, user: User) -> Self:
        scope = case_scope(user, self.case_path)
        return self.none() if scope is None else self.filter(scope)


class CaseEventQuerySet(CaseRowQuerySet):
    def for_list(self) -> Self:
        return self.select_related("by", "problem", "task").order_by("-at", "-pk")


class AssignmentQuerySet(CaseRowQuerySet):
    def running(self, day: date | None = None) -> Self:
        """Assignments in force on a day (today by default)."""
        day = day or clock.today()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)

    def of_account(self, user: User) -> Self:
        """Assignments whose cadre, or whose unit's liaison, is tied to this account."""
        return self.filter(Q(cadre__account_id=user.pk) | Q(liaison__account_id=user.pk))


class CadreQuerySet(models.QuerySet["Cadre"]):
    def visible_to(self, user: User) -> Self:
        """Office and leader: cadres under their division. Township: also those who help its villages.
        Helper: the own entry and those on the own cases."""
        assignments = apps.get_model("rectification", "Assignment").objects.visible_to(user)
        on_cases = Q(pk__in=assignments.values("cadre_id")) | Q(
            pk__in=assignments.exclude(liaison=None).values("liaison_id")
        )
        match user.role:
            case Role.OFFICE | Role.LEADER:
                return self.filter(division__code__range=user.code_range)
            case Role.TOWNSHIP:
                return self.filter(Q(division__code__range=user.code_range) | on_cases)
            case Role.HELPER:
                return self.filter(Q(account_id=user.pk) | on_cases)
        return self.none()

    def in_post(self, day: date | None = None) -> Self:
        day = day or clock.today()
        return self.filter(Q(from_on=None) | Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gt=day))
