"""What every page shows around its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.demo import is_demo
from accounts.menu import menu_for
from accounts.session import district_of, only_contact

if TYPE_CHECKING:
    from django.http import HttpRequest

FOOT_ENTRIES = 5  # what fits side by side on a phone


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Menu, unit and demo mark for the signed-in account; nothing for anybody else."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": [], "unit_name": "", "contact": only_contact(), "is_demo": False}
    district = district_of(request)
    menu = menu_for(user, request.path)
    shown = len(menu) if len(menu) <= FOOT_ENTRIES else FOOT_ENTRIES - 1
    return {
        "menu": menu,
        "foot_menu": menu[:shown],
        "more_menu": menu[shown:],
        "unit_name": district["unit_name"],
        "contact": district["contact"],
        "is_demo": is_demo(user.division_id),
    }
