"""Tasks: each step and who takes it, progress, and what is late or stands still."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, TaskStatus
from rectification.models import Task
from rectification.services import problems, tasks
from rectification.workflow_problems import TASK_STEPS, available
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_cadre,
    make_case,
    make_helper,
    make_milestone,
    make_problem,
    make_standard,
    make_task,
)

pytestmark = pytest.mark.django_db

S = TaskStatus
O, T, H = Role.OFFICE, Role.TOWNSHIP, Role.HELPER  # noqa: E741
ALLOWED = {
    *product([S.OPEN], ["finish"], [O, T, H]),
    *product([S.OPEN], ["drop"], [O, T]),
    *product([S.DONE, S.DROPPED], ["reopen"], [O, T]),
}


def today():
    return clock.today()


@pytest.fixture
def task():
    return make_task()


@pytest.fixture
def township(task):
    return task.holder


# --- steps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "action", "role"), list(product(TaskStatus, TASK_STEPS, Role)))
def test_every_status_action_role(status, action, role):
    task = make_task(status=status, end_note="不需要了" if status == S.DROPPED else "")
    found = {choice.step.action for choice in available(TASK_STEPS, task, make_user(role))}
    assert (action in found) == ((status, action, role) in ALLOWED)


@pytest.mark.parametrize("action", TASK_STEPS)
def test_every_step_has_its_act(action):
    assert action in tasks.ACTS


def test_a_task_is_finished_and_opened_again_in_sight(task, township):
    tasks.finish(task, by=township, note="账目已上墙")
    assert (task.status, task.ended_on) == (S.DONE, today())
    tasks.reopen(task, by=township, reason="又撤下了")
    assert (task.status, task.ended_on, task.end_note) == (S.OPEN, None, "")
    notes = list(task.events.order_by("pk").values_list("action", "note"))
    assert notes == [
        ("task_finish", f"{task.measure}。账目已上墙"),
        ("task_reopen", f"{task.measure}。又撤下了"),
    ]


def test_a_helper_finishes_the_own_task_and_no_other(task):
    helper = make_helper(task.case)
    with pytest.raises(DomainError, match="不是由您负责"):
        tasks.finish(task, by=helper)
    own = make_task(task.problem, owner=helper.cadre, holder=helper)
    tasks.finish(own, by=helper)
    assert own.status == S.DONE


def test_a_helper_drops_nothing(task):
    with pytest.raises(NotAllowed):
        tasks.drop(task, by=make_helper(task.case), reason="不想做")


def test_the_second_of_two_people_is_told(task, township):
    stale = Task.objects.get(pk=task.pk)
    tasks.finish(task, by=township)
    with pytest.raises(Conflict):
        tasks.drop(stale, by=township, reason="不需要")
    task.refresh_from_db()
    assert task.status == S.DONE


def test_a_task_of_a_problem_that_waits_for_closing_stays_finished(task, township):
    tasks.finish(task, by=township)
    problems.request_close(task.problem, by=township, evidence="已公开")
    with pytest.raises(DomainError, match="申请销号"):
        tasks.reopen(task, by=township, reason="没做完")


def test_nothing_moves_before_designation():
    task = make_task(case=make_case(make_village(), status=CaseStatus.PROPOSED))
    with pytest.raises(DomainError, match="认定之后"):
        tasks.finish(task, by=task.holder)


@pytest.mark.parametrize("action", ["finish", "drop"])
def test_what_is_left_of_a_handed_over_problem_is_brought_to_its_end(task, township, action):
    details = {"reason": "由水务部门另行安排"} if action == "drop" else {}
    problems.hand_over(task.problem, by=township, reason="属水务部门职责", decision_no="区委 3 号")
    tasks.ACTS[action](task, by=township, **details)
    assert task.status != S.OPEN
    with pytest.raises(DomainError, match="重新打开问题"):
        tasks.reopen(task, by=township, reason="没办完")


def test_after_the_case_a_task_is_set_only_against_a_problem_still_open():
    case = make_case(status=CaseStatus.TRANSFORMED)
    problem = make_problem(case)
    fields = {"owner": problem.owner, "start_on": today(), "deadline": today()}
    of_type = Task(case=case, category=problem.category, measure="再查账", **fields)
    with pytest.raises(DomainError, match="转化之前"):
        tasks.add_task(of_type, by=problem.holder)
    of_type.problem = problem
    assert tasks.add_task(of_type, by=problem.holder).pk


# --- progress -------------------------------------------------------------------------------------


def test_progress_moves_the_day_of_the_latest_note_forward_only(task, township):
    tasks.add_progress(task, by=township, text="开了村民代表会", on=today())
    tasks.add_progress(task, by=township, text="补记", on=today() - timedelta(days=9))
    task.refresh_from_db()
    assert task.last_progress_on == today()
    assert task.progress.count() == 2


def test_progress_is_not_written_in_the_future_nor_on_a_finished_task(task, township):
    with pytest.raises(DomainError, match="不能晚于今天"):
        tasks.add_progress(task, by=township, text="明天", on=today() + timedelta(days=1))
    tasks.finish(task, by=township)
    with pytest.raises(DomainError, match="已完成"):
        tasks.add_progress(task, by=township, text="又做了一点")


def test_a_helper_notes_progress_on_the_own_case_only(client, task):
    helper = make_helper(task.case)
    client.force_login(helper)
    data = {"text": "已张榜", "on": today().isoformat()}
    own = reverse("rectification:progress_add", args=[task.pk])
    assert client.post(own, data).status_code == 302
    other = make_task(case=make_case(make_village()))
    foreign = reverse("rectification:progress_add", args=[other.pk])
    assert client.post(foreign, data).status_code == 404


# --- entering -------------------------------------------------------------------------------------


def form_data(target, owner, **fields):
    return {
        "target": target,
        "measure": "请镇纪委核账",
        "owner": owner.pk,
        "start_on": today().isoformat(),
        "deadline": (today() + timedelta(days=30)).isoformat(),
        **fields,
    }


@pytest.fixture
def case():
    return make_case(status=CaseStatus.DESIGNATED)


def test_a_task_serves_a_problem_and_its_type(client, case):
    problem = make_problem(case)
    client.force_login(problem.holder)
    address = reverse("rectification:task_add", args=[case.pk])
    data = form_data(f"p{problem.pk}", problem.owner)
    assert client.post(address, data).status_code == 302
    task = Task.objects.get()
    assert (task.problem, task.category, task.holder) == (
        problem,
        problem.category,
        problem.holder,
    )


def test_a_task_serves_a_type_of_the_case(client, case):
    township = holder_of(case)
    client.force_login(township)
    address = reverse("rectification:task_add", args=[case.pk])
    data = form_data(f"c{case.main_category_id}", make_cadre(case.village.township))
    client.post(address, data)
    task = Task.objects.get()
    assert (task.problem, task.category) == (None, case.main_category)


def test_the_link_of_a_missing_measure_opens_with_its_target(client, case):
    problem = make_problem(case)
    client.force_login(problem.holder)
    address = reverse("rectification:task_add", args=[case.pk])
    form = client.get(f"{address}?problem={problem.pk}").context["form"]
    assert form["target"].value() == f"p{problem.pk}"


def test_task_add_takes_no_problem_of_another_case(client, case):
    other = make_problem(make_case(make_village()))
    client.force_login(holder_of(case))
    address = reverse("rectification:task_add", args=[case.pk])
    response = client.post(address, form_data(f"p{other.pk}", make_cadre(case.village.township)))
    assert response.status_code == 422
    assert not Task.objects.exists()


def test_task_add_takes_no_owner_of_another_town(client, case):
    client.force_login(holder_of(case))
    address = reverse("rectification:task_add", args=[case.pk])
    stranger = make_cadre(make_division("990101002"))
    response = client.post(address, form_data(f"c{case.main_category_id}", stranger))
    assert response.status_code == 422


def test_a_deadline_before_the_start_is_refused_beside_its_field(client, case):
    client.force_login(holder_of(case))
    address = reverse("rectification:task_add", args=[case.pk])
    owner = make_cadre(case.village.township)
    late = (today() - timedelta(days=1)).isoformat()
    response = client.post(address, form_data(f"c{case.main_category_id}", owner, deadline=late))
    assert response.status_code == 422
    assert "完成期限不能早于开始日期" in response.content.decode()


def test_the_first_task_of_the_last_problem_reaches_the_problem_list(client, case):
    milestone = make_milestone(case, "problem_list")
    problem = make_problem(case)
    client.force_login(problem.holder)
    address = reverse("rectification:task_add", args=[case.pk])
    client.post(address, form_data(f"p{problem.pk}", problem.owner))
    milestone.refresh_from_db()
    assert milestone.reached_on == today()


def test_an_edit_gives_the_task_to_the_new_owners_account(client, task, township):
    helper = make_helper(task.case)
    type(task.owner).objects.filter(pk=task.owner_id).update(to_on=today())
    client.force_login(township)
    data = form_data(f"p{task.problem_id}", helper.cadre, version_seen=1)
    address = reverse("rectification:task_edit", args=[task.pk])
    assert client.post(address, data).status_code == 302
    task.refresh_from_db()
    assert task.holder == helper
    assert "责任人" in task.events.get(action="task_edit").note


def test_who_is_in_post_is_not_replaced_by_an_edit_but_by_a_handover(client, task, township):
    helper = make_helper(task.case)
    client.force_login(township)
    data = form_data(f"p{task.problem_id}", helper.cadre, version_seen=1)
    address = reverse("rectification:task_edit", args=[task.pk])
    assert "移交责任" in client.get(address).content.decode()
    assert client.post(address, data).status_code == 302
    former = task.owner
    task.refresh_from_db()
    assert task.owner == former


def test_a_finished_task_is_not_edited(client, task, township):
    tasks.finish(task, by=township)
    client.force_login(township)
    data = form_data(f"p{task.problem_id}", task.owner, version_seen=task.version)
    address = reverse("rectification:task_edit", args=[task.pk])
    assert client.post(address, data).status_code == 422


# --- lists ----------------------------------------------------------------------------------------


def test_question_18_a_task_is_overdue_the_day_after_by_itself(client, task, township):
    with clock.set_to(task.deadline):
        client.force_login(township)
        assert "已逾期" not in client.get(task.get_absolute_url()).content.decode()
    client.logout()
    with clock.set_to(task.deadline + timedelta(days=1)):
        client.force_login(township)
        assert "已逾期" in client.get(task.get_absolute_url()).content.decode()
        page = client.get(reverse("rectification:task_list") + "?overdue=1").context["page"]
        assert list(page) == [task]


@pytest.mark.parametrize(("days", "shown"), [(29, False), (30, True)])
def test_question_19_a_task_without_progress_for_30_days_shows_as_stalled(client, days, shown):
    task = make_task()
    Task.objects.filter(pk=task.pk).update(last_progress_on=today() - timedelta(days=days))
    client.force_login(task.holder)
    page = client.get(reverse("rectification:task_list") + "?stalled=1")
    assert bool(page.context["page"].object_list) == shown
    assert ("已 30 天没有进展" in page.content.decode()) == shown


def test_the_days_of_stalling_are_the_standards(task):
    make_standard().__class__.objects.update(stall_days=60)
    assert not Task.objects.stalled(today()).exists()


def test_task_list_shows_nothing_of_another_town(client, task, township):
    make_task(case=make_case(make_village(make_division("990101002"))))
    client.force_login(township)
    assert list(client.get(reverse("rectification:task_list")).context["page"]) == [task]


def test_task_list_costs_the_same_for_2_rows_and_for_15(client, task, township, queries_of):
    client.force_login(township)
    costs = []
    for rows in (1, 13):
        for _ in range(rows):
            make_task(task.problem)
            make_task(case=task.case)
        costs.append(queries_of(client, reverse("rectification:task_list") + "?stalled=1"))
    assert costs[0] == costs[1] <= 10


def test_an_unknown_step_does_not_exist(client, task, township):
    client.force_login(township)
    address = reverse("rectification:task_step", args=[task.pk, "explode"])
    assert client.get(address).status_code == 404
