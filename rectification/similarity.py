"""How much of one village's plan stands in another's, sentence by sentence.

Own code, because everybody must be able to count it again: a sentence counts as taken over when
enough of its runs of three characters stand in one sentence of the other plan, and a plan's share
is the characters of such sentences in a hundred of its characters. Names, figures and punctuation
are left out first, so that a copy with another village's name and numbers is still a copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RUN = 3
SHORTEST = 6
SENTENCE_PERCENT = 80
# Plans with less in common are not worth a look; the limit is the year's standard's.
LEAST_PERCENT = 30
USUAL_LIMIT = 70

ENDS = re.compile(r"(?<=[。！？；;!?\n])")
NUMBERING = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|[一二三四五六七八九十]+是)"
)
LEFT_OUT = re.compile(r"[\W\d_]+")


def split(text: str) -> list[str]:
    """Split a text into its sentences, each with its end mark."""
    return [part.strip() for part in ENDS.split(text) if part.strip()]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written, what is compared of it, and the part of the plan it stands in."""

    part: str
    text: str
    core: str
    runs: frozenset[str]

    @property
    def is_counted(self) -> bool:
        """Too short a sentence says nothing about copying."""
        return len(self.core) >= SHORTEST


@lru_cache(maxsize=256)
def sentences(parts: tuple[tuple[str, str], ...], *, names: tuple[str, ...]) -> list[Sentence]:
    """Cut the parts of a plan (heading, text) into sentences; ``names`` are left out of them.

    Remembered by the text: one plan is compared with the same others again and again.
    """
    found = []
    for part, text in parts:
        for words in split(text):
            core = NUMBERING.sub("", words)
            for name in names:
                core = core.replace(name, "")
            core = LEFT_OUT.sub("", core)
            found.append(Sentence(part, words, core, _runs(core)))
    return found


def _runs(core: str) -> frozenset[str]:
    return frozenset(core[place : place + RUN] for place in range(len(core) - RUN + 1))


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence beside the nearest one of the other plan, and how much of it stands there."""

    own: Sentence
    other: Sentence | None
    percent: int

    @property
    def is_alike(self) -> bool:
        return self.percent >= SENTENCE_PERCENT

    @property
    def length(self) -> int:
        """How many characters count."""
        return len(self.own.core)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One plan against another: all its counted sentences with their nearest ones."""

    matches: list[Match]

    @property
    def total(self) -> int:
        return sum(match.length for match in self.matches)

    @property
    def alike(self) -> int:
        return sum(match.length for match in self.matches if match.is_alike)

    @property
    def percent(self) -> Decimal:
        """The share to one decimal, cut off: what is shown is what is held against the limit."""
        return Decimal(self.alike * 1000 // self.total) / 10 if self.total else Decimal(0)


def compare(own: Sequence[Sentence], other: Sequence[Sentence]) -> Comparison:
    """Find for each counted sentence the nearest one of the other plan."""
    counted = [sentence for sentence in own if sentence.is_counted]
    candidates = [sentence for sentence in other if sentence.is_counted]
    return Comparison([_nearest(sentence, candidates) for sentence in counted])


def _nearest(own: Sentence, candidates: Sequence[Sentence]) -> Match:
    best: Sentence | None = None
    shared = 0
    for candidate in candidates:
        common = len(own.runs & candidate.runs)
        if common > shared:
            best, shared = candidate, common
    return Match(own, best, shared * 100 // len(own.runs))
