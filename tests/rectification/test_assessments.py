from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, Progress
from rectification.models import Case, StageAssessment
from rectification.services.assessments import assess
from rectification.views.acceptance import acceptance_tab
from tests.factories import (
    OTHER_DISTRICT,
    make_district,
    make_division,
    make_user,
    make_village,
)
from tests.rectification.factories import make_case

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make_assessment(case, result=Progress.CLEAR, *, on=None, by=None):
    return assess(
        case,
        by=by or make_user(),
        on=on or clock.today(),
        result=result,
        meeting="区整顿工作调度会",
        grounds="班子每周议事，账目按月公开。",
    )


# --- the act --------------------------------------------------------------------------------------


def test_an_assessment_leaves_the_status_and_an_event_without_its_grounds():
    case = make_case()
    make_assessment(case)
    case.refresh_from_db()
    assert case.status == CaseStatus.RECTIFYING
    event = case.events.get(action="assess")
    assert event.title == "阶段评估：明显提升"
    assert event.meeting == "区整顿工作调度会"
    assert "账目" not in event.note


def test_an_assessment_reaches_the_milestone_once():
    case = make_case()
    milestone = case.milestones.create(
        key="mid_assessment", name="中期评估", number=4, due_on=clock.today()
    )
    make_assessment(case, on=clock.today() - 20 * DAY)
    make_assessment(case)
    milestone.refresh_from_db()
    assert milestone.reached_on == clock.today() - 20 * DAY


@pytest.mark.parametrize("days", [1, -191])
def test_an_assessment_lies_between_designation_and_today(days):
    case = make_case(designated_on=clock.today() - 190 * DAY)
    with pytest.raises(DomainError):
        make_assessment(case, on=clock.today() + days * DAY)
    assert not StageAssessment.objects.exists()


@pytest.mark.parametrize("status", [s for s in CaseStatus if s != CaseStatus.RECTIFYING])
def test_only_a_case_being_rectified_is_assessed(status):
    case = make_case(status=status)
    with pytest.raises(Conflict):
        make_assessment(case)


def test_a_stale_copy_of_a_case_that_moved_on_is_not_assessed():
    case = make_case()
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.APPLIED)
    with pytest.raises(Conflict):
        make_assessment(case)


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.LEADER, Role.HELPER])
def test_only_the_office_assesses(role):
    with pytest.raises(NotAllowed):
        make_assessment(make_case(), by=make_user(role))


# --- clearly improved as of a cut-off -------------------------------------------------------------


def test_the_latest_assessment_up_to_the_cut_off_decides():
    today = clock.today()
    fell_back, rose, later = make_case(), make_case(), make_case()
    make_assessment(fell_back, Progress.CLEAR, on=today - 60 * DAY)
    make_assessment(fell_back, Progress.SOME, on=today - 30 * DAY)
    make_assessment(rose, Progress.NONE, on=today - 60 * DAY)
    make_assessment(rose, Progress.CLEAR, on=today - 40 * DAY)
    make_assessment(later, Progress.CLEAR, on=today - 10 * DAY)
    make_case()
    assert set(Case.objects.clearly_improved(today - 50 * DAY)) == {fell_back}
    assert set(Case.objects.clearly_improved(today - 30 * DAY)) == {rose}
    assert set(Case.objects.clearly_improved(today)) == {rose, later}


def test_of_two_assessments_on_one_day_the_one_entered_last_decides():
    case = make_case()
    make_assessment(case, Progress.CLEAR)
    make_assessment(case, Progress.SOME)
    assert not Case.objects.clearly_improved(clock.today()).exists()


def test_a_transformed_case_counts_as_clearly_improved_only_before_that_day():
    today = clock.today()
    case = make_case()
    make_assessment(case, on=today - 60 * DAY)
    Case.objects.filter(pk=case.pk).update(
        status=CaseStatus.TRANSFORMED, transformed_on=today - 10 * DAY
    )
    assert set(Case.objects.clearly_improved(today - 11 * DAY)) == {case}
    assert not Case.objects.clearly_improved(today - 10 * DAY).exists()
    assert not Case.objects.transformed_by(today - 11 * DAY).exists()
    assert set(Case.objects.transformed_by(today - 10 * DAY)) == {case}


