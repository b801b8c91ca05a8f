"""Two people at the very same moment, each with a connection of their own, on either database.

Both have read the same page. One wins; the other is told and keeps the text; and what
stands in the tables is what one of them meant, never a mixture.
"""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import AnswerKind, HandoverStatus, Level, ProblemStatus
from rectification.models import Escalation, Extension, Handover, Problem, Promise, Topic
from rectification.services import escalations, extensions, handovers, problems, promises, topics
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_cause,
    make_helper,
    make_problem,
)
from tests.rectification.promises import make_promise
from tests.rectification.test_problem_races import edit_data

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TOLD = {403, 409, 422}  # 403: the last step is by now another level's
FIRST, SECOND = "这是甲刚写的一大段", "这是乙刚写的一大段"


def today():
    return clock.today()


@pytest.fixture
def problem():
    return make_problem()


@pytest.fixture
def township(problem):
    return problem.holder


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


def page(name, row, *more):
    return reverse(f"rectification:{name}", args=[row.pk, *more])


def at_once(*requests):
    """Send requests (account, address, form) together; return the answers in their order."""
    gate, answers = Barrier(len(requests)), [None] * len(requests)
    browsers = []
    for user, *_ in requests:
        browsers.append(Client())
        browsers[-1].force_login(user)

    def send(number, address, data):
        gate.wait()
        try:
            answers[number] = browsers[number].post(address, data)
        finally:
            connections.close_all()

    threads = [
        Thread(target=send, args=(number, address, data))
        for number, (_, address, data) in enumerate(requests)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def the_winner(answers, texts=(FIRST, SECOND)):
    """The number of the one who won; the other was told and finds the own text."""
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(302) == 1, statuses
    winner = statuses.index(302)
    loser = 1 - winner
    assert statuses[loser] in TOLD
    assert texts[loser] in answers[loser].content.decode()
    return winner


# --- one problem: close, edit, escalate, in every pair --------------------------------------------


def to_close(problem, text):
    data = {"evidence": text, "version_seen": problem.version}
    return page("problem_step", problem, "request_close"), data


def to_edit(problem, text):
    return page("problem_edit", problem), edit_data(problem, detail=text)


def to_escalate(problem, text):
    return page("escalation_add", problem), {"question": text, "reply_days": 10}


ACTS = {"close": to_close, "edit": to_edit, "escalate": to_escalate}
PAIRS = [("close", "close"), ("close", "edit"), ("close", "escalate")]
PAIRS += [("edit", "edit"), ("edit", "escalate"), ("escalate", "escalate")]


def outcome(problem):
    """What became of the problem, in the words of whoever did it."""
    problem = Problem.objects.get(pk=problem.pk)
    asked = [row.question for row in problem.escalations.all()]
    return {text for text in (problem.evidence, problem.detail, *asked) if text}


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_of_two_who_act_on_one_problem_at_once_one_is_told(problem, township, office, pair):
    """An edit of other columns may also follow an escalation: then both are told nothing, rightly.

    The edit's page is the one that was read before, so that it is refused when it comes second;
    an escalation reads the row itself and may come after an edit.
    """
    requests = [
        (user, *ACTS[act](problem, text))
        for user, act, text in zip((township, office), pair, (FIRST, SECOND), strict=True)
    ]
    answers = at_once(*requests)
    statuses = [answer.status_code for answer in answers]
    if pair == ("edit", "escalate") and statuses == [302, 302]:
        assert outcome(problem) == {FIRST, SECOND}
        return
    winner = the_winner(answers)
    assert outcome(problem) == {(FIRST, SECOND)[winner]}


def test_of_two_who_approve_one_closing_at_once_one_is_told(problem, township, office):
    problems.request_close(problem, by=township, evidence="已公开")
    users = (office, make_user(Role.OFFICE, office.division))
    address = page("problem_step", problem, "approve_close")
    data = {"on": today().isoformat(), "version_seen": problem.version}
    texts = zip(users, (FIRST, SECOND), strict=True)
    winner = the_winner(at_once(*((user, address, {**data, "note": note}) for user, note in texts)))
    row = Problem.objects.get()
    assert (row.status, row.closed_by) == (ProblemStatus.CLOSED, users[winner])
    assert row.events.filter(action="problem_approve_close").count() == 1


def test_an_undo_and_the_next_level_at_once_do_not_both_happen(problem, township, office):
    problems.request_close(problem, by=township, evidence="已公开")
    seen = problem.version
    data = {"on": today().isoformat(), "note": SECOND, "version_seen": seen}
    winner = the_winner(
        at_once(
            (township, page("problem_undo", problem), {"reason": FIRST, "version_seen": seen}),
            (office, page("problem_step", problem, "approve_close"), data),
        )
    )
    status = Problem.objects.get().status
    assert status == (ProblemStatus.OPEN, ProblemStatus.CLOSED)[winner]


def test_withdrawing_a_question_and_answering_it_at_once_do_not_both_happen(
    problem, township, office
):
    """Each of the two needs the rows of the problem and of the question: neither waits for ever."""
    Problem.objects.update(level=Level.TOWNSHIP)
    problem.refresh_from_db()
    escalations.escalate(problem, by=township, question="请协调", reply_days=10)
    question, seen = Escalation.objects.get(), problem.version
    winner = the_winner(
        at_once(
            (township, page("problem_undo", problem), {"reason": FIRST, "version_seen": seen}),
            (
                office,
                page("escalation_answer", question),
                {"answer_kind": "refused", "answer": SECOND},
            ),
        )
    )
    assert Escalation.objects.get().answer == (FIRST, SECOND)[winner]
    assert Problem.objects.get().level == Level.TOWNSHIP


# --- promises, more time, handovers, topics -------------------------------------------------------


def test_of_two_who_confirm_one_promise_at_once_one_is_told(problem, township, office):
    promise = make_promise(problem.case, by=township)
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=promise.amount)
    address, posts = page("promise_step", promise, "confirm"), ("村党组织书记", "村民代表")
    data = {"confirmed_on": today().isoformat(), "version_seen": promise.version}
    answers = at_once(
        (township, address, {**data, "confirmed_by_whom": posts[0]}),
        (office, address, {**data, "confirmed_by_whom": posts[1]}),
    )
    winner = the_winner(answers, posts)
    assert Promise.objects.get().confirmed_by_whom == posts[winner]
    assert problem.case.events.filter(action="promise_confirm").count() == 1


