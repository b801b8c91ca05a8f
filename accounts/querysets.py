"""Which accounts an account sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import DistrictSettings, User  # noqa: F401


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Office, township and sysadmin see the accounts under their division; others their own."""
        match user.role:
            case Role.OFFICE | Role.TOWNSHIP | Role.SYSADMIN:
                return self.filter(division__code__range=user.code_range)
            case Role.LEADER | Role.HELPER | Role.DEPARTMENT | Role.AUDITOR:
                return self.filter(pk=user.pk)
        return self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class DistrictSettingsQuerySet(models.QuerySet["DistrictSettings"]):
    def visible_to(self, user: User) -> Self:
        if user.role == Role.SYSADMIN:
            return self.filter(division__code__range=user.code_range)
        return self.none()
