"""Demo accounts: they belong to the fictional province and share one public password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import User
from divisions.codes import code_range

if TYPE_CHECKING:
    from django.db.models import QuerySet

DEMO_PROVINCE = "990000000000"  # no real division has a code that begins with 99
DEMO_PASSWORD = "yanshi-2014"  # noqa: S105 - public on purpose; run.py keeps it on this machine


def demo_users() -> QuerySet[User]:
    """Return the accounts anybody could sign in to, because their password is in the README."""
    return User.objects.active().filter(division__code__range=code_range(DEMO_PROVINCE))


def is_demo(code: str) -> bool:
    """Whether a division lies in the fictional province."""
    first, last = code_range(DEMO_PROVINCE)
    return first <= code <= last
