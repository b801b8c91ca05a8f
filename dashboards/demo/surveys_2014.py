"""The investigation of 2014: seminars on several levels, talks and 350 questionnaires."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from simple_history.utils import bulk_create_with_history

from core import clock
from dashboards.demo import texts
from surveys.choices import RecordKind, RecordLevel
from surveys.models import SurveyRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.demo.the_29 import Listed
    from dashboards.demo.world import World
    from rectification.models import Round

FIRST_DAY = date(2014, 4, 8)
SECOND_SEMINARS = 8  # villages with a second seminar in autumn
DISTRICT_DAYS = (date(2014, 4, 3), date(2014, 7, 10), date(2014, 10, 15))
QUESTIONNAIRES = 350


def make_records(world: World, opened: Round, listed: list[Listed]) -> None:
    """Create the records: 54 seminars, 29 talks, a batch of questionnaires in each village."""
    rows = [
        *village_talks(listed),
        *township_seminars(world, listed),
        *district_seminars(),
        *questionnaires(listed),
    ]
    records = [make_record(world, opened, **row) for row in rows]
    bulk_create_with_history(records, SurveyRecord, default_change_reason="登记")


def make_record(world: World, opened: Round, *, held_on: date, **fields: Any) -> SurveyRecord:
    with clock.set_to(held_on + timedelta(days=1)):
        return SurveyRecord(round=opened, held_on=held_on, entered_by=world.office, **fields)


def seminar(village: Any, number: int, held_on: date) -> dict[str, Any]:
    topic, findings = texts.SEMINARS[number % len(texts.SEMINARS)]
    return {
        "kind": RecordKind.SEMINAR,
        "level": RecordLevel.VILLAGE,
        "village": village,
        "held_on": held_on,
        "topic": topic,
        "findings": findings,
        "members": 3,
        "representatives": 2,
        "village_cadres": 1,
    }


def village_talks(listed: list[Listed]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(listed):
        day = FIRST_DAY + timedelta(days=3 * number)
        yield seminar(row.village, number, day)
        yield {
            "kind": RecordKind.INTERVIEW,
            "level": RecordLevel.VILLAGE,
            "village": row.village,
            "held_on": day,
            "topic": "入户访谈",
            "findings": texts.INTERVIEW,
            "members": 1,
            "villagers": 2,
        }
        if number < SECOND_SEMINARS:
            yield seminar(row.village, number + 2, date(2014, 10, 9) + timedelta(days=number))


def township_seminars(world: World, listed: list[Listed]) -> Iterator[dict[str, Any]]:
    with_villages = {row.village.township_id for row in listed}
    topic, findings = texts.TOWNSHIP_SEMINAR
    towns = [township for township in world.townships if township.code in with_villages]
    for number, township in enumerate(towns):
        yield {
            "kind": RecordKind.SEMINAR,
            "level": RecordLevel.TOWNSHIP,
            "township": township,
            "held_on": date(2014, 5, 6) + timedelta(days=2 * number),
            "topic": topic,
            "findings": findings,
            "township_cadres": 4,
            "village_cadres": 1,
        }


def district_seminars() -> Iterator[dict[str, Any]]:
    topic, findings = texts.DISTRICT_SEMINAR
    for day in DISTRICT_DAYS:
        yield {
            "kind": RecordKind.SEMINAR,
            "level": RecordLevel.DISTRICT,
            "held_on": day,
            "topic": topic,
            "findings": findings,
            "township_cadres": 3,
            "others": 6,
        }


def questionnaires(listed: list[Listed]) -> Iterator[dict[str, Any]]:
    share, rest = divmod(QUESTIONNAIRES, len(listed))
    for number, row in enumerate(listed):
        returned = share + (number < rest)
        yield {
            "kind": RecordKind.QUESTIONNAIRE,
            "level": RecordLevel.VILLAGE,
            "village": row.village,
            "held_on": date(2014, 6, 3) + timedelta(days=number),
            "topic": "整顿情况问卷调查",
            "findings": texts.QUESTIONNAIRE,
            "issued": returned + 1,
            "returned": returned,
            "valid": returned,
        }
