"""Help a village got: entered and corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.roles import Permission, Role
from core.exceptions import NotAllowed
from rectification.choices import DESIGNATED_STATUSES
from rectification.deadlines import day_words
from rectification.services.steps import at_work, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from rectification.models import HelpItem


@transaction.atomic
def add_help(item: HelpItem, *, by: User) -> HelpItem:
    """Save a new help item of a case."""
    if not by.can(Permission.VISIT_ADD):
        raise NotAllowed("您的账号不能登记帮扶事项")
    case = at_work(item.case, statuses=DESIGNATED_STATUSES)
    item.entered_by = by
    item.save()
    words = f"{item.get_kind_display()}：{item.what}（{day_words(item.on)}，{item.helper}）"
    record(case, "help_add", "登记帮扶事项", by=by, note=words)
    return item


def may_edit(item: HelpItem, user: User) -> bool:
    """The office and the township correct all entries, a helper the own ones."""
    if user.role == Role.HELPER:
        return item.entered_by_id == user.pk
    return user.can(Permission.PROBLEM_EDIT)


@transaction.atomic
def revise_help(
    item: HelpItem, *, save: Callable[[], Any], changes: list[str], by: User
) -> HelpItem:
    """Save an edited help item; the event keeps each former value."""
    if not may_edit(item, by):
        raise NotAllowed("这一条不是您登记的，请由登记人或乡镇修改")
    save()
    if changes:
        note = f"{item.what}。{'；'.join(changes)}"
        record(item.case, "help_edit", "修改帮扶事项", by=by, note=note)
    return item
