"""A line of 我的待办, and whose desk it lies on: what every source of work shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.roles import Role
from rectification.models import Case, Deputy
from rectification.querysets.problems import stands_in

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from rectification.models import Problem, Task
    from rectification.querysets import CaseQuerySet
    from villages.models import Village


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what is to be done, where, by when, and the page where it is done."""

    noun: str
    text: str
    address: str
    due: date | None = None
    place: str = ""


@dataclass(frozen=True)
class Desk:
    """Whose work it is, on which day."""

    user: User
    day: date

    @cached_property
    def is_office(self) -> bool:
        return self.user.role == Role.OFFICE

    @cached_property
    def stands(self) -> bool:
        """Whether the account keeps what nobody of its unit holds: asked once for all sources."""
        return stands_in(self.user)

    def local(self, rows: QuerySet[Any], township: str) -> QuerySet[Any]:
        """Rows that are the township's to do, whose accounts stand under the path ``township``."""
        if not self.is_office:
            return rows
        accounts = User.objects.active().filter(
            role=Role.TOWNSHIP, division=OuterRef(f"{township}_id")
        )
        return rows.filter(~Exists(accounts))

    @cached_property
    def absent(self) -> set[int]:
        """The cadres for whom the account is deputy today."""
        rows = Deputy.objects.visible_to(self.user).running(self.day)
        return set(rows.filter(deputy__account=self.user).values_list("cadre", flat=True))

    def standing(self, row: Problem | Task) -> str:
        """Words for an item that the account does as deputy."""
        return f"（您代理{row.owner.name}）" if row.owner_id in self.absent else ""

    @cached_property
    def cases(self) -> CaseQuerySet:
        return Case.objects.visible_to(self.user).for_list()

    @property
    def local_cases(self) -> QuerySet[Case]:
        return self.local(self.cases, "village__township")


def place_of(village: Village) -> str:
    return f"{village.township}{village}"


def item_of(noun: str, text: str, row: Any, due: date | None, case: Case | None = None) -> Item:
    village = (case or row.case).village
    return Item(noun, text, row.get_absolute_url(), due, place_of(village))
