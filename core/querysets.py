"""Which rows of the shared tables an account sees; core imports no app, so it goes by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

from django.db import models

if TYPE_CHECKING:
    from core.models import AuditEntry, Feedback, Job  # noqa: F401


class Viewer(Protocol):
    """What core needs to know of an account."""

    pk: Any
    role: Any

    @property
    def code_range(self) -> tuple[str, str]: ...


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Viewer) -> Self:
        """Jobs are their owner's alone."""
        return self.filter(owner_id=user.pk)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: Viewer) -> Self:
        """The office reads what comes from its area; everybody else the own words."""
        if user.role == "office":
            return self.filter(area_code__range=user.code_range)
        return self.filter(author_id=user.pk)

    def for_list(self) -> Self:
        return self.select_related("author", "replied_by")


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: Viewer) -> Self:
        """The auditor searches the log of the own area; nobody else reads it."""
        if user.role == "auditor":
            return self.filter(area_code__range=user.code_range)
        return self.none()
