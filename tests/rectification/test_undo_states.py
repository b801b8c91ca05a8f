"""What a row goes back to by an undo is a state that the steps themselves could have reached."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.exceptions import DomainError
from rectification.choices import (
    AnswerKind,
    CaseStatus,
    Conclusion,
    Level,
    ProblemStatus,
    RoundStatus,
    TaskStatus,
)
from rectification.models import Problem, Task
from rectification.services import acceptance, cases, escalations, people, problems, tasks, undo
from rectification.workflow_problems import PROBLEM_STEPS
from tests.factories import make_user, make_village
from tests.rectification.acceptance import SHEET
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_category,
    make_helper,
    make_problem,
    make_task,
)
from tests.rectification.replay import level_before
from tests.rectification.test_undo import ask, columns
from tests.rectification.test_undo_steps import details, ended
from tests.rectification.test_workflow import act, ready_for

pytestmark = pytest.mark.django_db

S, T, C = ProblemStatus, TaskStatus, CaseStatus
DAY = timedelta(days=1)
ROLES = (Role.OFFICE, Role.TOWNSHIP, Role.HELPER)


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


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def close(problem, township, office):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.approve_close(problem, by=office)


def test_a_problem_is_not_solved_again_by_an_undo_while_a_part_of_it_is_open(
    problem, township, office
):
    part = make_problem(problem.case, parent=problem)
    for row in (part, problem):
        close(row, township, office)
    problems.reopen(problem, by=office, reason="又不公开")
    problems.reopen(fresh(part), by=office, reason="又不公开")
    with pytest.raises(DomainError, match="还没有办结"):
        undo.undo(fresh(problem), by=office, reason="点错了")
    undo.undo(fresh(part), by=office, reason="点错了")
    undo.undo(fresh(problem), by=office, reason="点错了")
    assert fresh(problem).status == S.CLOSED


def test_a_problem_is_not_solved_again_by_an_undo_once_its_level_calls_it_unsolved(
    problem, township, office
):
    close(problem, township, office)
    problems.reopen(problem, by=office, reason="又不公开")
    problems.add_verdict(problem, by=office, level=Level.DISTRICT, value="unsolved")
    with pytest.raises(DomainError, match="没有解决"):
        undo.undo(problem, by=office, reason="点错了")


def test_a_refused_closing_is_not_asked_for_again_by_an_undo_with_a_task_open(
    problem, township, office
):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.refuse_close(problem, by=office, reason="没有依据")
    tasks.add_task(make_task_of(problem), by=office)
    with pytest.raises(DomainError, match="还没有完成"):
        undo.undo(problem, by=office, reason="看错了")


def make_task_of(problem):
    fields = {"case": problem.case, "problem": problem, "category": problem.category}
    days = {"start_on": today(), "deadline": today() + 9 * DAY}
    return Task(measure="公开账目", owner=problem.owner, **fields, **days)


def test_what_was_handed_over_with_a_task_open_is_handed_over_again_by_an_undo(problem, office):
    """Handing over asks for no finished tasks: neither does the way back to it."""
    make_task(problem)
    problems.hand_over(problem, by=office, reason="转水务", decision_no="1")
    problems.reopen(problem, by=office, reason="点错了")
    undo.undo(problem, by=office, reason="点错了")
    assert fresh(problem).status == S.HANDED_OVER


def test_a_closed_problem_is_not_made_the_whole_of_an_open_one(problem, township, office):
    close(problem, township, office)
    part = Problem(
        case=problem.case,
        title="还没有公开的部分",
        category=make_category(),
        nature="ordinary",
        source="visit",
        found_on=today(),
        deadline=today() + 9 * DAY,
        owner=problem.owner,
        parent=problem,
    )
    with pytest.raises(DomainError, match="已经销号"):
        problems.add_problem(part, by=township)


def test_no_measure_is_put_under_a_problem_that_was_closed_meanwhile(problem, township, office):
    stale = make_task_of(fresh(problem))
    close(problem, township, office)
    with pytest.raises(DomainError, match="不能再安排任务"):
        tasks.add_task(stale, by=township)


def test_a_refusal_sends_a_problem_where_its_valid_request_came_from(problem, township, office):
    problems.track(problem, by=office, reason="难", decision_no="1 号", next_on=today() + 30 * DAY)
    problems.request_close(problem, by=office, evidence="已公开")
    second = make_user(Role.OFFICE, office.division)
    problems.refuse_close(problem, by=second, reason="没有依据")
    problems.reopen(problem, by=office, reason="重新办")
    problems.request_close(problem, by=office, evidence="这次是从处理中申请的")
    for _ in range(3):  # that request, the reopening, the refusal
        undo.undo(problem, by=office, reason="点错了")
    assert problem.status == S.CLOSING
    problems.refuse_close(problem, by=second, reason="没有依据")
    assert (problem.status, problem.next_on) == (S.TRACKED, today() + 30 * DAY)


def test_a_live_item_goes_back_to_an_account_that_still_sees_the_village(problem, office, township):
    """The helper left the village meanwhile: what is open again is in somebody's list."""
    helper = make_helper(problem.case)
    fields = {"owner": helper.cadre, "holder": helper}
    task = make_task(problem, **fields)
    own = make_problem(problem.case, **fields)
    tasks.finish(task, by=office)
    problems.hand_over(own, by=office, reason="转水务", decision_no="1")
    slot = problem.case.assignments.get()
    people.end_assignment(slot, by=office, on=today(), reason="轮换")
    for row in (fresh(task), fresh(own)):
        undo.undo(row, by=office, reason="点错了")
        assert row.holder == township
        lists = [user for user in User.objects.all() if row in held_by(user, type(row))]
        assert lists == [township]