def test_of_two_who_decide_one_extension_at_once_one_is_told(problem, township, office):
    former = problem.deadline
    asked = extensions.ask(problem, by=township, wanted=former + timedelta(days=20), reason="汛期")
    users = (office, make_user(Role.OFFICE, office.division))
    address = page("extension_detail", asked)
    answers = at_once(
        (users[0], address, {"is_granted": "1", "note": FIRST}),
        (users[1], address, {"is_granted": "0", "note": SECOND}),
    )
    winner = the_winner(answers)
    asked = Extension.objects.get()
    assert (asked.decided_by, asked.decision_note) == (users[winner], (FIRST, SECOND)[winner])
    assert (Problem.objects.get().deadline == former) == (winner == 1)


def test_accepting_and_withdrawing_a_handover_at_once_do_not_both_happen(problem, township):
    helper = make_helper(problem.case)
    handover = handovers.propose(problem, helper.cadre, by=township, reason="驻村更近")
    answers = at_once(
        (helper, page("handover_step", handover, "accept"), {"note": FIRST}),
        (township, page("handover_step", handover, "withdraw"), {"reason": SECOND}),
    )
    winner = the_winner(answers)
    ends = (HandoverStatus.ACCEPTED, HandoverStatus.WITHDRAWN)
    assert Handover.objects.get().status == ends[winner]
    assert (Problem.objects.get().owner == helper.cadre) == (winner == 0)


def test_taking_over_a_slot_while_somebody_else_is_put_there_leaves_one_in_it(problem, office):
    """Each of the two needs the rows of the slot and of the handover: neither waits for ever."""
    case, former = problem.case, make_helper(problem.case)
    slot = case.assignments.get()
    newcomer, other = (make_user(Role.HELPER, case.round.district) for _ in range(2))
    cadres = [
        make_cadre(case.round.district, name=user.name, account=user) for user in (newcomer, other)
    ]
    handover = handovers.propose(slot, cadres[0], by=former, reason="轮换")
    data = {"cadre": cadres[1].pk, "started_on": today().isoformat(), "reason": SECOND}
    address = reverse("rectification:assignment_add", args=[case.pk, slot.slot_id])
    accept = page("handover_step", handover, "accept")
    answers = at_once((newcomer, accept, {"note": FIRST}), (office, address, data))
    assert {answer.status_code for answer in answers} <= {302, *TOLD}
    assert 302 in {answer.status_code for answer in answers}
    (running,) = case.assignments.filter(ended_on=None)
    assert running.cadre in cadres
    assert not Handover.objects.filter(status=HandoverStatus.PROPOSED).exists()


@pytest.fixture
def topic(office):
    """A topic of two villages; one of its problems was handed up to the district besides."""
    rows = [
        make_problem(make_case(village), cause=make_cause(), nature="major", level=Level.TOWNSHIP)
        for village in (make_village(), make_village(make_division("990101002")))
    ]
    escalations.escalate(rows[0], by=rows[0].holder, question="请明确政策", reply_days=10)
    return topics.make_topic(
        by=office,
        cause=make_cause(),
        title="无证房屋确权",
        question="请明确政策",
        problems=[Problem.objects.get(pk=row.pk) for row in rows],
        reply_days=10,
    )


@pytest.mark.parametrize("kind", ["rule", "refused"])
def test_a_topic_and_one_of_its_questions_answered_at_once_have_one_answer_each(
    topic, office, kind
):
    question = Escalation.objects.get()
    users = (office, make_user(Role.OFFICE, office.division))
    answers = at_once(
        (users[0], page("topic_answer", topic), {"answer_kind": kind, "answer": FIRST}),
        (users[1], page("escalation_answer", question), {"answer_kind": kind, "answer": SECOND}),
    )
    statuses = [answer.status_code for answer in answers]
    topic, question = Topic.objects.get(), Escalation.objects.get()
    for text, answer in zip((FIRST, SECOND), answers, strict=True):
        told = answer.status_code in TOLD and text in answer.content.decode()
        assert answer.status_code == 302 or told
    assert 302 in statuses
    assert topic.answer == (FIRST if statuses[0] == 302 else "")
    assert question.answer == (SECOND if statuses[1] == 302 else FIRST)
    assert question.answer_kind == AnswerKind(kind)
    assert question.problem.level == Level.TOWNSHIP


def test_of_two_who_answer_one_topic_at_once_one_is_told(topic, office):
    users, address = (office, make_user(Role.OFFICE, office.division)), page("topic_answer", topic)
    answers = at_once(
        (users[0], address, {"answer_kind": "rule", "answer": FIRST}),
        (users[1], address, {"answer_kind": "refused", "answer": SECOND}),
    )
    winner = the_winner(answers)
    topic = Topic.objects.get()
    assert (topic.answered_by, topic.answer) == (users[winner], (FIRST, SECOND)[winner])
    assert topic.problems.first().events.filter(action="topic_answer").count() == 1
