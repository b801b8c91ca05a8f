"""Questions handed up: level by level, with a clock on the level above."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import AnswerKind, Level
from rectification.models import Problem
from rectification.services import escalations, problems
from tests.factories import make_user
from tests.rectification.factories import (
    make_helper,
    make_problem,
)

pytestmark = pytest.mark.django_db


def today():
    return clock.today()


@pytest.fixture
def problem():
    return make_problem()


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


@pytest.fixture
def township(problem):
    return problem.holder


def ask(problem, by, days=20):
    due = today() + timedelta(days=days)
    return escalations.escalate(problem, by=by, question="请协调水务局", reply_due_on=due)


def test_question_17_a_problem_goes_up_village_township_district_with_a_deadline(
    problem, office, township
):
    helper = make_helper(problem.case)
    first = ask(problem, helper)
    assert (first.from_level, first.to_level) == (Level.VILLAGE, Level.TOWNSHIP)

    escalations.answer_escalation(
        first,
        by=township,
        answer_kind=AnswerKind.PASSED_ON,
        answer="镇里没有权限",
        reply_due_on=today() + timedelta(days=20),
    )

    second = problem.escalations.get(answered_at=None)
    assert (second.from_level, second.to_level) == (Level.TOWNSHIP, Level.DISTRICT)
    problem.refresh_from_db()
    assert problem.level == Level.DISTRICT
    escalations.answer_escalation(
        second, by=office, answer_kind=AnswerKind.SOLVED, answer="已协调", decision_no="7 号"
    )
    problem.refresh_from_db()
    assert problem.level == Level.DISTRICT


def test_question_17_the_waiting_time_is_shown(client, problem, township):
    with clock.set_to(today() - timedelta(days=9)):
        ask(problem, township)
    client.force_login(township)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "已等 9 天" in page
    page = client.get(reverse("rectification:problem_list")).content.decode()
    assert "等答复 9 天" in page


def test_the_waiting_time_is_counted_in_dates_and_not_in_hours(problem, township):
    with clock.set_to(datetime(2026, 11, 2, 23, 0, tzinfo=clock.zone())):
        asked = ask(problem, township)
    with clock.set_to(datetime(2026, 11, 4, 0, 30, tzinfo=clock.zone())):
        assert asked.days_waiting == 2


def test_a_reply_is_given_at_least_three_working_days(problem, township):
    with clock.set_to(date(2026, 11, 27)):  # a Friday
        with pytest.raises(DomainError, match="3 个工作日"):
            escalations.escalate(
                problem, by=township, question="请协调", reply_due_on=date(2026, 12, 1)
            )
        escalations.escalate(
            problem, by=township, question="请协调", reply_due_on=date(2026, 12, 2)
        )


def test_one_question_waits_at_a_time(problem, township):
    ask(problem, township)
    problem.refresh_from_db()
    with pytest.raises(DomainError, match="等待答复"):
        ask(problem, township)


@pytest.mark.parametrize("kind", [AnswerKind.REFUSED, AnswerKind.RULE])
def test_refused_or_ruled_it_returns_to_the_level_that_asked(problem, township, kind):
    question = ask(problem, township)
    escalations.answer_escalation(question, by=township, answer_kind=kind, answer="按现有政策办")
    problem.refresh_from_db()
    assert problem.level == Level.VILLAGE


def test_only_the_level_that_was_asked_answers(problem, office, township):
    question = ask(problem, township)
    with pytest.raises(NotAllowed, match="乡镇答复"):
        escalations.answer_escalation(
            question, by=office, answer_kind=AnswerKind.SOLVED, answer="好"
        )


def test_a_question_is_answered_once(problem, township):
    question = ask(problem, township)
    answer = {"answer_kind": AnswerKind.SOLVED, "answer": "已办"}
    escalations.answer_escalation(question, by=township, **answer)
    with pytest.raises(Conflict):
        escalations.answer_escalation(question, by=township, **answer)


def test_a_problem_is_not_closed_while_a_question_waits(problem, township):
    ask(problem, township)
    problem.refresh_from_db()
    with pytest.raises(DomainError, match="还没有答复"):
        problems.request_close(problem, by=township, evidence="已公开")


def test_above_the_district_nothing_is_passed_on(problem, office, township):
    Problem.objects.filter(pk=problem.pk).update(level=Level.DISTRICT)
    problem.refresh_from_db()
    question = ask(problem, office)
    with pytest.raises(DomainError, match="最高层级"):
        escalations.answer_escalation(
            question,
            by=office,
            answer_kind=AnswerKind.PASSED_ON,
            answer="再上交",
            reply_due_on=today() + timedelta(days=20),
        )