def held_by(user, kind):
    return kind.objects.visible_to(user).held_by(user)


# --- questions ------------------------------------------------------------------------------------


def test_an_undone_passing_on_leaves_the_answer_with_the_level_that_owed_it(office, township):
    problem = make_problem(level=Level.TOWNSHIP)
    question = ask(problem, township)
    escalations.answer_escalation(
        question, by=office, answer_kind=AnswerKind.PASSED_ON, answer="请市里定", reply_days=10
    )
    problem = fresh(problem)
    assert problem.level == Level.ABOVE
    undo.undo(problem, by=office, reason="区里能定")
    waiting = problem.escalations.unanswered().get()
    assert (waiting, problem.level) == (question, Level.DISTRICT)
    assert escalations.may_answer(waiting, office)
    escalations.answer_escalation(waiting, by=office, answer_kind="refused", answer="按政策")
    assert fresh(problem).level == Level.TOWNSHIP
    said = problem.events.filter(action="escalation_answer").first()
    assert level_before(said) == Level.DISTRICT


# --- cases ----------------------------------------------------------------------------------------


def test_a_corrected_designation_is_taken_back_with_its_types(office):
    further, other = make_category("C07", "村务管理混乱"), make_category("C09", "宗族势力")
    case = make_case(make_village(), C.PROPOSED, designated_on=None, minutes_no="", deadline=None)
    case.further_categories.set([further])
    before = case.main_category
    told = {"minutes_no": "3 号", "deadline": today() + 200 * DAY, "main_category": other}
    cases.designate(case, by=office, on=today(), further_categories=[], **told)
    assert case.events.filter(action="retype").exists()
    undo.undo(case, by=office, reason="录错了村")
    assert (case.main_category, list(case.further_categories.all())) == (before, [further])


@pytest.mark.parametrize("action", ["designate", "decline"])
def test_what_was_decided_stands_once_the_round_is_closed(action):
    case, user, told = ready_for(action)
    act(action, case, user, told)
    case.round.status = RoundStatus.CLOSED
    case.round.save()
    with pytest.raises(DomainError, match="已经结束"):
        undo.undo(fresh(case), by=user, reason="点错了")


def test_a_conclusion_stands_once_a_look_back_was_made():
    case, user, told = ready_for("conclude")
    act("conclude", case, user, told)
    case.follow_ups.filter(months=3).update(done_on=today(), is_stable=True, findings="稳定")
    with pytest.raises(DomainError, match="回头看已经登记"):
        undo.undo(case, by=user, reason="点错了")


def conclude(case, office, conclusion):
    """Write the sheet of the application under way and decide on it."""
    sheet = case.acceptances.get(conclusion="", returned_on=None)
    for name, value in {**SHEET, "inspected_on": today(), "decided_on": today()}.items():
        setattr(sheet, name, value)
    told = {"lowered_reason": "从严", "new_deadline": today() + 300 * DAY}
    acceptance.conclude(sheet, by=office, conclusion=conclusion, **told)
    case.refresh_from_db()
    return sheet


def inspected(township, office):
    case = applied(township)
    cases.inspect(case, by=office, on=today(), team=[make_cadre(name="组员")])
    return case


