"""Both clocks, departments that answer for the district, and the board of who owes an answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Department, Role
from core import clock
from core.exceptions import Conflict, NotAllowed
from dashboards.work import items_for
from rectification.ages import age_of
from rectification.choices import AnswerKind, Level
from rectification.models import Escalation, Problem
from rectification.selectors_owed import owed_rows, shares
from rectification.services import escalations, problems
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.factories import make_case, make_problem

pytestmark = pytest.mark.django_db


def today():
    return clock.today()


def ago(days):
    return clock.set_to(today() - timedelta(days=days))


@pytest.fixture
def problem():
    return make_problem(level=Level.TOWNSHIP, found_on=today() - timedelta(days=60))


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


@pytest.fixture
def liaison(problem):
    return make_user(Role.DEPARTMENT, problem.case.round.district)


@pytest.fixture
def township(problem):
    return problem.holder


def ask(problem, by, days=10):
    return escalations.escalate(problem, by=by, question="请协调确权", reply_days=days)


def anew(problem):
    return Problem.objects.for_detail().with_questions().get(pk=problem.pk)


# --- both clocks ----------------------------------------------------------------------------------


def test_question_17_the_own_clock_stands_still_while_the_level_above_owes_an_answer(
    client, problem, township, office
):
    with ago(40):
        asked = ask(problem, township)
    with ago(15):
        escalations.answer_escalation(asked, by=office, answer_kind="rule", answer="按文件办")
    age = age_of(anew(problem))
    assert (age.total, age.waited, age.own) == (60, 25, 35)
    client.force_login(township)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "共 60 天，其中等别人 25 天，本级 35 天" in page
    page = client.get(reverse("rectification:problem_list")).content.decode()
    assert "共 60 天<br>本级 35 天" in page


def test_waits_that_follow_one_another_count_once(problem, township, office):
    problem.level = Level.VILLAGE
    problem.save()
    with ago(30):
        asked = ask(problem, township)
    with ago(20):
        escalations.answer_escalation(
            asked, by=township, answer_kind=AnswerKind.PASSED_ON, answer="没有权限", reply_days=10
        )
    assert age_of(anew(problem)).waited == 30


def test_the_clocks_stop_when_the_problem_ends(problem, township, office):
    with ago(10):
        problems.request_close(problem, by=township, evidence="已公开")
        problems.approve_close(problem, by=office)
    assert age_of(anew(problem)).total == 50


# --- departments ----------------------------------------------------------------------------------


def test_a_department_answers_for_the_district_on_its_own_page(
    client, problem, township, office, liaison
):
    asked = ask(problem, township)
    client.force_login(office)
    address = reverse("rectification:escalation_pass", args=[asked.pk])
    assert client.post(address, {"department": "civil"}).status_code == 302
    assert [item.text for item in items_for(office, today()) if item.noun == "上交事项"] == []
    assert [item.noun for item in items_for(liaison, today())] == ["上交事项"]

    client.force_login(liaison)
    page = client.get(reverse("rectification:opinion_list")).content.decode()
    assert "请协调确权" in page
    answer = reverse("rectification:escalation_answer", args=[asked.pk])
    data = {"answer_kind": "solved", "answer": "已到村确权", "decision_no": "民〔2026〕9 号"}
    assert client.post(answer, data).url == reverse("rectification:opinion_list")
    assert client.get(problem.get_absolute_url()).status_code == 403
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("已到村确权", liaison)
    assert problem.events.get(action="escalation_answer").title == "民政答复：已解决"


def test_another_department_and_another_district_see_nothing_of_the_question(
    client, problem, township, office
):
    asked = ask(problem, township)
    escalations.pass_to_department(asked, by=office, department=Department.CIVIL)
    district = problem.case.round.district
    others = (
        make_user(Role.DEPARTMENT, district, department=Department.PETITION),
        make_user(Role.DEPARTMENT, make_district("990102")),
    )
    address = reverse("rectification:escalation_answer", args=[asked.pk])
    for other in others:
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert "请协调" not in client.get(reverse("rectification:opinion_list")).content.decode()


def test_one_at_a_time_owes_the_answer(problem, township, office, liaison):
    asked = ask(problem, township)
    assert escalations.owing_role(asked) == Role.OFFICE
    escalations.pass_to_department(asked, by=office, department=Department.CIVIL)
    assert [user.role for user in (office, liaison) if escalations.may_answer(asked, user)] == [
        Role.DEPARTMENT
    ]
    escalations.pass_to_department(asked, by=office, department=Department.PETITION)
    assert escalations.may_answer(asked, office)  # nobody of that department has an account
    with pytest.raises(NotAllowed):
        escalations.answer_escalation(asked, by=liaison, answer_kind="solved", answer="好")


def test_what_was_passed_to_a_department_meanwhile_is_its_to_answer(
    problem, township, office, liaison
):
    seen = ask(problem, township)
    asked = Escalation.objects.for_detail().get()
    escalations.pass_to_department(asked, by=office, department=Department.CIVIL)
    with pytest.raises(NotAllowed, match="由民政答复"):
        escalations.answer_escalation(seen, by=office, answer_kind="solved", answer="好")
    assert Escalation.objects.unanswered().exists()


def test_a_question_to_a_township_without_an_account_falls_to_the_office(problem, office):
    problem.level = Level.VILLAGE
    problem.save()
    asked = ask(problem, problem.holder)
    problem.holder.is_active = False
    problem.holder.save()
    assert escalations.may_answer(asked, office)
    assert "上交事项" in [item.noun for item in items_for(office, today())]
    assert owed_rows(office)[0].person == f"没有可用的账号，由组织部{office.name}答复"


def test_two_who_pass_a_question_on_at_once(problem, township, office):
    asked = ask(problem, township)
    stale = Escalation.objects.get(pk=asked.pk)
    escalations.pass_to_department(asked, by=office, department=Department.CIVIL)
    with pytest.raises(Conflict):
        escalations.pass_to_department(stale, by=office, department=Department.PETITION)


# --- the board ------------------------------------------------------------------------------------


def test_the_board_shows_every_level_that_owes_the_oldest_first(
    client, problem, township, office, liaison
):
    lower, upper = make_problem(problem.case), make_problem(problem.case, level=Level.DISTRICT)
    with ago(30):
        ask(problem, township, days=3)
    with ago(20):
        ask(lower, township, days=60)
    ask(upper, office)
    client.force_login(township)
    page = client.get(reverse("rectification:owed_answers"))
    rows = list(page.context["page"])
    assert [(row.level, row.days, row.is_late) for row in rows] == [
        (Level.DISTRICT, 30, True),
        (Level.TOWNSHIP, 20, False),
        (Level.ABOVE, 0, False),
    ]
    assert [(share.level, share.total, share.late) for share in page.context["shares"]] == [
        (Level.TOWNSHIP, 1, 0),
        (Level.DISTRICT, 1, 1),
        (Level.ABOVE, 1, 0),
    ]
    text = page.content.decode()
    assert "委组织部" in text
    assert office.name in text
    assert township.name in text


def test_the_board_names_the_department_that_was_asked(problem, township, office, liaison):
    asked = ask(problem, township)
    escalations.pass_to_department(asked, by=office, department=Department.CIVIL)
    row = owed_rows(office)[0]
    assert (row.level, row.unit, row.person) == (Level.DISTRICT, "民政部门", liaison.name)


def test_the_board_shows_nothing_of_another_town(problem, township):
    other = make_problem(make_case(make_village(make_division("990101002"))))
    ask(other, other.holder)
    ask(problem, township)
    assert [row.about for row in owed_rows(township)] == [problem.title]
    assert sum(share.total for share in shares(owed_rows(township))) == 1


def test_the_board_costs_the_same_for_2_questions_and_for_15(client, problem, township, queries_of):
    client.force_login(township)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            ask(make_problem(problem.case), township)
        costs.append(queries_of(client, reverse("rectification:owed_answers")))
    assert costs[0] == costs[1] <= 9
