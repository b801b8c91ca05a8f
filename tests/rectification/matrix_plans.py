"""Rows of the matrix: what is read about a plan, and the library of measures."""

from core import clock
from rectification.choices import CaseStatus, PlanStatus
from tests.matrix import LEADER, Row
from tests.rectification.factories import make_case, make_measure, make_plan
from tests.rectification.matrix_items import OFFICE_ONLY, READERS, STAFF, on_case

AREA_READERS = {**STAFF, LEADER: 200}


def submitted(w):
    return make_plan(
        on_case(w, CaseStatus.DESIGNATED), status=PlanStatus.SUBMITTED, submitted_at=clock.now()
    )


def measure_of(w):
    return make_measure(w.district)


PLANS = {
    "rectification:plan_document": Row(READERS, args=lambda w: [submitted(w).pk]),
    "rectification:plan_similar": Row(READERS, args=lambda w: [submitted(w).pk]),
    "rectification:plan_versions": Row(READERS, args=lambda w: [submitted(w).case_id]),
    "rectification:measure_list": Row(AREA_READERS),
    # A library belongs to the whole district: its other townships choose from it too.
    "rectification:measure_detail": Row(
        AREA_READERS, args=lambda w: [measure_of(w).pk], foreign=None
    ),
    "rectification:measure_add": Row(OFFICE_ONLY),
    "rectification:measure_edit": Row(OFFICE_ONLY, args=lambda w: [measure_of(w).pk]),
    "rectification:measure_pick": Row(STAFF, args=lambda w: [make_case(w.village).pk]),
}
