"""The way to 撤回, on the page of what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from rectification.services import undo

if TYPE_CHECKING:
    from accounts.models import User

register = template.Library()


@register.inclusion_tag("rectification/_undo.html")
def undo_line(item: undo.Item, user: User) -> dict[str, Any]:
    """A line with the last step and its undo, for the account that may take it back now."""
    name = item._meta.model_name
    return {
        "event": undo.undoable(item, user),
        "address": reverse(f"rectification:{name}_undo", args=[item.pk]),
    }
