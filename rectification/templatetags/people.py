"""Handovers in words, and what a page of an item says about passing it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core.templatetags.ui import status_badge
from rectification import selectors_people
from rectification.choices import HandoverStatus
from rectification.models import Handover
from rectification.services import handovers

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from accounts.models import User
    from rectification.models import Assignment, Deputy, Problem, Task

register = template.Library()

HANDOVER_KINDS = {
    HandoverStatus.PROPOSED: "warn",
    HandoverStatus.ACCEPTED: "done",
    HandoverStatus.REFUSED: "bad",
    HandoverStatus.WITHDRAWN: "neutral",
}


@register.simple_tag
def handover_badge(handover: Handover) -> SafeString:
    kind = HANDOVER_KINDS[HandoverStatus(handover.status)]
    return status_badge(handover.get_status_display(), kind)


@register.filter
def is_silent(assignment: Assignment) -> bool:
    """Whether there is neither a decision nor a promise nor an own visit (with_signs)."""
    return selectors_people.is_silent(assignment)


@register.simple_tag
def deputy_badge(deputy: Deputy) -> SafeString:
    kinds = {"未开始": "info", "代理中": "good", "已结束": "neutral"}
    return status_badge(deputy.state, kinds[deputy.state])


@register.inclusion_tag("rectification/_handover_line.html")
def handover_line(item: Assignment | Problem | Task, user: User) -> dict[str, Any]:
    """The handover under way of an item, else whether the account may propose one."""
    kind = handovers.KINDS[type(item)]
    waiting = Handover.objects.visible_to(user).live().filter(**{kind: item}).for_list().first()
    may_propose = waiting is None and handovers.may_propose(item, user)
    return {
        "item": item,
        "kind": kind,
        "waiting": waiting,
        "may_propose": may_propose and handovers.can_pass_on(item),
    }
