"""Makes survey records for tests."""

from core import clock
from rectification.models import Round
from surveys.choices import RecordKind, RecordLevel
from surveys.models import SurveyRecord
from tests.factories import make_district, make_user
from tests.rectification.factories import make_round


def make_record(village=None, *, township=None, kind=RecordKind.SEMINAR, **fields):
    """Make a record of a village, of a township, or with neither of the whole district."""
    place = village.code if village else township.code if township else None
    survey_round = fields.pop("round", None) or _round(place)
    level = RecordLevel.DISTRICT
    if village or township:
        level = RecordLevel.VILLAGE if village else RecordLevel.TOWNSHIP
    numbers = {"members": 6, "villagers": 4}
    if kind == RecordKind.QUESTIONNAIRE:
        numbers = {"issued": 20, "returned": 18, "valid": 17}
    values = {
        "held_on": clock.today(),
        "topic": "村级班子运行情况",
        "findings": "班子议事少，账目公开不及时。",
        "entered_by": fields.pop("entered_by", None) or make_user(),
        **numbers,
        **fields,
    }
    return SurveyRecord.objects.create(
        kind=kind, level=level, village=village, township=township, round=survey_round, **values
    )


def _round(code):
    district = make_district(code[:6]) if code else make_district()
    return Round.objects.filter(district=district).first() or make_round(district)
