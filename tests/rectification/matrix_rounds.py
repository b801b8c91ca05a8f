"""Rows of the matrix: standards, rounds, screening, lists, opinions; the models of the admin."""

from datetime import timedelta

from core import clock
from rectification.choices import ScreeningOutcome
from rectification.models import (
    Cadre,
    Case,
    Category,
    Cause,
    DepartmentOpinion,
    Measure,
    Milestone,
    Problem,
    Round,
    Standard,
    Topic,
    Visit,
)
from rectification.services import opinions, rounds
from tests.factories import make_village
from tests.matrix import DEPARTMENT, LEADER, OFFICE, TOWNSHIP, AdminRow, Row
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_measure,
    make_milestone,
    make_problem,
    make_round,
    make_standard,
    make_visit,
)
from tests.rectification.matrix_problems import topic_of
from tests.rectification.rounds import enter, publish_standard, start_round

OFFICE_ONLY = {OFFICE: 200}
STAFF = {OFFICE: 200, TOWNSHIP: 200}
READERS = {**STAFF, LEADER: 200}


def round_of(w):
    """Return the world's open round with one village on it."""
    made = Round.objects.filter(district=w.district).first()
    if made is None:
        make_village(w.township)
        made = start_round(w.district)
    return made


def screening_in(w):
    return round_of(w).screenings.first()


def list_in(w, *, filled=False, sent=False):
    """Return the township's list: as it begins, ready to go up, or sent."""
    row = screening_in(w)
    item = row.round.submissions.get()
    if (filled or sent) and not row.outcome:
        enter(row.round, row.village, ScreeningOutcome.NOT_LISTED)
    if sent and item.status != "submitted":
        rounds.submit_township_list(item, by=w.user(TOWNSHIP), meeting_on=clock.today())
    return item


def preparing(w):
    made = Round.objects.filter(district=w.district).first()
    standard = made.standard if made else publish_standard(w.district)
    return made or rounds.create_round(w.district, standard.year, by=w.office, standard=standard)


def opinion_in(w):
    row = screening_in(w)
    found = DepartmentOpinion.objects.filter(village=row.village).first()
    if found:
        return found
    (made,) = opinions.ask_departments(
        row.village,
        [w.department.department],
        round=row.round,
        by=w.office,
        question="是否应当列入",
        due_on=clock.today() + timedelta(days=14),
    )
    return made


ROUNDS = {
    "rectification:round_list": Row(READERS),
    "rectification:round_export": Row(READERS),
    # A round is the whole district's: other townships see it too, other districts do not
    # (test_another_district_sees_nothing_of_a_round).
    "rectification:round_detail": Row(READERS, args=lambda w: [round_of(w).pk], foreign=None),
    "rectification:round_add": Row(OFFICE_ONLY),
    "rectification:round_open": Row(OFFICE_ONLY, args=lambda w: [preparing(w).pk]),
    "rectification:round_close": Row(OFFICE_ONLY, args=lambda w: [list_in(w, sent=True).round_id]),
    "rectification:case_propose": Row(OFFICE_ONLY, args=lambda w: [round_of(w).pk]),
    "rectification:case_add": Row(OFFICE_ONLY),
    "rectification:screening_list": Row(READERS),
    "rectification:screening_export": Row(READERS),
    "rectification:screening_edit": Row(READERS, args=lambda w: [screening_in(w).pk]),
    "rectification:submission_list": Row(READERS),
    "rectification:submission_export": Row(READERS),
    "rectification:submission_detail": Row(READERS, args=lambda w: [list_in(w).pk]),
    "rectification:submission_submit": Row(STAFF, args=lambda w: [list_in(w, filled=True).pk]),
    "rectification:submission_return": Row(OFFICE_ONLY, args=lambda w: [list_in(w, sent=True).pk]),
    "rectification:opinion_list": Row({OFFICE: 200, DEPARTMENT: 200}),
    "rectification:opinion_export": Row(OFFICE_ONLY),
    "rectification:opinion_add": Row(OFFICE_ONLY),
    "rectification:opinion_answer": Row({DEPARTMENT: 200}, args=lambda w: [opinion_in(w).pk]),
}

STAFF_ROLE = {OFFICE}


def read_only(make, **options):
    return AdminRow(view=STAFF_ROLE, make=make, **options)


ADMIN = {
    Category: read_only(lambda w: Category.objects.get(pk="C01"), foreign=200),
    Standard: AdminRow(
        view=STAFF_ROLE,
        add=STAFF_ROLE,
        change=STAFF_ROLE,
        make=lambda w: make_standard(w.district),
    ),
    Round: AdminRow(view=STAFF_ROLE, change=STAFF_ROLE, make=lambda w: make_round(w.district)),
    Case: read_only(lambda w: make_case(w.village)),
    Problem: read_only(lambda w: make_problem(make_case(w.village))),
    Cadre: read_only(lambda w: make_cadre(w.district)),
    Milestone: read_only(lambda w: make_milestone(make_case(w.village), "four_ones")),
    Cause: AdminRow(
        view=STAFF_ROLE,
        add=STAFF_ROLE,
        change=STAFF_ROLE,
        make=lambda w: Cause.objects.create(code="Z01", name="自编成因", district=w.district),
    ),
    Measure: read_only(lambda w: make_measure(w.district)),
    Topic: read_only(topic_of),
    Visit: read_only(lambda w: make_visit(make_case(w.village))),
}
