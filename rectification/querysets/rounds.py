"""Standards, rounds and screening: a district's own, seen by the accounts under or above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.roles import Role
from divisions.codes import code_range

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import DepartmentOpinion, Round, Screening  # noqa: F401
    from rectification.models import Standard, TownshipSubmission  # noqa: F401


def district_scope(user: User, path: str = "") -> Q | None:
    """Rows of a district: seen from the district, from above, and by the townships under it."""
    if user.role in {Role.OFFICE, Role.LEADER, Role.TOWNSHIP}:
        district = user.division_id if user.is_above_district else user.district_code
        return Q(**{f"{path}district__code__range": code_range(district)})
    return None


class StandardQuerySet(models.QuerySet["Standard"]):
    def visible_to(self, user: User) -> Self:
        scope = district_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def published(self) -> Self:
        return self.filter(status="published")


class StandardPartQuerySet(models.QuerySet[Any]):
    """Criteria, slots, milestone templates and frequencies of a standard."""

    def visible_to(self, user: User) -> Self:
        scope = district_scope(user, "standard__")
        return self.none() if scope is None else self.filter(scope)


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> Self:
        scope = district_scope(user)
        return self.none() if scope is None else self.filter(scope)


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def visible_to(self, user: User) -> Self:
        if user.role in {Role.OFFICE, Role.LEADER, Role.TOWNSHIP}:
            return self.filter(village__code__range=user.code_range)
        return self.none()

    def for_list(self) -> Self:
        return self.select_related("village__township", "main_category", "round").order_by(
            "village__code"
        )


class SubmissionQuerySet(models.QuerySet["TownshipSubmission"]):
    def visible_to(self, user: User) -> Self:
        if user.role in {Role.OFFICE, Role.LEADER, Role.TOWNSHIP}:
            return self.filter(township__code__range=user.code_range)
        return self.none()


class OpinionQuerySet(models.QuerySet["DepartmentOpinion"]):
    def visible_to(self, user: User) -> Self:
        """The office sees all of its district; a department only what was asked of it there."""
        match user.role:
            case Role.OFFICE:
                return self.filter(village__code__range=user.code_range)
            case Role.DEPARTMENT:
                return self.filter(village__code__range=user.code_range, department=user.department)
        return self.none()
