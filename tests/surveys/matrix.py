from rectification.choices import CaseStatus
from rectification.models import Acceptance
from tests.matrix import LEADER, OFFICE, TOWNSHIP, Row
from tests.rectification.factories import make_case
from tests.surveys.factories import make_record

READERS = {OFFICE: 200, TOWNSHIP: 200, LEADER: 200}
WRITERS = {OFFICE: 200, TOWNSHIP: 200}


def make_acceptance(world):
    case = make_case(world.village, status=CaseStatus.INSPECTING)
    return Acceptance.objects.create(case=case, applied_on=case.designated_on)


MATRIX = {
    "surveys:record_list": Row(READERS),
    "surveys:record_export": Row(READERS),
    "surveys:record_add": Row(WRITERS),
    "surveys:record_detail": Row(READERS, args=lambda w: [make_record(w.village).pk]),
    "surveys:record_edit": Row(WRITERS, args=lambda w: [make_record(w.village).pk]),
    "surveys:case_part": Row(READERS, args=lambda w: [make_case(w.village).pk]),
    "surveys:tally_edit": Row({OFFICE: 200}, args=lambda w: [make_acceptance(w).pk]),
}
