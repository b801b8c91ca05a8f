"""What the lists of this app share: the order that the address asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

Rows = TypeVar("Rows", bound="QuerySet[Any]")


def sort_rows(request: HttpRequest, rows: Rows, sorts: Mapping[str, tuple[str, ...]]) -> Rows:
    """Order rows by ``?sort=name`` or ``?sort=-name``; an unknown name leaves them as they are."""
    asked = request.GET.get("sort", "")
    paths = sorts.get(asked.removeprefix("-"))
    if paths is None:
        return rows
    sign = "-" if asked.startswith("-") else ""
    return rows.order_by(*(f"{sign}{path}" for path in paths), "pk")
