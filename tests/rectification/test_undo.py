"""撤回: who may take a step back and until when, and that everything is as it was before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import AnswerKind, CaseStatus, Level, ProblemStatus, TaskStatus
from rectification.models import Case, CaseEvent, Milestone, Problem, Task
from rectification.services import cases, escalations, problems, tasks, undo
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_case,
    make_milestone,
    make_problem,
    make_task,
)

pytestmark = pytest.mark.django_db

S, C = ProblemStatus, CaseStatus


def today():
    return clock.today()


def columns(row, *, without=("version",)):
    row = type(row).objects.get(pk=row.pk)
    fields = row._meta.concrete_fields
    return {f.name: getattr(row, f.attname) for f in fields if f.name not in without}


@pytest.fixture
def problem():
    return make_problem()


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


@pytest.fixture
def township(problem):
    return problem.holder


def ask(problem, by):
    return escalations.escalate(problem, by=by, question="请协调", reply_days=10)


# --- problems and tasks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("track", {"decision_no": "5 号", "next_on": today() + timedelta(days=30)}),
        ("give_up", {"decision_no": "5 号"}),
        ("hand_over", {"decision_no": "5 号"}),
    ],
)
def test_an_undone_step_leaves_a_problem_as_it_was(problem, office, action, details):
    before = columns(problem)
    problems.ACTS[action](problem, by=office, reason="难办", **details)
    event = undo.undo(problem, by=office, reason="点错了")
    assert columns(problem) == before
    assert (event.title[:2], event.note, event.undoes.action) == (
        "撤回",
        "点错了",
        f"problem_{action}",
    )
    assert problem.history.count() == 3


def test_steps_are_taken_back_one_after_the_other(problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.refuse_close(problem, by=office, reason="没有依据")
    undo.undo(problem, by=office, reason="看错了")
    assert (problem.status, problem.closing_by) == (S.CLOSING, township)
    undo.undo(problem, by=township, reason="还没办完")
    assert (problem.status, problem.evidence) == (S.OPEN, "")


def test_a_step_is_not_taken_back_once_another_level_has_acted(problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.approve_close(problem, by=office)
    problems.reopen(problem, by=office, reason="又出现了")
    undo.undo(problem, by=office, reason="不是这个村")
    with pytest.raises(NotAllowed, match="只能由办理的一级撤回"):
        undo.undo(problem, by=township, reason="撤回申请")
    assert problem.status == S.CLOSED


def test_a_question_of_another_level_in_between_bars_the_undo(problem, office, township):
    problems.hand_over(problem, by=township, reason="转水务", decision_no="1")
    problems.add_verdict(problem, by=office, level=Level.DISTRICT, value="partly")
    with pytest.raises(DomainError, match="之后已办理"):
        undo.undo(problem, by=township, reason="点错了")


def test_a_step_of_a_neighbour_is_not_ones_own(problem, township):
    problems.request_close(problem, by=township, evidence="已公开")
    colleague = make_user(Role.TOWNSHIP, township.division)
    stranger = make_user(Role.TOWNSHIP, make_division("990101002"))
    with pytest.raises(NotAllowed):
        undo.undo(problem, by=stranger, reason="撤回")
    undo.undo(problem, by=colleague, reason="材料要补")
    assert problem.status == S.OPEN


def test_an_undone_reopening_does_not_count(problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.approve_close(problem, by=office)
    problems.reopen(problem, by=office, reason="点错了")
    undo.undo(problem, by=office, reason="点错了")
    found = Problem.objects.all().with_reopens().get()
    assert (found.status, found.closed_by, found.reopen_count) == (S.CLOSED, office, 0)


def test_the_second_of_two_who_take_a_step_back_is_told(problem, township):
    problems.request_close(problem, by=township, evidence="已公开")
    stale = Problem.objects.get(pk=problem.pk)
    undo.undo(problem, by=township, reason="撤回")
    problems.request_close(problem, by=township, evidence="又公开")
    with pytest.raises(Conflict):
        undo.undo(stale, by=township, reason="撤回")


def test_a_question_handed_up_is_withdrawn_until_it_is_answered(problem, office, township):
    problem.level = Level.TOWNSHIP
    problem.save()
    asked = ask(problem, township)
    undo.undo(problem, by=township, reason="镇里能解决")
    asked.refresh_from_db()
    assert (problem.level, asked.answer_kind) == (Level.TOWNSHIP, AnswerKind.WITHDRAWN)
    assert not problem.escalations.unanswered().exists()
    again = ask(problem, township)
    escalations.answer_escalation(again, by=office, answer_kind="refused", answer="按现有政策")
    problem.refresh_from_db()
    with pytest.raises(DomainError, match="之后已办理"):
        undo.undo(problem, by=township, reason="撤回")


def test_a_finished_task_is_open_again_by_an_undo(problem, township):
    task = make_task(problem)
    before = columns(task)
    tasks.finish(task, by=township, note="办好了")
    undo.undo(task, by=township, reason="点错了任务")
    assert columns(task) == before
    assert Task.objects.get().status == TaskStatus.OPEN


def test_a_task_is_not_opened_under_a_problem_that_is_being_closed(problem, township):
    task = make_task(problem)
    tasks.finish(task, by=township)
    problems.request_close(problem, by=township, evidence="已公开")
    task = Task.objects.get(pk=task.pk)
    with pytest.raises(DomainError, match="申请销号"):
        undo.undo(task, by=township, reason="点错了")


def test_nothing_is_opened_again_behind_an_application_for_acceptance(problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.approve_close(problem, by=office)
    cases.apply(problem.case, by=township, on=today())
    problem = Problem.objects.get(pk=problem.pk)
    with pytest.raises(DomainError, match="申请验收"):
        undo.undo(problem, by=office, reason="看错了")


def test_what_has_no_former_values_is_not_taken_back(problem, office):
    CaseEvent.objects.create(
        case=problem.case,
        problem=problem,
        by=office,
        on=today(),
        action="problem_track",
        title="转入长期跟踪",
        to_status="open",
    )
    with pytest.raises(DomainError, match="没有留下原来的内容"):
        undo.undo(problem, by=office, reason="撤回")


# --- cases ----------------------------------------------------------------------------------------


def designated(office):
    case = make_case(make_village(), C.PROPOSED, designated_on=None, minutes_no="", deadline=None)
    case.round.standard.milestones.create(
        number=1, key="four_ones", name="四个一到位", anchor="designated", days=7
    )
    before = columns(case)
    cases.designate(
        case,
        by=office,
        on=today(),
        minutes_no="3 号",
        deadline=today() + timedelta(days=200),
    )
    return case, before


def test_designation_is_taken_back_with_its_milestones(office):
    case, before = designated(office)
    assert Milestone.objects.filter(case=case).exists()
    undo.undo(case, by=office, reason="录错了村")
    assert columns(case) == before
    assert not Milestone.objects.filter(case=case).exists()


def test_designation_stands_once_something_was_entered(office):
    case, _ = designated(office)
    holder = holder_of(case)
    problem = make_problem(case, holder=holder)
    tasks.add_task(make_task(problem, holder=holder), by=office)
    with pytest.raises(DomainError, match="安排任务"):
        undo.undo(case, by=office, reason="录错了村")


def test_an_application_is_taken_back_with_its_milestone(office):
    case = make_case(make_village())
    milestone = make_milestone(case, "applied")
    township = holder_of(case)
    cases.apply(case, by=township, on=today())
    milestone.refresh_from_db()
    assert milestone.reached_on == today()
    undo.undo(case, by=township, reason="材料没齐")
    milestone.refresh_from_db()
    assert (case.status, milestone.reached_on) == (C.RECTIFYING, None)
    assert case.acceptances.get().returned_on == today()
    cases.apply(case, by=township, on=today())
    assert case.acceptances.filter(returned_on=None).count() == 1


def test_an_application_that_was_sent_back_is_no_longer_the_townships_to_undo(office):
    case = make_case(make_village())
    township = holder_of(case)
    cases.apply(case, by=township, on=today())
    cases.send_back(case, by=office, on=today(), note="材料不全")
    with pytest.raises(NotAllowed):
        undo.undo(case, by=township, reason="撤回")
    undo.undo(case, by=office, reason="材料其实齐了")
    assert case.status == C.APPLIED
    assert case.acceptances.get().returned_on is None


def test_an_extension_is_taken_back(office):
    case = make_case(make_village())
    former = case.deadline
    later = former + timedelta(days=60)
    cases.extend(case, by=office, on=today(), deadline=later, decision_no="1", note="汛期")
    undo.undo(case, by=office, reason="会议没有同意")
    assert Case.objects.get(pk=case.pk).deadline == former


def test_an_end_that_dissolved_the_helpers_is_not_taken_back(office):
    case = make_case(make_village())
    cases.end(case, by=office, on=today(), end_reason="mistake", decision_no="1")
    with pytest.raises(DomainError, match="帮扶力量"):
        undo.undo(case, by=office, reason="撤回")


# --- pages ----------------------------------------------------------------------------------------


def test_the_page_offers_the_undo_to_whoever_took_the_step(client, problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    address = reverse("rectification:problem_undo", args=[problem.pk])
    client.force_login(office)
    assert address not in client.get(problem.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403
    client.force_login(township)
    assert address in client.get(problem.get_absolute_url()).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "材料要补"}).status_code == 302
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "撤回：问题申请销号" in page
    problem.refresh_from_db()
    assert problem.status == S.OPEN
