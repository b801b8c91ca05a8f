"""代: for whom a deputy acts, so that the event and the log say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.roles import Role
from rectification.models import Cadre, Deputy

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Case, Problem, Task


def acts_for(user: User, cadre: Cadre) -> bool:
    """Whether an account is the deputy of a cadre today."""
    return Deputy.objects.running().filter(cadre=cadre, deputy__account=user.pk).exists()


def acted_for(case: Case, item: Problem | Task | None, by: User) -> Cadre | None:
    """The cadre for whom an account does something in a case; None when it acts in its own right.

    That is the owner of the item; else, for a helper who is not on the case, who is.
    """
    if item is None and by.role != Role.HELPER:
        return None
    running = Deputy.objects.running().filter(deputy__account=by.pk)
    absent = set(running.order_by().values_list("cadre", flat=True))
    if not absent:
        return None
    if item:
        return item.owner if item.owner_id in absent else None
    on_case = case.assignments.running().values_list("cadre__account", "cadre", "liaison")
    if any(account == by.pk for account, *_ in on_case):
        return None
    there = {pk for _, *cadres in on_case for pk in cadres}
    return Cadre.objects.filter(pk__in=absent & there).first()
