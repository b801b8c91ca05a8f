"""Lets many stories run side by side in the order of their days, up to yesterday.

A story is a generator that yields the day of its next act (the last day, when the act takes
several) and then does it. What would happen today or later does not: the case stays as it is.
"""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    Story = Iterator[date]


class Schedule:
    """Stories by the day of their next act."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._serial = count()
        self._waiting: list[tuple[date, int, Story]] = []

    def add(self, story: Story) -> None:
        """Take up a story: it runs to its first day."""
        day = next(story, None)
        if day is not None and day < self._today:
            heapq.heappush(self._waiting, (day, next(self._serial), story))

    def run(self) -> None:
        """Do the acts of all stories, also of those that an act adds."""
        while self._waiting:
            story = heapq.heappop(self._waiting)[2]
            self.add(story)
