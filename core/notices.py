"""Reading the State Council's yearly notice on holidays, as it is pasted from the web page.

``二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）上班。``
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

HEAD = re.compile(
    r"(?:[一二三四五六七八九十]+、|\d+[.．、])?\s*(元旦|春节|清明节|劳动节|端午节|中秋节|国庆节)"
)
BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")
DAY = r"(?:(\d{1,2})月)?(\d{1,2})日"
SPAN = re.compile(rf"{DAY}(?:(?:至|—|-|~){DAY})?")


class NotUnderstood(ValueError):
    """A part of the notice in which no days were found; its text is the argument."""


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day out of the weekday rule."""

    day: date
    is_working: bool
    name: str


def read_notice(text: str, year: int) -> list[NoticeDay]:
    """Return the exceptions of the weekday rule that a notice names, in order of days.

    Raises ``NotUnderstood`` with the sentence it could not read.
    """
    plain = BRACKETS.sub("", text).replace(" ", "").replace("\u3000", "")
    heads = list(HEAD.finditer(plain))
    if not heads:
        raise NotUnderstood(text[:40])
    ends = [head.start() for head in heads[1:]] + [len(plain)]
    found: dict[date, NoticeDay] = {}
    for head, end in zip(heads, ends, strict=True):
        for row in _read_part(head[1], plain[head.end() : end], year):
            found[row.day] = row
    return sorted(found.values(), key=lambda row: row.day)


def _read_part(name: str, part: str, year: int) -> list[NoticeDay]:
    rows = []
    for sentence in re.split(r"[。；;\n]", part):
        is_working = "上班" in sentence
        if not is_working and "放假" not in sentence:
            continue
        days = _days(sentence, year)
        if not days:
            raise NotUnderstood(f"{name}：{sentence}")
        rows += [
            NoticeDay(day, is_working, name) for day in days if is_working == (day.weekday() >= 5)
        ]
    if not rows and "放假" not in part:
        raise NotUnderstood(f"{name}{part[:40]}")
    return rows


def _days(sentence: str, year: int) -> list[date]:
    """Expand 「2月14日、28日」 and 「1月1日至3日」 to days; a month holds for what follows it."""
    days, month = [], 0
    for first_month, first, last_month, last in SPAN.findall(sentence):
        month = int(first_month or month)
        start = _date(year, month, first, sentence)
        end = _date(year, int(last_month or month), last, sentence) if last else start
        month = int(last_month or month)
        days += [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return days


def _date(year: int, month: int, day: str, sentence: str) -> date:
    try:
        return date(year, month, int(day))
    except ValueError:
        raise NotUnderstood(sentence) from None
