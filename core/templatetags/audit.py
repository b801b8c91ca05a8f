"""The log's words in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from core import audit
from core.templatetags.ui import UNKNOWN, status_badge

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def act_words(act: str) -> str:
    """What an act is called."""
    return audit.act_words(act)


@register.filter
def record_words(record: str) -> str:
    """Which record, in words; a dash where the act was on none."""
    return audit.record_words(record) or UNKNOWN


@register.simple_tag
def result_badge(status: int) -> SafeString:
    """A result as word, shape and colour."""
    words, kind = audit.result_words(status)
    return status_badge(words, kind)
