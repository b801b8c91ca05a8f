from core import clock
from rectification.choices import CaseStatus
from rectification.models import FollowUp, RelapseSignal
from tests.matrix import HELPER, LEADER, OFFICE, TOWNSHIP, Row
from tests.rectification.acceptance import make_acceptance
from tests.rectification.factories import make_case
from tests.rectification.matrix_items import ITEMS
from tests.rectification.matrix_people import PEOPLE
from tests.rectification.matrix_plans import PLANS
from tests.rectification.matrix_problems import PROBLEMS
from tests.rectification.matrix_promises import PROMISES
from tests.rectification.matrix_rounds import ADMIN, ROUNDS

__all__ = ["ADMIN", "MATRIX"]

OFFICE_ONLY = {OFFICE: 200}
DISTRICT_STAFF = {OFFICE: 200, TOWNSHIP: 200}
AREA_READERS = {OFFICE: 200, TOWNSHIP: 200, LEADER: 200}
# A helper may look at cases, but this one is not the helper's own.
CASE_READERS = {**AREA_READERS, HELPER: 404}


def make_transformed(world):
    return make_case(world.village, status=CaseStatus.TRANSFORMED, transformed_on=clock.today())


def make_follow_up(world):
    case = make_transformed(world)
    return FollowUp.objects.create(case=case, months=3, due_on=clock.today())


def make_signal(world):
    return RelapseSignal.objects.create(
        case=make_transformed(world),
        kind="petitions",
        observed_on=clock.today(),
        note="信访增多",
        raised_by=world.office,
    )


MATRIX = {
    **ITEMS,
    **PLANS,
    **PROBLEMS,
    **PROMISES,
    **PEOPLE,
    **PROMISES,
    **ROUNDS,
    # cases
    "rectification:case_list": Row({**AREA_READERS, HELPER: 200}),
    "rectification:case_export": Row(AREA_READERS),
    "rectification:case_detail": Row(CASE_READERS, args=lambda w: [make_case(w.village).pk]),
    "rectification:case_step": Row(
        {OFFICE: 200, TOWNSHIP: 403}, args=lambda w: [make_case(w.village).pk, "extend"]
    ),
    # stage assessments, acceptance, look-backs, signals, the village's strip
    "rectification:assessment_add": Row(OFFICE_ONLY, args=lambda w: [make_case(w.village).pk]),
    "rectification:acceptance_detail": Row(
        CASE_READERS, args=lambda w: [make_acceptance(w.village).pk]
    ),
    "rectification:acceptance_edit": Row(
        OFFICE_ONLY, args=lambda w: [make_acceptance(w.village).pk]
    ),
    "rectification:follow_up_list": Row(DISTRICT_STAFF),
    "rectification:follow_up_edit": Row(DISTRICT_STAFF, args=lambda w: [make_follow_up(w).pk]),
    "rectification:signal_add": Row(DISTRICT_STAFF, args=lambda w: [make_transformed(w).pk]),
    "rectification:signal_answer": Row(DISTRICT_STAFF, args=lambda w: [make_signal(w).pk]),
    "rectification:village_strip": Row(AREA_READERS, args=lambda w: [w.village.pk]),
}