def test_a_relapsed_case_stays_transformed_as_of_a_day_before():
    today = clock.today()
    case = make_case(
        status=CaseStatus.RELAPSED,
        transformed_on=today - 30 * DAY,
        relapsed_on=today - 5 * DAY,
    )
    assert set(Case.objects.transformed_by(today - 20 * DAY)) == {case}


def test_clearly_improved_takes_one_query(django_assert_num_queries):
    for _ in range(3):
        make_assessment(make_case())
    with django_assert_num_queries(1):
        assert len(Case.objects.clearly_improved(clock.today())) == 3


# --- pages ----------------------------------------------------------------------------------------


def post(client, case, **changes):
    data = {
        "assessed_on": clock.today().isoformat(),
        "meeting": "区整顿工作调度会",
        "result": "clear",
        "grounds": "班子每周议事",
        **changes,
    }
    return client.post(reverse("rectification:assessment_add", args=[case.pk]), data)


def test_assessment_add_keeps_it_and_leads_back_to_the_case(client):
    case = make_case()
    client.force_login(make_user(Role.OFFICE))
    assert post(client, case).status_code == 302
    assert case.assessments.get().result == Progress.CLEAR


def test_assessment_add_keeps_the_text_when_refused(client):
    case = make_case()
    client.force_login(make_user(Role.OFFICE))
    response = post(client, case, assessed_on=(clock.today() + DAY).isoformat())
    assert response.status_code == 422
    page = response.content.decode()
    assert "评估日期不能晚于今天" in page
    assert "班子每周议事" in page


def test_assessment_add_reaches_no_case_of_another_district(client):
    case = make_case(make_village(make_division("990102001")))
    client.force_login(make_user(Role.OFFICE))
    assert post(client, case).status_code == 404
    assert not StageAssessment.objects.exists()


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (Role.OFFICE, "990101", True),
        (Role.TOWNSHIP, "990101001", True),
        (Role.LEADER, "990101", True),
        (Role.LEADER, "9901", False),
        (Role.LEADER, "99", False),
        (Role.HELPER, "990101", False),
    ],
)
def test_grounds_stay_in_the_district(role, division, sees):
    case, user = make_case(), make_user(role, make_division(division))
    make_assessment(case)
    tab = {"case": case, **acceptance_tab(case, user)}
    page = render_to_string("rectification/_acceptance_tab.html", tab)
    assert "明显提升" in page
    assert ("账目按月公开" in page) is sees


def test_the_tab_shows_no_assessment_of_another_district():
    assessment = make_assessment(make_case())
    own, other = make_user(), make_user(Role.OFFICE, make_district(OTHER_DISTRICT))
    assert acceptance_tab(assessment.case, own)["assessments"] == [assessment]
    assert acceptance_tab(assessment.case, other)["assessments"] == []


def test_acceptance_tab_takes_as_many_queries_for_one_assessment_as_for_ten(
    django_assert_max_num_queries,
):
    case, office = make_case(), make_user(Role.OFFICE)
    case = Case.objects.for_list().get(pk=case.pk)

    def show():
        tab = {"case": case, **acceptance_tab(case, office)}
        render_to_string("rectification/_acceptance_tab.html", tab)

    make_assessment(case, by=office)
    with django_assert_max_num_queries(8) as few:
        show()
    for _ in range(9):
        make_assessment(case, by=office)
    with django_assert_max_num_queries(len(few)):
        show()


@pytest.mark.parametrize(("result", "proposed"), [(Progress.NONE, True), (Progress.SOME, False)])
def test_no_clear_change_proposes_a_talk(result, proposed):
    case, office = make_case(), make_user(Role.OFFICE)
    make_assessment(case, Progress.NONE, on=clock.today() - DAY)
    make_assessment(case, result)
    assert acceptance_tab(case, office)["proposes_talk"] is proposed


@pytest.mark.parametrize(("role", "division"), [(Role.LEADER, "9901"), (Role.HELPER, "990101")])
def test_a_talk_is_proposed_to_nobody_outside_the_district_staff(role, division):
    case = make_case()
    make_assessment(case, Progress.NONE)
    user = make_user(role, make_division(division))
    assert not acceptance_tab(case, user)["proposes_talk"]
