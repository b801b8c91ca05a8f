"""代: for whom a deputy acts, so that the event and the log say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.roles import Role
from rectification.models import Deputy

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Cadre, Case, Problem, Task


def acts_for(user: User, cadre: Cadre) -> bool:
    """Whether an account is the deputy of a cadre today."""
    return Deputy.objects.running().filter(cadre=cadre, deputy__account=user.pk).exists()


def acted_for(case: Case, item: Problem | Task | None, by: User) -> Cadre | None:
    """The cadre for whom an account does something in a case; None when it acts in its own right.

    That is the owner of the item; else, for a helper who is not on the case, who is.
    """
    rows = Deputy.objects.running().filter(deputy__account=by.pk).select_related("cadre")
    absent = {row.cadre_id: row.cadre for row in rows}
    if not absent:
        return None
    if item:
        return absent.get(item.owner_id)
    if by.role != Role.HELPER:
        return None
    on_case = set(case.assignments.running().values_list("cadre__account", "cadre", "liaison"))
    if any(account == by.pk for account, *_ in on_case):
        return None
    there = {pk for _, *cadres in on_case for pk in cadres}
    return next((cadre for pk, cadre in absent.items() if pk in there), None)
