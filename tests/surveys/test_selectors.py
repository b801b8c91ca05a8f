import random
from datetime import timedelta

import pytest

from core import clock
from surveys.choices import RecordKind
from surveys.models import PEOPLE_FIELDS, SurveyRecord
from surveys.selectors import Totals, corrections, totals
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import make_case, make_round
from tests.surveys.factories import make_record

pytestmark = pytest.mark.django_db


def test_the_totals_are_the_sums_over_the_records():
    village, user, chance = make_village(), make_user(), random.Random(7)
    for kind in [RecordKind.SEMINAR] * 5 + [RecordKind.INTERVIEW] * 4:
        numbers = {name: chance.randrange(9) for name in PEOPLE_FIELDS} | {"members": 1}
        make_record(village, kind=kind, entered_by=user, **numbers)
    for _ in range(3):
        make_record(village, kind=RecordKind.QUESTIONNAIRE, entered_by=user)
    records = list(SurveyRecord.objects.all())
    expected = Totals(
        seminars=5,
        interviews=4,
        people=sum(record.people for record in records),
        questionnaires=sum(record.returned or 0 for record in records),
    )
    assert totals(SurveyRecord.objects.all()) == expected
    assert expected.questionnaires == 54


def test_without_records_every_total_is_zero():
    assert totals(SurveyRecord.objects.all()) == Totals(0, 0, 0, 0)


def test_a_scoped_total_counts_no_row_of_another_township():
    make_record(make_village(make_division("990101001")), members=6, villagers=4)
    make_record(make_village(make_division("990101002")), members=100, villagers=0)
    township = make_user("township", make_division("990101001"))
    assert totals(SurveyRecord.objects.visible_to(township)).people == 10


def test_the_totals_take_one_query(django_assert_num_queries):
    make_record(make_village())
    with django_assert_num_queries(1):
        totals(SurveyRecord.objects.all())


def test_the_records_of_a_case_are_its_villages_of_its_round_or_its_time():
    village, day = make_village(), timedelta(days=1)
    case = make_case(village, proposed_on=clock.today() - 100 * day)
    earlier = make_round(year=clock.today().year - 1)
    of_round = make_record(village, round=case.round, held_on=case.proposed_on - 30 * day)
    while_it_ran = make_record(village, round=earlier, held_on=case.proposed_on + day)
    make_record(village, round=earlier, held_on=case.proposed_on - day)
    make_record(make_village(), round=case.round)
    assert set(SurveyRecord.objects.of_case(case)) == {of_round, while_it_ran}


def test_a_correction_keeps_the_former_value_with_who_and_when():
    record, user = make_record(make_village(), topic="座谈"), make_user(name="李经办")
    record.topic, record.villagers = "院坝会", 12
    record._history_user = user
    record.save()
    [correction] = corrections(record)
    assert correction.by == "李经办"
    assert set(correction.changes) == {("主题", "座谈", "院坝会"), ("村民", "4", "12")}


def test_a_record_never_corrected_tells_no_correction():
    assert corrections(make_record(make_village())) == []
