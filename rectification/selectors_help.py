"""How much help a village got: by kind, with 慰问 apart and never among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from rectification.choices import HelpKind

if TYPE_CHECKING:
    from rectification.querysets import HelpItemQuerySet

HELP_KINDS: tuple[HelpKind, ...] = tuple(kind for kind in HelpKind if kind != HelpKind.COMFORT)
HELP_DEFINITION = (
    "帮扶事项数只算班子建设、产业发展、教育培训、化解矛盾四类；慰问（送钱送物）另数，不算帮扶"
)


@dataclass(frozen=True, slots=True)
class HelpCount:
    """Help items by kind, and 慰问 beside them."""

    kinds: dict[HelpKind, int]
    comfort: int

    @property
    def help(self) -> int:
        return sum(self.kinds.values())

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Each kind of help in words with its number."""
        return [(str(kind.label), number) for kind, number in self.kinds.items()]


def count_help(rows: HelpItemQuerySet) -> HelpCount:
    """Count scoped help items: the one place that says what counts as help."""
    counted = dict(rows.order_by().values_list("kind").annotate(number=Count("pk")))
    kinds: dict[HelpKind, int] = {kind: counted.get(kind.value, 0) for kind in HELP_KINDS}
    return HelpCount(kinds, counted.get(HelpKind.COMFORT.value, 0))
