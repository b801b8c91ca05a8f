"""Words, dates, numbers and small parts as every page shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import clock
from core.forms import ACCOUNT_FIELD, KEY_FIELD
from core.models import new_key

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()

WEEKDAYS = "一二三四五六日"
UNKNOWN = "—"
# Each kind has a shape of its own, so that a print in grey and a colour-blind reader lose nothing.
SHAPES = {
    "neutral": "○",
    "info": "◐",
    "good": "●",
    "warn": "▲",
    "bad": "■",
    "done": "✓",
}


# --- dates ----------------------------------------------------------------------------------------


def as_date(value: date | datetime) -> date:
    """Return the local date of a date or a moment."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def distance(day: date) -> str:
    """Say how far a day is from today: 今天, 还有 12 天, 3 天前; beyond two years 还有 4 年多."""
    days = (day - clock.today()).days
    if days == 0:
        return "今天"
    if days > 2 * 366:
        return f"还有 {days // 366} 年多"
    return f"还有 {days} 天" if days > 0 else f"{-days} 天前"


def long_date(day: date) -> str:
    """Return 2026年6月30日（周二）."""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def zh_date(value: date | datetime | None) -> str:
    """2026年6月30日（周二，还有 12 天）; a past day says how long ago it was."""
    if not value:
        return UNKNOWN
    day = as_date(value)
    return f"{long_date(day)[:-1]}，{distance(day)}）"


@register.filter
def due_date(value: date | datetime | None) -> str:
    """As zh_date, but a day that has passed reads 逾期 3 天: for what is still open."""
    if not value:
        return UNKNOWN
    day = as_date(value)
    late = (clock.today() - day).days
    return f"{long_date(day)[:-1]}，{f'逾期 {late} 天' if late > 0 else distance(day)}）"


@register.filter
def due_in(value: date | datetime | None) -> str:
    """Only the distance, for table cells: 今天到期, 还有 12 天, 逾期 3 天."""
    if not value:
        return UNKNOWN
    days = (as_date(value) - clock.today()).days
    if days == 0:
        return "今天到期"
    return f"还有 {days} 天" if days > 0 else f"逾期 {-days} 天"


@register.filter
def is_late(value: date | datetime | None) -> bool:
    """Whether a day has passed."""
    return bool(value) and as_date(value) < clock.today()  # type: ignore[arg-type]


@register.filter
def day_date(value: date | datetime | None) -> str:
    """2026年6月30日, without weekday and distance: for what happened, in running text."""
    if not value:
        return UNKNOWN
    day = as_date(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def short_date(value: date | datetime | None) -> str:
    """2026-06-30, for table cells."""
    return as_date(value).isoformat() if value else UNKNOWN


@register.filter
def short_time(value: datetime | None) -> str:
    """2026-06-30 14:05, for table cells."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else UNKNOWN


@register.filter
def days_since(value: date | datetime | None) -> int | None:
    """How many days ago a day was; the day itself counts as day 1 (第 1 天)."""
    return (clock.today() - as_date(value)).days + 1 if value else None


# --- numbers and words ----------------------------------------------------------------------------


@register.filter
def number(value: Any) -> str:
    """A number with thousands separated and no idle zeros; unknown as a dash, never as zero."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, Decimal):
        value = value.normalize()
        return f"{value:,f}"
    return f"{value:,}"


@register.filter
def percent(value: Any) -> str:
    """A share that is already in percent: 83.3%."""
    return UNKNOWN if value is None else f"{number(round(Decimal(str(value)), 1))}%"


@register.filter
def yes_no(value: Any) -> str:
    """是, 否, or a dash for what nobody knows."""
    return {True: "是", False: "否", None: UNKNOWN}[value]


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or a dash where there is none."""
    return UNKNOWN if value in {None, ""} else value


# --- small parts ----------------------------------------------------------------------------------


@register.simple_tag
def status_badge(text: str, kind: str = "neutral") -> SafeString:
    """A state as word, shape and colour. Kinds: neutral, info, good, warn, bad, done."""
    return format_html(
        '<span class="badge-state is-{}"><span class="shape" aria-hidden="true">{}</span>{}</span>',
        kind,
        SHAPES[kind],
        text,
    )


@register.simple_tag(takes_context=True)
def form_tokens(context: Context, key: str = "") -> SafeString:
    """CSRF token, idempotency key and account: what every form that posts carries, buttons too.

    Each button on a page gets a key of its own; a form passes the one that process_form gave it.
    """
    fields = {
        "csrfmiddlewaretoken": context.get("csrf_token") or "",
        KEY_FIELD: key or new_key(),
        ACCOUNT_FIELD: getattr(context["request"].user, "pk", None) or "",
    }
    parts = [
        format_html('<input type="hidden" name="{}" value="{}">', name, value)
        for name, value in fields.items()
    ]
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped by format_html


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """Return the address's query string with some values changed; None takes a value out.

    ``<a href="?{% query page=3 %}">``. A change of anything but the page leads back to page 1.
    """
    values = context["request"].GET.copy()
    if "page" not in changes:
        values.pop("page", None)
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value
    return values.urlencode()


@register.simple_tag(takes_context=True)
def sort_query(context: Context, name: str, key: str = "sort") -> str:
    """Return the query string that sorts by a column, or turns the order round."""
    present = context["request"].GET.get(key)
    return query(context, **{key: f"-{name}" if present == name else name})


@register.simple_tag(takes_context=True)
def sort_state(context: Context, name: str, key: str = "sort") -> str:
    """Return the aria-sort value of a column head."""
    present = context["request"].GET.get(key)
    return {name: "ascending", f"-{name}": "descending"}.get(present or "", "none")
