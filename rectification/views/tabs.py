"""Addresses of the case page's tabs, for what leads back there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rectification.models import Case


def acceptance_tab_address(case: Case) -> str:
    return f"{case.get_absolute_url()}?tab=acceptance"
