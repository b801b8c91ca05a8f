"""Rows of the matrix: what is read about a plan."""

from core import clock
from rectification.choices import CaseStatus, PlanStatus
from tests.matrix import Row
from tests.rectification.factories import make_plan
from tests.rectification.matrix_items import READERS, on_case


def submitted(w):
    return make_plan(
        on_case(w, CaseStatus.DESIGNATED), status=PlanStatus.SUBMITTED, submitted_at=clock.now()
    )


PLANS = {
    "rectification:plan_document": Row(READERS, args=lambda w: [submitted(w).pk]),
    "rectification:plan_similar": Row(READERS, args=lambda w: [submitted(w).pk]),
    "rectification:plan_versions": Row(READERS, args=lambda w: [submitted(w).case_id]),
}
