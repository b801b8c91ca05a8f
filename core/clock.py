"""The one place that tells the time, so that tests and the demo can set it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present moment, aware."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """Return the present date in the time zone of the product (Asia/Shanghai)."""
    return timezone.localdate(now())


def day_of(moment: datetime) -> date:
    """Return the date of an aware moment in the time zone of the product."""
    return timezone.localdate(moment)


def zone() -> tzinfo:
    """Return the time zone of the product."""
    return timezone.get_default_timezone()


@contextmanager
def set_to(moment: datetime | date) -> Iterator[None]:
    """Let the clock stand at a moment (a date: at ten in the morning) while the block runs."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(10), tzinfo=zone())
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
