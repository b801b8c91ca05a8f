"""我的待办: requests for more time, and promises that did not come or that nobody confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.roles import Role
from dashboards.desk import item_of
from rectification.choices import Level
from rectification.models import Extension, Promise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards.desk import Desk, Item

# A task of a type, without a problem, is the village's.
OF_VILLAGE = (
    Q(problem__level=Level.VILLAGE)
    | Q(task__problem__level=Level.VILLAGE)
    | Q(task__isnull=False, task__problem=None)
)


def extensions(desk: Desk) -> Iterable[Item]:
    """Requests somebody else decides: the township's for the village's problems, else the office's.

    Where no account of the township could decide (it asked itself), the office.
    """
    rows = Extension.objects.visible_to(desk.user).waiting().exclude(asked_by=desk.user)
    if desk.is_office:
        able = User.objects.active().filter(
            role=Role.TOWNSHIP, division=OuterRef("case__village__township_id")
        )
        able = able.exclude(pk=OuterRef("asked_by_id"))
        rows = rows.filter(~OF_VILLAGE | ~Exists(able))
    else:
        rows = rows.filter(OF_VILLAGE)
    for row in rows.for_list():
        yield item_of("延期", f"审批“{row.item}”延到 {row.wanted:%-m月%-d日}", row, row.former)


def promises(desk: Desk) -> Iterable[Item]:
    """Overdue promises, and arrived ones the village has not confirmed.

    They are with whoever entered them: the office, or the township (the office where it has none).
    """
    rows = Promise.objects.visible_to(desk.user).for_list()
    by_office = Q(entered_by__role=Role.OFFICE)
    if desk.is_office:
        unstaffed = desk.local(Promise.objects.all(), "case__village__township").values("pk")
        rows = rows.filter(by_office | Q(pk__in=unstaffed))
    else:
        rows = rows.exclude(by_office)
    for row in rows.to_do(desk.day):
        words = f"{row.promiser}承诺的“{row.what}”到期还没有到位"
        if not row.is_owed:
            words = f"“{row.what}”已到位，请村里确认"
        yield item_of("承诺", words, row, row.due_on if row.is_owed else None)
