"""Which survey records an account sees, and the filters that list, figures and export share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.roles import Role
from core import clock

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Case
    from surveys.models import SurveyRecord  # noqa: F401


class SurveyRecordQuerySet(models.QuerySet["SurveyRecord"]):
    def visible_to(self, user: User) -> Self:
        """Records of villages, townships and districts under the account's division.

        A township sees what was held in itself and its villages; what was held for the whole
        district is the district's and of those above it.
        """
        if user.role in {Role.OFFICE, Role.LEADER, Role.TOWNSHIP}:
            return self.in_area(user.code_range)
        return self.none()

    def in_area(self, area: tuple[str, str]) -> Self:
        """Records of the villages, townships and whole districts within a range of codes."""
        return self.filter(
            Q(village__code__range=area)
            | Q(township__code__range=area)
            | Q(village=None, township=None, round__district__code__range=area)
        )

    def of_case(self, case: Case) -> Self:
        """The village's records of the case's round, and those held while the case ran."""
        last = case.transformed_on or case.ended_on or clock.today()
        return self.filter(
            Q(round_id=case.round_id) | Q(held_on__range=(case.proposed_on, last)),
            village_id=case.village_id,
        )

    def for_list(self) -> Self:
        return self.select_related(
            "village__township", "township", "round__district", "round__standard", "entered_by"
        ).order_by("-held_on", "-pk")
