"""Standards, rounds and screening: a district's own, seen by the accounts under or above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.roles import Role
from divisions.codes import code_range
from rectification.choices import RoundStatus, ScreeningOutcome, SubmissionStatus

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import (  # noqa: F401  # noqa: F401
        DepartmentOpinion,
        Round,
        Screening,
        Standard,
        StandardSlot,
        TownshipSubmission,
    )


def district_scope(user: User, path: str = "") -> Q | None:
    """Rows of a district: seen from the district, from above, and by the townships under it.

    ``path`` leads from the row to what has the district and ends in ``__``.
    """
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


class StandardSlotQuerySet(models.QuerySet["StandardSlot"]):
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

    def screened(self) -> Self:
        """Looked at: an empty outcome is not yet a result."""
        return self.exclude(outcome="")

    def unscreened(self) -> Self:
        return self.filter(outcome="")

    def listed(self) -> Self:
        return self.filter(outcome=ScreeningOutcome.LISTED)

    def left_out(self) -> Self:
        """Not listed although a direct criterion is met: each owes its reason."""
        hit = self.model.criteria_hit.through.objects.filter(
            screening_id=OuterRef("pk"), criterion__kind="direct"
        )
        return self.filter(Exists(hit), outcome=ScreeningOutcome.NOT_LISTED)

    def not_proposed(self) -> Self:
        """Without a case of the same round."""
        cases = apps.get_model("rectification", "Case").objects.filter(
            village_id=OuterRef("village_id"), round_id=OuterRef("round_id")
        )
        return self.filter(~Exists(cases))

    def progress_by_township(self) -> dict[str, dict[str, int]]:
        """Per township code: its villages, how many are looked at, listed, going on (续整)."""
        rows = (
            self.order_by()
            .values("village__township_id")
            .annotate(
                villages=Count("pk"),
                screened=Count("pk", filter=~Q(outcome="")),
                listed=Count("pk", filter=Q(outcome=ScreeningOutcome.LISTED)),
                continued=Count("pk", filter=Q(outcome=ScreeningOutcome.CONTINUED)),
            )
        )
        return {row.pop("village__township_id"): row for row in rows}


class SubmissionQuerySet(models.QuerySet["TownshipSubmission"]):
    def visible_to(self, user: User) -> Self:
        if user.role in {Role.OFFICE, Role.LEADER, Role.TOWNSHIP}:
            return self.filter(township__code__range=user.code_range)
        return self.none()

    def late(self, day: date) -> Self:
        """Past the round's date and not with the office, while the round runs."""
        owed = self.exclude(status=SubmissionStatus.SUBMITTED)
        return owed.filter(round__status=RoundStatus.OPEN, round__due_on__lt=day)

    def for_list(self) -> Self:
        return self.select_related("township", "round", "submitted_by").order_by(
            "-round__year", "township_id"
        )


class OpinionQuerySet(models.QuerySet["DepartmentOpinion"]):
    def visible_to(self, user: User) -> Self:
        """The office sees all of its district; a department only what was asked of it there."""
        match user.role:
            case Role.OFFICE:
                return self.filter(village__code__range=user.code_range)
            case Role.DEPARTMENT:
                return self.filter(village__code__range=user.code_range, department=user.department)
        return self.none()

    def unanswered(self) -> Self:
        """Those that can still be answered: the round's end is also the end of its questions."""
        return self.filter(answered_on=None, round__status=RoundStatus.OPEN)

    def for_list(self) -> Self:
        """Open questions first, soonest due first."""
        return self.select_related(
            "village__township", "round", "asked_by", "answered_by"
        ).order_by(F("answered_on").desc(nulls_first=True), "due_on", "pk")
