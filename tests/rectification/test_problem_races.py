"""Two people close, edit or hand up one problem at once: one wins, the other keeps the text."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError
from rectification.choices import ProblemStatus
from rectification.models import Problem
from rectification.services import escalations, problems
from tests.factories import make_user
from tests.rectification.factories import make_problem

pytestmark = pytest.mark.django_db

S = ProblemStatus


@pytest.fixture
def problem():
    return make_problem()


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


@pytest.fixture
def township(problem):
    return problem.holder


@pytest.fixture
def browsers(client_factory, office, township):
    """The browsers of the township and of the office."""
    found = client_factory(), client_factory()
    for browser, user in zip(found, (township, office), strict=True):
        browser.force_login(user)
    return found


def edit_data(problem, **fields):
    return {
        "title": problem.title,
        "category": problem.category_id,
        "nature": "ordinary",
        "source": "visit",
        "found_on": problem.found_on.isoformat(),
        "owner": problem.owner_id,
        "deadline": problem.deadline.isoformat(),
        "version_seen": problem.version,
        **fields,
    }


def page(name, problem, *more):
    return reverse(f"rectification:{name}", args=[problem.pk, *more])


def test_who_edits_while_somebody_asks_to_close_is_told_and_keeps_the_text(
    browsers, problem, township
):
    problems.request_close(Problem.objects.get(), by=township, evidence="已公开")
    data = edit_data(problem, detail="我刚写的一大段")
    response = browsers[1].post(page("problem_edit", problem), data)
    assert response.status_code == 409
    assert "我刚写的一大段" in response.content.decode()
    problem.refresh_from_db()
    assert (problem.status, problem.detail) == (S.CLOSING, "")


def test_who_edits_while_somebody_hands_it_up_is_told_and_keeps_the_text(browsers, problem):
    data = edit_data(problem, detail="我刚写的一大段")
    question = {"question": "请协调", "reply_days": 10}
    assert browsers[0].post(page("escalation_add", problem), question).status_code == 302
    response = browsers[1].post(page("problem_edit", problem), data)
    assert response.status_code == 409
    assert "我刚写的一大段" in response.content.decode()
    assert Problem.objects.get().level == "township"


def test_of_two_who_hand_it_up_one_wins_and_the_other_keeps_the_question(browsers, problem):
    questions = [{"question": f"请解决第{n}件", "reply_days": 10} for n in (1, 2)]
    answers = [
        browser.post(page("escalation_add", problem), question)
        for browser, question in zip(browsers, questions, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "请解决第2件" in answers[1].content.decode()
    assert problem.escalations.get().question == "请解决第1件"


def test_of_two_who_close_it_one_wins_and_the_other_keeps_the_note(
    browsers, problem, township, office, client_factory
):
    problems.request_close(problem, by=township, evidence="已公开")
    second = client_factory()
    second.force_login(make_user(Role.OFFICE, office.division))
    address = page("problem_step", problem, "approve_close")
    data = {"on": clock.today().isoformat(), "note": "核对过公示"}
    assert browsers[1].post(address, data).status_code == 302
    response = second.post(address, data)
    assert response.status_code == 409
    assert "核对过公示" in response.content.decode()
    assert problem.events.filter(action="problem_approve_close").count() == 1


@pytest.mark.parametrize("first", ["close", "escalate", "track"])
@pytest.mark.parametrize("second", ["close", "escalate", "track"])
def test_a_stale_copy_never_overwrites_what_was_done(problem, office, township, first, second):
    """Each of the three acts, from a copy read before another one was done."""
    acts = {
        "close": lambda row: problems.request_close(row, by=township, evidence="已公开"),
        "escalate": lambda row: escalations.escalate(
            row, by=township, question="请协调", reply_days=10
        ),
        "track": lambda row: problems.track(
            row,
            by=office,
            reason="难",
            decision_no="1 号",
            next_on=clock.today() + timedelta(days=9),
        ),
    }
    stale = Problem.objects.for_detail().get()
    acts[first](problem)
    done = Problem.objects.values().get()
    with pytest.raises(Exception) as refusal:
        acts[second](stale)
    assert refusal.value.status_code in {409, 422}
    assert Problem.objects.values().get() == done


def test_two_revisions_of_links_cannot_close_a_circle_together(problem, township):
    other = make_problem(problem.case)
    stale = Problem.objects.get(pk=other.pk)
    problem.waits_for.add(other)
    with pytest.raises(DomainError, match="互相等待"):
        problems.revise_problem(
            stale, save=stale.save, changes=[], by=township, waits_for=[problem]
        )


def test_the_second_step_from_one_page_is_told(problem, township):
    stale = Problem.objects.get()
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(Conflict, match="刚被他人办理"):
        problems.request_close(stale, by=township, evidence="又公开")
