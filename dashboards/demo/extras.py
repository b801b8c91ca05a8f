"""What stands beside the cases: this year's investigation, next year's draft standard, feedback."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from simple_history.utils import bulk_create_with_history

from core import clock
from core.models import Feedback
from dashboards.demo import texts
from dashboards.demo.promises import make_promises
from rectification.models import Case
from rectification.services import standards
from surveys.choices import RecordKind, RecordLevel
from surveys.models import SurveyRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.demo.world import World

FEEDBACK_AUTHORS = ("helper1", "township1", "township2", "office2")


def make_extras(world: World) -> None:
    """Create the rows that belong to no case's way."""
    records = [make_record(world, **row) for row in surveys(world)]
    bulk_create_with_history(records, SurveyRecord, default_change_reason="登记")
    with clock.set_to(world.ago(15)):
        last = world.standards[world.today.year]
        standards.copy_standard(last, by=world.office, year=world.today.year + 1)
    for username, (page, text, reply) in zip(FEEDBACK_AUTHORS, texts.FEEDBACK, strict=True):
        make_feedback(world, username, page, text, reply)
    make_promises(world)


def make_record(world: World, *, days_ago: int, days_late: int = 1, **fields: Any) -> SurveyRecord:
    held_on = world.ago(days_ago)
    with clock.set_to(held_on + timedelta(days=days_late)):
        return SurveyRecord(
            round=world.rounds[world.today.year],
            held_on=held_on,
            entered_by=world.office,
            **fields,
        )


def surveys(world: World) -> Iterator[dict[str, Any]]:
    """Seminars, talks and questionnaires in the villages at work, and one for each level above."""
    at_work = Case.objects.open().exclude(designated_on=None).order_by("pk")
    for number, case in enumerate(at_work.select_related("village")[:12]):
        yield from village_records(number, case)
    for number, township in enumerate(world.townships[:3]):
        topic, findings = texts.TOWNSHIP_SEMINAR
        yield {
            "kind": RecordKind.SEMINAR,
            "level": RecordLevel.TOWNSHIP,
            "township": township,
            "days_ago": 33 - number,
            "topic": topic,
            "findings": findings,
            "township_cadres": 5,
            "village_cadres": 4,
        }
    topic, findings = texts.DISTRICT_SEMINAR
    yield {
        "kind": RecordKind.SEMINAR,
        "level": RecordLevel.DISTRICT,
        "days_ago": 28,
        "topic": topic,
        "findings": findings,
        "township_cadres": 6,
        "others": 9,
    }


def village_records(number: int, case: Case) -> Iterator[dict[str, Any]]:
    topic, findings = texts.SEMINARS[number % len(texts.SEMINARS)]
    place = {"level": RecordLevel.VILLAGE, "village": case.village}
    yield {
        **place,
        "kind": RecordKind.SEMINAR,
        "days_ago": 30 - number,
        "days_late": 6 if number == 4 else 1,
        "topic": topic,
        "findings": findings,
        "members": 4 + number % 3,
        "representatives": 3,
        "village_cadres": 2,
    }
    if number % 2:
        yield {
            **place,
            "kind": RecordKind.INTERVIEW,
            "days_ago": 26 - number,
            "topic": "入户访谈",
            "findings": texts.INTERVIEW,
            "members": 2,
            "villagers": 5 + number % 4,
        }
    else:
        yield {
            **place,
            "kind": RecordKind.QUESTIONNAIRE,
            "days_ago": 24 - number,
            "topic": "整顿情况问卷调查",
            "findings": texts.QUESTIONNAIRE,
            "issued": 30,
            "returned": 28 - number % 3,
            "valid": 26 - number % 3,
        }


def make_feedback(world: World, username: str, page: str, text: str, reply: str) -> None:
    author = world.users[username]
    answered: dict[str, Any] = {}
    if reply:
        with clock.set_to(world.ago(2)):
            answered = {
                "reply": reply,
                "replied_by": world.second_office,
                "replied_at": clock.now(),
            }
    row = Feedback.objects.create(
        author=author, area_code=author.division_id, page=page, text=text, **answered
    )
    with clock.set_to(world.ago(5)):
        Feedback.objects.filter(pk=row.pk).update(created_at=clock.now())
