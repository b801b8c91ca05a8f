"""What changed from one version of a text to the next: sentence by sentence, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from rectification.similarity import split

if TYPE_CHECKING:
    from collections.abc import Sequence

# Chinese is compared by the character, figures and Latin words as a whole.
TOKENS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
# Two sentences with less in common than this are shown as one struck out and one new.
KIN = 0.5


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, were added or were struck out."""

    kind: Kind
    text: str


Line = list[Piece]


def compare_texts(old: str, new: str) -> list[Line]:
    """Return the sentences of both texts in order, each as pieces."""
    before, after = split(old), split(new)
    lines: list[Line] = []
    for tag, first, last, start, end in _changes(before, after):
        if tag == "equal":
            lines += [[Piece(Kind.SAME, sentence)] for sentence in before[first:last]]
        else:
            pairs = zip_longest(before[first:last], after[start:end], fillvalue="")
            lines += [line for pair in pairs for line in _compare_sentences(*pair)]
    return lines


def _changes(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _compare_sentences(old: str, new: str) -> list[Line]:
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    if old and new and SequenceMatcher(None, before, after, autojunk=False).ratio() >= KIN:
        return [_pieces(before, after)]
    gone = [[Piece(Kind.REMOVED, old)]] if old else []
    come = [[Piece(Kind.ADDED, new)]] if new else []
    return gone + come


def _pieces(before: list[str], after: list[str]) -> Line:
    line = []
    for tag, first, last, start, end in _changes(before, after):
        if tag == "equal":
            line.append(Piece(Kind.SAME, "".join(before[first:last])))
            continue
        if last > first:
            line.append(Piece(Kind.REMOVED, "".join(before[first:last])))
        if end > start:
            line.append(Piece(Kind.ADDED, "".join(after[start:end])))
    return line


def is_changed(lines: list[Line]) -> bool:
    """Whether anything differs."""
    return any(piece.kind != Kind.SAME for line in lines for piece in line)
