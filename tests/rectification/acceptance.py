"""Makes acceptances for tests: a case under inspection with a team and a filled sheet."""

from datetime import timedelta

from core import clock
from rectification.choices import CaseStatus
from rectification.models import Acceptance
from tests.rectification.factories import make_cadre, make_case

# 30 expected and all there; satisfied and basically 27 of 30: 90 %.
SHEET = {
    "expected": 30,
    "present": 30,
    "members_expected": 10,
    "members_present": 10,
    "issued": 30,
    "returned": 30,
    "valid": 30,
    "satisfied": 20,
    "basically": 7,
    "dissatisfied": 3,
    "score": 85,
    "veto": "",
    "decision_no": "组字〔2026〕8号",
}


def make_acceptance(village=None, **sheet):
    """Make an acceptance of a case 验收中, its sheet filled except for what is given as None."""
    today = clock.today()
    case = make_case(village, status=CaseStatus.INSPECTING)
    dates = {"inspected_on": today - timedelta(days=3), "decided_on": today}
    acceptance = Acceptance.objects.create(
        case=case,
        serial=case.acceptances.count() + 1,
        applied_on=today - timedelta(days=10),
        **{**SHEET, **dates, **sheet},
    )
    acceptance.team.add(make_cadre(name="验收组长"))
    return acceptance
