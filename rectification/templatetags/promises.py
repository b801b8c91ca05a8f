"""Promises and help of a case, and a promise's state as word, shape and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from accounts.roles import Permission
from core.templatetags.ui import status_badge
from rectification.choices import DESIGNATED_STATUSES, PromiseState
from rectification.models import HelpItem, Promise
from rectification.selectors_help import HELP_DEFINITION, count_help
from rectification.services.help_items import may_edit

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from accounts.models import User
    from rectification.models import Case

register = template.Library()

KINDS = {
    PromiseState.OWED: "info",
    PromiseState.ARRIVED: "warn",
    PromiseState.CONFIRMED: "done",
    PromiseState.WITHDRAWN: "neutral",
}


@register.simple_tag
def promise_badge(promise: Promise) -> SafeString:
    if promise.is_overdue:
        return status_badge("到期未到位", "bad")
    if promise.is_short:
        return status_badge(f"{promise.get_status_display()} · 金额不足", "warn")
    return status_badge(promise.get_status_display(), KINDS[promise.status])


@register.inclusion_tag("rectification/_promises_part.html")
def promises_of_case(case: Case, user: User) -> dict[str, Any]:
    """What was promised to a case's village."""
    return {
        "case": case,
        "promises": Promise.objects.visible_to(user).filter(case=case).for_list().owed_first(),
        "may_add": user.can(Permission.PROBLEM_EDIT) and case.status in DESIGNATED_STATUSES,
    }


@register.inclusion_tag("rectification/_help_part.html")
def help_of_case(case: Case, user: User) -> dict[str, Any]:
    """What was done for a case's village, and how much of it is help."""
    rows = HelpItem.objects.visible_to(user).filter(case=case)
    return {
        "case": case,
        "rows": [(item, may_edit(item, user)) for item in rows.for_list()],
        "count": count_help(rows),
        "definition": HELP_DEFINITION,
        "may_add": user.can(Permission.VISIT_ADD) and case.status in DESIGNATED_STATUSES,
    }
