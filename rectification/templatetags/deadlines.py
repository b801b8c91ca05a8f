"""One line under a date: how it was computed, how often it was extended; and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import template
from django.urls import reverse

from core import clock, workdays
from core.templatetags.ui import status_badge
from rectification import deadlines
from rectification.services.extensions import may_ask

if TYPE_CHECKING:
    from django.template.context import Context

    from accounts.models import User
    from rectification.models import (
        Case,
        Escalation,
        Extension,
        FollowUp,
        Milestone,
        Problem,
        Task,
        Topic,
    )

register = template.Library()


def _once(context: Context, key: str, make: Any) -> Any:
    """What a page needs many times is fetched once while it is rendered."""
    cache = context.render_context
    if key not in cache:
        cache[key] = make()
    return cache[key]


@register.simple_tag(takes_context=True)
def reply_words(context: Context, question: Escalation | Topic) -> str:
    known = _once(context, "calendar", workdays.whole_calendar)
    return deadlines.reply_words(question, known)


@register.simple_tag(takes_context=True)
def milestone_words(context: Context, milestone: Milestone, case: Case) -> str:
    standard = case.round.standard
    templates = _once(
        context,
        f"milestones-{standard.pk}",
        lambda: {item.key: item for item in standard.milestones.all()},
    )
    return deadlines.milestone_words(milestone, templates.get(milestone.key), case)


@register.simple_tag
def follow_up_words(follow_up: FollowUp) -> str:
    return deadlines.follow_up_words(follow_up, follow_up.case)


@register.simple_tag
def case_words(case: Case) -> str:
    extensions = case.events.filter(action="extend", undone_by=None)
    return deadlines.case_words(case, list(extensions))


@register.simple_tag(takes_context=True)
def item_words(context: Context, item: Problem | Task) -> str:
    return deadlines.item_words([row for row in extensions_of(context, item) if row.is_granted])


@register.simple_tag(takes_context=True)
def extensions_of(context: Context, item: Problem | Task) -> list[Extension]:
    """What was asked for a problem or task, newest first."""
    key = f"extensions-{item._meta.model_name}-{item.pk}"
    return cast(
        "list[Extension]",
        _once(context, key, lambda: list(item.extensions.select_related("asked_by"))),
    )


@register.simple_tag(takes_context=True)
def may_extend(context: Context, item: Problem | Task, user: User) -> bool:
    """Whether this account can ask for more time now."""
    waiting = any(row.is_granted is None for row in extensions_of(context, item))
    return may_ask(item, user, is_waiting=waiting)


@register.simple_tag
def extend_address(item: Problem | Task) -> str:
    """The page on which more time is asked for."""
    return reverse(f"rectification:{item._meta.model_name}_extend", args=[item.pk])


@register.simple_tag
def extended_mark(times: int) -> str:
    """已延期 1 次; nothing where there was no extension."""
    return status_badge(f"已延期 {times} 次", "warn") if times else ""


@register.inclusion_tag("rectification/_calendar_warning.html", takes_context=True)
def calendar_warning(context: Context) -> dict[str, Any]:
    """Name the years whose notice is not in the table, wherever working days are counted."""
    years = workdays.years_to_warn_of(clock.today())
    return {
        "years": years,
        "may_import": context["request"].user.can("settings_edit"),
    }
