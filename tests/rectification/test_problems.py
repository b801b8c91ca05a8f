"""Problems: each step, who takes it, what must hold, and the questions handed up."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, ProblemStatus
from rectification.models import CaseEvent, Problem
from rectification.services import problems, tasks
from rectification.workflow_problems import PROBLEM_STEPS, available
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_cadre,
    make_case,
    make_category,
    make_milestone,
    make_problem,
    make_task,
    make_visit,
)

pytestmark = pytest.mark.django_db

S = ProblemStatus
O, T = Role.OFFICE, Role.TOWNSHIP  # noqa: E741
ALLOWED = {
    *product([S.OPEN, S.TRACKED], ["request_close"], [O, T]),
    *product([S.CLOSING], ["approve_close", "refuse_close"], [O, T]),
    *product([S.OPEN], ["hand_over"], [O, T]),
    *product([S.OPEN, S.TRACKED], ["track", "give_up"], [O]),
    *product([S.CLOSED, S.HANDED_OVER, S.TRACKED, S.UNSOLVABLE], ["reopen"], [O, T]),
}


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


def close(problem, *, asked_by, approved_by):
    problems.request_close(problem, by=asked_by, evidence="账目已公示，村民代表会议纪要 3 号")
    return problems.approve_close(problem, by=approved_by)


def in_status(status):
    fields = {}
    if status in {S.CLOSED, S.CLOSING}:
        fields["closing_by"] = make_user(Role.OFFICE)
    if status == S.CLOSED:
        fields |= {"closed_by": make_user(Role.OFFICE), "closed_on": today()}
    if status == S.TRACKED:
        fields |= {"next_on": today() + timedelta(days=30), "decision_no": "区委会议纪要 5 号"}
    if status == S.UNSOLVABLE:
        fields |= {"decision_no": "区委会议纪要 6 号", "closed_on": today()}
    return make_problem(status=status, **fields)


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "action", "role"), list(product(ProblemStatus, PROBLEM_STEPS, Role))
)
def test_every_status_action_role(status, action, role):
    problem = in_status(status)
    found = {choice.step.action for choice in available(PROBLEM_STEPS, problem, make_user(role))}
    assert (action in found) == ((status, action, role) in ALLOWED)


@pytest.mark.parametrize("action", PROBLEM_STEPS)
def test_every_step_has_its_act(action):
    assert action in problems.ACTS


def test_each_step_leaves_an_event_with_both_statuses(problem, office, township):
    close(problem, asked_by=township, approved_by=office)
    events = problem.events.order_by("pk").values_list("action", "from_status", "to_status", "by")
    assert list(events) == [
        ("problem_request_close", "open", "closing", township.pk),
        ("problem_approve_close", "closing", "closed", office.pk),
    ]


def test_a_step_of_another_role_is_refused(problem, township):
    with pytest.raises(NotAllowed, match="组织部"):
        problems.track(
            problem, by=township, reason="一时难办", decision_no="1", next_on=date(2027, 1, 1)
        )


def test_the_second_of_two_people_is_told(problem, office, township):
    stale = Problem.objects.get(pk=problem.pk)
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(Conflict):
        problems.hand_over(stale, by=office, reason="移交", decision_no="1")
    problem.refresh_from_db()
    assert problem.status == S.CLOSING


@pytest.mark.parametrize("status", [CaseStatus.PROPOSED, CaseStatus.DECLINED])
def test_nothing_moves_before_designation(status):
    problem = make_problem(make_case(status=status))
    with pytest.raises(DomainError, match="认定之后"):
        problems.request_close(problem, by=problem.holder, evidence="已公开")


def test_what_is_open_when_the_case_ends_is_still_brought_to_its_end(office):
    problem = make_problem(make_case(make_village(), status=CaseStatus.TRANSFORMED))
    task = make_task(problem)
    tasks.add_progress(task, by=problem.holder, text="水务局已动工")
    task.refresh_from_db()
    tasks.finish(task, by=problem.holder)
    close(problem, asked_by=problem.holder, approved_by=office)
    assert problem.status == S.CLOSED


# --- closing --------------------------------------------------------------------------------------


def test_closing_waits_for_every_task_to_be_done_or_dropped(problem, township):
    task = make_task(problem)
    with pytest.raises(DomainError, match="还没有完成") as refusal:
        problems.request_close(problem, by=township, evidence="已公开")
    assert refusal.value.link == task.get_absolute_url()


def test_question_23_closing_needs_another_person_than_the_one_who_asked(problem, township):
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(DomainError, match="别的账号核准"):
        problems.approve_close(problem, by=township)


def test_question_23_closing_needs_another_person_than_the_doer(problem, office, township):
    task = make_task(problem, status="done")
    task.progress.create(on=today(), text="账目贴出来了", by=office)
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(DomainError, match="没有经办"):
        problems.approve_close(problem, by=office)
    other = make_user(Role.OFFICE)
    problems.approve_close(problem, by=other)
    assert problem.closed_by == other


def test_question_23_who_finished_a_task_does_not_approve(problem, office, township):
    task = make_task(problem, status="done")
    CaseEvent.objects.create(
        case=problem.case, task=task, by=office, on=today(), action="task_finish", title="任务办结"
    )
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(DomainError, match="没有经办"):
        problems.approve_close(problem, by=office)


def test_question_22_reopening_with_a_reason_keeps_the_first_closing(problem, office, township):
    close(problem, asked_by=township, approved_by=office)

    problems.reopen(problem, by=office, reason="账目又不公开了")

    assert problem.status == S.OPEN
    assert (problem.closed_by, problem.evidence) == (None, "")
    kept = problem.events.get(action="problem_reopen").note
    assert "账目又不公开了" in kept
    assert "村民代表会议纪要 3 号" in kept
    assert str(office) in kept
    assert problem.events.filter(action="problem_approve_close").exists()
    assert problem.history.filter(status=S.CLOSED, closed_by=office).exists()


def test_a_problem_of_a_case_that_ended_is_not_reopened(problem, office, township):
    close(problem, asked_by=township, approved_by=office)
    problem.case.status = CaseStatus.TRANSFORMED
    with pytest.raises(DomainError, match="反弹"):
        problems.reopen(problem, by=office, reason="又出现了")


def test_a_refused_closing_goes_back_where_it_came_from(office):
    tracked = in_status(S.TRACKED)
    problems.request_close(tracked, by=tracked.holder, evidence="已解决")
    problems.refuse_close(tracked, by=office, reason="没有依据")
    assert tracked.status == S.TRACKED


def test_a_closing_day_in_the_future_is_refused(problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    with pytest.raises(DomainError, match="不能晚于今天"):
        problems.approve_close(problem, by=office, on=today() + timedelta(days=1))


# --- handing over and tracking --------------------------------------------------------------------


def test_an_ordinary_problem_is_handed_over_with_a_reason(problem, township):
    problems.hand_over(problem, by=township, reason="属水务部门职责")
    assert problem.status == S.HANDED_OVER


@pytest.mark.parametrize("hard", ["main category", "historical"])
def test_a_hard_problem_is_handed_over_only_by_a_decision_of_the_district(hard):
    case = make_case()
    fields = {"is_historical": True} if hard == "historical" else {"category": case.main_category}
    problem = make_problem(case, **fields)
    with pytest.raises(DomainError, match="区级决定文号"):
        problems.hand_over(problem, by=problem.holder, reason="属水务部门")
    problems.hand_over(problem, by=problem.holder, reason="属水务部门", decision_no="区委 3 号")
    assert problem.decision_no == "区委 3 号"


def test_a_tracked_problem_stays_open_with_a_next_date_after_the_case_ended(problem, office):
    nearer, later = today() + timedelta(days=30), today() + timedelta(days=90)
    problems.track(problem, by=office, reason="产权复杂", decision_no="5 号", next_on=nearer)
    problem.case.status = CaseStatus.TRANSFORMED
    problem.case.save()
    problem.refresh_from_db()
    problems.track(problem, by=office, reason="仍在诉讼", decision_no="5 号", next_on=later)
    assert (problem.status, problem.next_on) == (S.TRACKED, later)
    assert problem in Problem.objects.unfinished()


def test_the_next_date_of_tracking_lies_ahead(problem, office):
    with pytest.raises(DomainError, match="晚于今天"):
        problems.track(problem, by=office, reason="难", decision_no="5 号", next_on=today())


# --- entering -------------------------------------------------------------------------------------


def form_data(owner, **fields):
    return {
        "title": "账目三年没有公开",
        "category": "C07",
        "nature": "ordinary",
        "level": "village",
        "source": "visit",
        "found_on": today().isoformat(),
        "owner": owner.pk,
        "deadline": (today() + timedelta(days=30)).isoformat(),
        **fields,
    }


@pytest.fixture
def case():
    make_category("C07", "村务财务公开和民主管理混乱")
    return make_case(status=CaseStatus.DESIGNATED)


def test_a_new_problem_takes_the_next_number_and_its_holder(client, case):
    township = holder_of(case)
    client.force_login(township)
    owner = make_cadre(case.village.township)
    address = reverse("rectification:problem_add", args=[case.pk])
    for _ in range(2):
        assert client.post(address, form_data(owner)).status_code == 302
    found = Problem.objects.order_by("number").values_list("number", "holder", "status")
    assert list(found) == [(1, township.pk, "open"), (2, township.pk, "open")]
    assert case.events.filter(action="problem_add").count() == 2


def test_problem_add_takes_no_owner_of_another_town(client, case):
    client.force_login(holder_of(case))
    stranger = make_cadre(make_division("990101002"))
    address = reverse("rectification:problem_add", args=[case.pk])
    assert client.post(address, form_data(stranger)).status_code == 422
    assert not Problem.objects.exists()


def test_problem_add_takes_no_holder_nor_status_from_the_post(client, case):
    township = holder_of(case)
    client.force_login(township)
    stranger = make_user(Role.TOWNSHIP, make_division("990101002"))
    data = form_data(make_cadre(case.village.township), holder=stranger.pk, status="closed")
    client.post(reverse("rectification:problem_add", args=[case.pk]), data)
    problem = Problem.objects.get()
    assert (problem.holder, problem.status) == (township, "open")


def test_problem_add_offers_nobody_who_has_left(client, case):
    client.force_login(holder_of(case))
    gone = make_cadre(case.village.township, to_on=today())
    address = reverse("rectification:problem_add", args=[case.pk])
    assert client.post(address, form_data(gone)).status_code == 422


@pytest.mark.parametrize("status", [CaseStatus.PROPOSED, CaseStatus.RELEASED])
def test_problems_are_entered_between_designation_and_the_end(client, status):
    make_category("C07")
    case = make_case(status=status)
    client.force_login(holder_of(case))
    address = reverse("rectification:problem_add", args=[case.pk])
    assert client.post(address, form_data(make_cadre(case.village.township))).status_code == 422


def test_a_visit_that_found_a_problem_fills_in_what_it_knows(client, case):
    client.force_login(holder_of(case))
    visit = make_visit(case, no_new_problem=False, findings="自来水常停")
    address = reverse("rectification:problem_add", args=[case.pk])
    page = client.get(f"{address}?visit={visit.pk}").content.decode()
    assert 'value="自来水常停"' in page


def test_a_visit_of_another_case_fills_in_nothing(client, case):
    other = make_case(make_village(make_division("990101002")))
    visit = make_visit(other, findings="别的村的事")
    client.force_login(holder_of(case))
    address = reverse("rectification:problem_add", args=[case.pk])
    assert "别的村的事" not in client.get(f"{address}?visit={visit.pk}").content.decode()


def test_an_edit_keeps_the_former_value_in_the_record(client, problem, township):
    client.force_login(township)
    data = form_data(problem.owner, title=problem.title, version_seen=1)
    new = (today() + timedelta(days=5)).isoformat()
    address = reverse("rectification:problem_edit", args=[problem.pk])
    assert client.post(address, {**data, "deadline": new}).status_code == 302
    note = problem.events.get(action="problem_edit").note
    assert f"解决期限：{problem.deadline} → {new}" in note


def test_the_second_of_two_editors_is_told(client, problem, township):
    client.force_login(township)
    address = reverse("rectification:problem_edit", args=[problem.pk])
    data = form_data(problem.owner, version_seen=1)
    client.post(address, {**data, "title": "先保存的"})
    response = client.post(address, {**data, "title": "后保存的"})
    assert response.status_code == 409
    problem.refresh_from_db()
    assert problem.title == "先保存的"


def test_the_problem_list_is_reached_when_each_problem_has_a_task(case):
    milestone = make_milestone(case, "problem_list")
    first, second = make_problem(case), make_problem(case)
    make_task(first)
    problems.note_problem_list(case, today())
    milestone.refresh_from_db()
    assert milestone.reached_on is None
    make_task(second)
    problems.note_problem_list(case, today())
    milestone.refresh_from_db()
    assert milestone.reached_on == today()
