"""What a session remembers of its account's district, so that no page asks for it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.conf import settings

from accounts.models import DistrictSettings

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

KEY = "district"


class District(TypedDict):
    """The settings of the account's district as they were at sign-in."""

    account: int
    unit_name: str
    contact: str
    idle_minutes: int


def read_district(user: User) -> District:
    """Read the settings that hold for an account; a district without any has the defaults."""
    chosen = DistrictSettings.objects.filter(division_id=user.district_code).first()
    return District(
        account=user.pk,
        unit_name=(chosen and chosen.unit_name) or user.division.name,
        contact=chosen.contact if chosen else "",
        idle_minutes=chosen.idle_minutes if chosen else settings.IDLE_LOGOUT_MINUTES,
    )


def only_contact() -> str:
    """Return whom to call where nobody is signed in: known only if one district is at home here."""
    contacts = DistrictSettings.objects.exclude(contact="").values_list("contact", flat=True)[:2]
    return contacts[0] if len(contacts) == 1 else ""


def district_of(request: HttpRequest) -> District:
    """Return what the session remembers, reading it once for each sign-in."""
    user: User = request.user  # type: ignore[assignment]
    known: District | None = request.session.get(KEY)
    if known is None or known["account"] != user.pk:
        known = request.session[KEY] = read_district(user)
    return known
