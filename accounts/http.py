"""The request as views see it: always signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class UserRequest(HttpRequest):
    """A request behind the sign-in wall."""

    user: User
    htmx: HtmxDetails
    idle_account: int  # whose session ended on this very request
    acting_account: User | None  # who acts, for the log, where the session does not tell
