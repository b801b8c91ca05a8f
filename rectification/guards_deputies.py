"""Four eyes, also through deputies: neither a doer nor who stands in for one approves the work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from rectification.models import CaseEvent, Deputy, TaskProgress

if TYPE_CHECKING:
    from collections.abc import Collection

    from rectification.models import Problem


@dataclass(slots=True)
class Barred:
    """Accounts that may not approve a problem's closing: who did the work, and who stands in."""

    doers: set[int] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)

    def __contains__(self, account: int) -> bool:
        return account in self.doers or account in self.linked


DONE = ("task_finish", "topic_answer")  # whoever did this did the work


def barred_from(problems: Collection[Problem]) -> dict[int, Barred]:
    """For each problem, whom its work bars from approving it; three queries, however many.

    Barred are those who wrote progress on a task, finished one, answered its topic or asked for the
    closing, those for whom any of them acted as deputy, and who is deputy of any of them today or
    the other way round.
    """
    found = {item.pk: Barred() for item in problems}
    for item in problems:
        found[item.pk].doers |= {item.closing_by_id} if item.closing_by_id else set()
    progress = TaskProgress.objects.filter(task__problem__in=found)
    for pk, by in progress.values_list("task__problem", "by").distinct():
        found[pk].doers.add(by)
    _add_events(found, {item.pk: item.closing_by_id for item in problems})
    pairs = running_pairs({pk for barred in found.values() for pk in barred.doers})
    for barred in found.values():
        barred.linked |= {other for doer in barred.doers for other in pairs[doer]} - barred.doers
    return found


def _add_events(found: dict[int, Barred], asked_by: dict[int, int | None]) -> None:
    """Add who finished tasks, and the absent for whom the work or the request was done."""
    about = Q(problem__in=found) | Q(task__problem__in=found)
    work = CaseEvent.objects.filter(about, action__in=(*DONE, "progress", "problem_request_close"))
    names = ("problem", "task__problem", "action", "by", "acted_for__account")
    for problem, of_task, action, by, absent in work.values_list(*names):
        pk = of_task or problem
        if action in DONE:
            found[pk].doers.add(by)
        if absent and (action != "problem_request_close" or by == asked_by[pk]):
            found[pk].linked.add(absent)


def running_pairs(accounts: Collection[int]) -> dict[int, set[int]]:
    """Who is deputy of whom today, both ways, by account."""
    rows = Deputy.objects.running().filter(
        Q(cadre__account__in=accounts) | Q(deputy__account__in=accounts)
    )
    pairs: dict[int, set[int]] = defaultdict(set)
    for absent, deputy in rows.values_list("cadre__account", "deputy__account"):
        if absent and deputy:
            pairs[absent].add(deputy)
            pairs[deputy].add(absent)
    return pairs
