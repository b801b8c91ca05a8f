"""Which divisions an account sees: those under its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

from django.db import models

from divisions.codes import Level

if TYPE_CHECKING:
    from datetime import date

    from divisions.models import Division  # noqa: F401


class Viewer(Protocol):
    """What this app needs to know of an account."""

    role: Any

    @property
    def code_range(self) -> tuple[str, str]: ...


class DivisionQuerySet(models.QuerySet["Division"]):
    def visible_to(self, user: Viewer) -> Self:
        """Every account sees the names of the units under its own division, itself included."""
        first, last = user.code_range
        if not first:
            return self.none()
        return self.filter(code__range=(first, last))

    def townships(self) -> Self:
        return self.filter(level=Level.TOWNSHIP)

    def valid_on(self, day: date) -> Self:
        """Units in force on a day; an unknown start counts as always."""
        return self.filter(
            models.Q(valid_from=None) | models.Q(valid_from__lte=day),
            models.Q(valid_to=None) | models.Q(valid_to__gt=day),
        )
