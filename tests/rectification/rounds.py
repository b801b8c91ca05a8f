"""What the tests of rounds share: a published standard, an open round, a filled-in list."""

from datetime import timedelta

from accounts.roles import Role
from core import clock
from rectification.choices import ScreeningOutcome
from rectification.models import Category, Criterion, Screening, TownshipSubmission
from rectification.services import rounds, screening, standards
from tests.factories import make_district, make_user


def office_of(district):
    return make_user(Role.OFFICE, district)


def publish_standard(district=None, year=None, **lines):
    """Copy the shipped standard for a district and publish it."""
    district = district or make_district()
    by = office_of(district)
    standard = standards.copy_shipped(district, year or clock.today().year, by=by, **lines)
    standards.publish(standard, by=by)
    return standard


def start_round(district=None, **fields):
    """Open a round on the shipped standard; make the villages before."""
    district = district or make_district()
    by = office_of(district)
    year = fields.pop("year", clock.today().year)
    standard = publish_standard(district, year)
    made = rounds.create_round(district, year, by=by, standard=standard, **fields)
    rounds.open_round(made, by=by, due_on=clock.today() + timedelta(days=14))
    return made


def screening_of(round, village):
    return Screening.objects.get(round=round, village=village)


def list_of(round, township):
    return TownshipSubmission.objects.get(round=round, township_id=township.code)


def direct_criterion(round):
    return round.standard.criteria.filter(kind=Criterion.Kind.DIRECT).first()


def discretionary_criterion(round):
    return round.standard.criteria.filter(kind=Criterion.Kind.DISCRETIONARY).first()


def enter(round, village, outcome=ScreeningOutcome.NOT_LISTED, by=None, **fields):
    """Type in a village's result; a listed one is disunited unless told otherwise."""
    row = screening_of(round, village)
    by = by or make_user(Role.TOWNSHIP, village.township)
    if outcome == ScreeningOutcome.LISTED:
        fields.setdefault("main_category", Category.objects.get(pk="C03"))
        fields.setdefault("reason", "班子长期不和，群众反映强烈")
    return screening.enter_screening(row, by=by, outcome=outcome, **fields)


def send_up(round, township, by=None):
    """Send a township's list up after its meeting of today."""
    item = list_of(round, township)
    by = by or make_user(Role.TOWNSHIP, township)
    rounds.submit_township_list(item, by=by, meeting_on=clock.today())
    return item
