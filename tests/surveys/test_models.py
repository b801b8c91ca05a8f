import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from surveys.choices import RecordKind, RecordLevel
from surveys.models import SurveyRecord
from tests.factories import make_district, make_division, make_user, make_village
from tests.surveys.factories import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def records():
    """One record of a village, its township, its district, and each neighbour's village."""
    own, other = make_division("990101001"), make_division("990101002")
    make_district()
    foreign = make_district("990102")
    abroad = make_village(make_division("990102001"))
    assert foreign
    return {
        "village": make_record(make_village(own)),
        "township": make_record(township=own),
        "district": make_record(),
        "other township": make_record(make_village(other)),
        "other district": make_record(abroad),
    }


@pytest.mark.parametrize(
    ("role", "division", "seen"),
    [
        (Role.OFFICE, "990101", {"village", "township", "district", "other township"}),
        (Role.LEADER, "990101", {"village", "township", "district", "other township"}),
        (Role.TOWNSHIP, "990101001", {"village", "township"}),
        (Role.TOWNSHIP, "990101002", {"other township"}),
        (Role.OFFICE, "990102", {"other district"}),
        (
            Role.LEADER,
            "9901",
            {"village", "township", "district", "other township", "other district"},
        ),
        (Role.HELPER, "990101", set()),
        (Role.DEPARTMENT, "990101", set()),
        (Role.AUDITOR, "990101", set()),
        (Role.SYSADMIN, "990101", set()),
    ],
)
def test_a_record_is_seen_from_its_area_and_above(records, role, division, seen):
    user = make_user(role, make_division(division))
    found = set(SurveyRecord.objects.visible_to(user))
    assert found == {records[name] for name in seen}


@pytest.mark.parametrize(
    "wrong",
    [
        {"returned": 21},
        {"valid": 19},
        {"members": 3},
        {"issued": None},
        {"level": RecordLevel.TOWNSHIP},
        {"village_id": None},
    ],
)
def test_a_questionnaire_that_contradicts_itself_is_refused_by_the_database(wrong):
    record = make_record(make_village(), kind=RecordKind.QUESTIONNAIRE)
    for name, value in wrong.items():
        setattr(record, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


@pytest.mark.parametrize("wrong", [{"members": 0, "villagers": 0}, {"issued": 3}])
def test_a_talk_has_people_and_no_sheets(wrong):
    record = make_record(make_village())
    for name, value in wrong.items():
        setattr(record, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()
