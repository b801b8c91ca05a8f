"""Whose the rows of the execution stage are: outside the own area, they do not exist."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from core import clock
from rectification.models import (
    Cause,
    Deputy,
    Extension,
    Handover,
    HelpItem,
    Measure,
    Promise,
    Topic,
    Verdict,
)
from rectification.services import deputies, extensions, handovers, problems
from tests.factories import make_district, make_division, make_user
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_cause,
    make_helper,
    make_measure,
    make_problem,
)
from tests.rectification.promises import make_help, make_promise

pytestmark = pytest.mark.django_db

OTHER_DISTRICT = "990102"
OF_A_VILLAGE = (Extension, Handover, HelpItem, Promise, Verdict, Topic)
OF_A_DISTRICT = (Cause, Measure)


@pytest.fixture
def case():
    """A village with one row of each kind."""
    case, today = make_case(), clock.today()
    district, near = case.round.district, case.village.township
    problem = make_problem(case, cause=make_cause())
    township, office = problem.holder, make_user(Role.OFFICE, district)
    problems.add_verdict(problem, by=township, level="township", value="partly")
    extensions.ask(problem, by=township, wanted=problem.deadline + timedelta(days=9), reason="汛期")
    colleague = make_cadre(near, name="老王")
    handovers.propose(problem, colleague, by=township, reason="轮换")
    days = {"from_on": today, "to_on": today + timedelta(days=9)}
    deputies.add_deputy(problem.owner, colleague, by=office, reason="学习", **days)
    make_promise(case)
    make_help(case)
    make_measure(district)
    cause = make_cause("Z01", "只有本区有的成因")
    Cause.objects.filter(pk=cause.pk).update(district=district)
    topic = Topic.objects.create(
        district=district,
        title="确权",
        cause=make_cause(),
        question="请明确",
        reply_due_on=today,
        made_by=office,
    )
    type(problem).objects.filter(pk=problem.pk).update(topic=topic)
    return case


def seen(model, role, division):
    rows = model.objects.visible_to(make_user(role, division))
    return rows.filter(district=make_district()) if model is Cause else rows


@pytest.mark.parametrize("model", OF_A_VILLAGE, ids=lambda model: model.__name__)
def test_a_row_of_a_village_exists_for_its_own_people_alone(case, model):
    assert seen(model, Role.OFFICE, case.round.district).count() == 1
    assert seen(model, Role.TOWNSHIP, case.village.township).count() == 1
    assert model.objects.visible_to(make_helper(case)).count() == 1
    for role, code in (
        (Role.TOWNSHIP, "990101002"),
        (Role.OFFICE, OTHER_DISTRICT),
        (Role.LEADER, OTHER_DISTRICT),
        (Role.HELPER, "990101"),
        (Role.AUDITOR, "990101"),
        (Role.SYSADMIN, "990101"),
    ):
        assert not seen(model, role, make_division(code)).exists(), (role, code)


@pytest.mark.parametrize("model", OF_A_DISTRICT, ids=lambda model: model.__name__)
def test_a_row_of_a_district_does_not_exist_in_another(case, model):
    assert seen(model, Role.OFFICE, case.round.district).count() == 1
    for role in (Role.OFFICE, Role.LEADER):
        assert not seen(model, role, make_division(OTHER_DISTRICT)).exists(), role
    assert not seen(model, Role.AUDITOR, case.round.district).exists()


def test_a_deputy_is_known_where_the_absent_is(case):
    assert seen(Deputy, Role.TOWNSHIP, case.village.township).count() == 1
    for role, code in ((Role.TOWNSHIP, "990101002"), (Role.OFFICE, OTHER_DISTRICT)):
        assert not seen(Deputy, role, make_division(code)).exists(), (role, code)