@pytest.mark.parametrize("conclusion", Conclusion)
def test_each_conclusion_is_taken_back_with_what_came_of_it(office, township, conclusion):
    case = inspected(township, office)
    before = columns(case)
    sheet = conclude(case, office, conclusion)
    assert columns(case) != before
    undo.undo(case, by=office, reason="算错了")
    assert columns(case) == before
    assert fresh(sheet).conclusion == ""
    assert not case.follow_ups.exists()


def applied(township):
    case = make_case(make_village())
    cases.apply(case, by=township, on=today())
    return case


def test_a_withdrawn_application_does_not_stand_before_the_one_under_way(office, township):
    """Apply, conclude, apply again; then all but the first application is taken back."""
    case = inspected(township, office)
    first = conclude(case, office, Conclusion.FAIL)
    cases.apply(case, by=township, on=today())
    undo.undo(case, by=township, reason="材料没齐")
    undo.undo(case, by=office, reason="算错了")
    assert conclude(case, office, Conclusion.PASS) == first
    assert case.status == C.TRANSFORMED


def test_of_two_applications_the_one_that_was_sent_back_comes_back(office, township):
    case = applied(township)
    cases.send_back(case, by=office, on=today(), note="材料不全")
    cases.apply(case, by=township, on=today())
    undo.undo(case, by=township, reason="材料还没齐")
    undo.undo(case, by=office, reason="材料其实齐了")
    sheets = case.acceptances.order_by("serial").values_list("returned_on", flat=True)
    assert list(sheets) == [None, today()]


def test_a_case_is_sent_back_where_its_valid_application_came_from(office, township):
    case = inspected(township, office)
    conclude(case, office, Conclusion.CONSOLIDATE)
    with clock.set_to(case.consolidation_until):
        cases.apply(case, by=township, on=today())
        for user in (township, office, office):  # the application, the conclusion, the inspection
            undo.undo(case, by=user, reason="点错了")
        cases.send_back(case, by=office, on=today(), note="材料不全")
    assert case.status == C.RECTIFYING


# --- nothing is left empty ------------------------------------------------------------------------


@pytest.mark.parametrize("action", PROBLEM_STEPS)
@pytest.mark.parametrize("name", ["evidence", "reason", "decision_no"])
def test_no_step_of_a_problem_is_taken_without_its_words(problem, township, action, name):
    step = PROBLEM_STEPS[action]
    if name not in step.fields:
        return
    row = make_problem(problem.case, step.sources[0], **ended(step.sources[0], township))
    row.is_historical = True
    told = details(step) | {name: "  "}
    with pytest.raises(DomainError, match=r"号|请填写"):
        problems.ACTS[action](row, by=make_user(Role.OFFICE), **told)
    assert fresh(row).status == step.sources[0]


def test_an_undo_has_its_reason(problem, township):
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(DomainError, match="撤回原因"):
        undo.undo(problem, by=township, reason=" ")


def test_a_question_and_its_answer_have_their_words(problem, township):
    with pytest.raises(DomainError, match="请求事项"):
        escalations.escalate(problem, by=township, question=" ", reply_days=10)
    question = ask(problem, township)
    for kind, words in (("refused", " "), (AnswerKind.WITHDRAWN, "不用了")):
        with pytest.raises(DomainError, match="请"):
            escalations.answer_escalation(question, by=township, answer_kind=kind, answer=words)
    assert fresh(question).answered_at is None


# --- the page -------------------------------------------------------------------------------------


def test_the_undo_of_a_step_that_is_no_longer_the_last_is_told_and_keeps_the_text(
    client, problem, township, office
):
    """A colleague was faster: neither is the colleague's step taken back unseen, nor text lost."""
    problems.request_close(problem, by=township, evidence="已公开")
    seen, words = fresh(problem).version, "写了很久的撤回原因"
    colleague = make_user(Role.TOWNSHIP, township.division)
    undo.undo(problem, by=colleague, reason="材料要补")
    ask(problem, colleague)
    client.force_login(township)
    address = reverse("rectification:problem_undo", args=[problem.pk])
    response = client.post(address, {"reason": words, "version_seen": seen})
    assert response.status_code == 409
    assert words in response.content.decode()
    assert problem.escalations.unanswered().exists()


def test_who_takes_back_what_another_level_went_on_with_keeps_the_text(
    client, problem, township, office
):
    close(problem, township, office)
    client.force_login(township)
    address = reverse("rectification:problem_undo", args=[problem.pk])
    response = client.post(address, {"reason": "写了很久", "version_seen": fresh(problem).version})
    assert response.status_code == 403
    assert "写了很久" in response.content.decode()
