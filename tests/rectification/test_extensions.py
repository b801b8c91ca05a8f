"""More time: asked, granted or refused by somebody else, counted and shown as extended."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from dashboards import work
from rectification.choices import CaseStatus, Level
from rectification.models import Extension
from rectification.services import cases, extensions, tasks
from tests.factories import make_division, make_user
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_helper,
    make_problem,
    make_task,
)

pytestmark = pytest.mark.django_db


def later(item, days=30):
    return item.deadline + timedelta(days=days)


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
def colleague(township):
    return make_user(Role.TOWNSHIP, township.division)


def ask(item, by, days=30):
    return extensions.ask(item, by=by, wanted=later(item, days), reason="等水务局批复")


def test_a_granted_extension_moves_the_deadline_and_is_counted(problem, township, office):
    former = problem.deadline
    asked = ask(problem, township)
    problem.refresh_from_db()
    assert problem.deadline == former
    extensions.decide(asked, by=office, is_granted=True)
    problem.refresh_from_db()
    assert problem.deadline == former + timedelta(days=30)
    assert problem.events.first().title.startswith("同意延期：由 ")


def test_a_refused_extension_leaves_the_deadline_and_needs_a_reason(problem, township, office):
    former = problem.deadline
    asked = ask(problem, township)
    with pytest.raises(DomainError, match="理由"):
        extensions.decide(asked, by=office, is_granted=False)
    extensions.decide(asked, by=office, is_granted=False, note="可以按期完成")
    problem.refresh_from_db()
    assert problem.deadline == former
    assert problem.extensions.granted().count() == 0


def test_a_task_is_extended_like_a_problem(problem, township, office):
    task = make_task(problem)
    asked = ask(task, township)
    extensions.decide(asked, by=office, is_granted=True)
    former = task.deadline
    task.refresh_from_db()
    assert task.deadline == former + timedelta(days=30)


# --- four eyes ------------------------------------------------------------------------------------


def test_nobody_decides_the_own_request(problem, office):
    asked = ask(problem, office)
    assert not extensions.may_decide(asked, office)
    with pytest.raises(NotAllowed):
        extensions.decide(asked, by=office, is_granted=True)


@pytest.fixture
def leader(problem):
    return make_user(Role.LEADER, problem.case.round.district)


@pytest.mark.parametrize("level", [Level.TOWNSHIP, Level.DISTRICT, Level.ABOVE])
def test_the_only_account_of_an_office_has_a_leader_to_decide(client, level, office, leader):
    problem = make_problem(make_case(), level=level, holder=office)
    asked = ask(problem, office)
    assert extensions.deciders(asked) == [leader]
    client.force_login(leader)
    page = client.get(reverse("dashboards:dashboard")).content.decode()
    assert asked.get_absolute_url() in page
    assert client.post(asked.get_absolute_url(), {"is_granted": "1"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.is_granted, asked.decided_by) == (True, leader)
    assert (
        asked.get_absolute_url() not in client.get(reverse("dashboards:dashboard")).content.decode()
    )


def test_a_leader_decides_what_the_office_of_the_own_district_asks_and_nothing_else(
    client, problem, office, township, leader
):
    ours = ask(problem, township)
    assert not extensions.may_decide(ours, leader)
    client.force_login(leader)
    assert client.post(ours.get_absolute_url(), {"is_granted": "1"}).status_code == 403
    above = make_user(Role.LEADER, make_division(f"{office.division_id[:4]}00000000"))
    local = make_user(Role.LEADER, township.division)
    asked = ask(make_problem(make_case(), level=Level.DISTRICT, holder=office), office)
    assert [extensions.may_decide(asked, user) for user in (leader, above, local)] == [
        True,
        False,
        False,
    ]


def test_the_page_names_who_may_decide_or_says_that_nobody_can(client, office):
    problem = make_problem(make_case(), level=Level.DISTRICT, holder=office)
    asked = ask(problem, office)
    client.force_login(office)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "请系统管理员增加一个组织部账号或区里领导的账号" in page
    leader = make_user(Role.LEADER, problem.case.round.district)
    second = make_user(Role.OFFICE, problem.case.round.district)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert f"{leader}（领导）、{second}（组织部经办）" in page
    assert "没有人能审批" not in page


def test_a_colleague_of_the_township_decides_what_is_the_villages(problem, township, colleague):
    asked = ask(problem, township)
    extensions.decide(asked, by=colleague, is_granted=True)
    assert asked.item.extensions.granted().count() == 1


@pytest.mark.parametrize("level", [Level.TOWNSHIP, Level.DISTRICT, Level.ABOVE])
def test_what_is_not_the_villages_is_decided_by_the_office(level, colleague, office, township):
    problem = make_problem(make_case(), level=level, holder=township)
    asked = ask(problem, township)
    assert not extensions.may_decide(asked, colleague)
    assert extensions.may_decide(asked, office)


def test_a_helper_asks_for_the_own_items_alone(problem):
    helper = make_helper(problem.case)
    with pytest.raises(NotAllowed):
        ask(problem, helper)
    own = make_task(problem, holder=helper)
    asked = ask(own, helper)
    assert not extensions.may_decide(asked, helper)


# --- what is refused ------------------------------------------------------------------------------


def test_only_one_request_waits_at_a_time(problem, township, colleague):
    ask(problem, township)
    with pytest.raises(DomainError, match="等待审批"):
        ask(problem, colleague)


def test_a_request_is_for_a_later_day(problem, township):
    with pytest.raises(DomainError, match="晚于现在的期限"):
        ask(problem, township, days=0)


def test_a_request_is_decided_once(problem, township, office):
    asked = ask(problem, township)
    stale = Extension.objects.get(pk=asked.pk)
    extensions.decide(asked, by=office, is_granted=True)
    with pytest.raises(Conflict):
        extensions.decide(stale, by=office, is_granted=True)


def test_what_was_finished_meanwhile_is_not_extended(problem, township, office):
    task = make_task(problem)
    asked = ask(task, township)
    tasks.finish(task, by=township)
    with pytest.raises(DomainError, match="不用再延期"):
        extensions.decide(Extension.objects.get(pk=asked.pk), by=office, is_granted=True)
    assert Extension.objects.undecided().exists()
    assert not Extension.objects.waiting().exists()


def test_a_deadline_is_not_moved_back_by_an_edit(client, problem, township):
    task = make_task(problem)
    client.force_login(township)
    data = {
        "target": f"p{problem.pk}",
        "measure": task.measure,
        "owner": task.owner_id,
        "start_on": task.start_on,
        "deadline": later(task),
        "version_seen": task.version,
    }
    response = client.post(reverse("rectification:task_edit", args=[task.pk]), data)
    assert response.status_code == 422
    assert "请用“申请延期”" in response.content.decode()


# --- pages ----------------------------------------------------------------------------------------


def test_asking_and_granting_on_the_pages(client, problem, township, office):
    client.force_login(township)
    assert "申请延期" in client.get(problem.get_absolute_url()).content.decode()
    address = reverse("rectification:problem_extend", args=[problem.pk])
    response = client.post(address, {"wanted": later(problem), "reason": "等批复"})
    asked = Extension.objects.get()
    assert response.url == asked.get_absolute_url()
    assert "等待审批" in client.get(response.url).content.decode()
    assert client.post(response.url, {"is_granted": "1"}).status_code == 403

    client.force_login(office)
    assert client.post(response.url, {"is_granted": "1"}).status_code == 302
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "，延期 1 次" in page


def test_an_extended_problem_is_shown_as_extended_in_list_case_and_export(
    client, problem, township, office
):
    extensions.decide(ask(problem, township), by=office, is_granted=True)
    client.force_login(office)
    mark = "已延期 1 次"
    assert mark in client.get(reverse("rectification:problem_list")).content.decode()
    assert mark in client.get(problem.case.get_absolute_url()).content.decode()
    response = client.get(reverse("rectification:problem_export"))
    head, row = list(load_workbook(BytesIO(response.content)).active.values)[:2]
    assert row[head.index("延期次数")] == 1


def test_an_extended_case_is_shown_as_extended(client, office):
    case = make_case(status=CaseStatus.RECTIFYING)
    former = case.deadline
    cases.extend(
        case,
        by=office,
        on=clock.today(),
        deadline=former + timedelta(days=60),
        decision_no="5 号",
        note="汛期停工",
    )
    client.force_login(office)
    words = f"原期限 {former:%Y年%-m月%-d日}，延期 1 次"
    assert words in client.get(case.get_absolute_url()).content.decode()
    assert "已延期 1 次" in client.get(reverse("rectification:case_list")).content.decode()
    response = client.get(reverse("rectification:case_export"))
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert 1 in [row[rows[0].index("延期次数")] for row in rows]


def test_a_request_of_another_town_does_not_exist(client, problem, township):
    asked = ask(problem, township)
    other = make_division(f"{township.division_id[:6]}002")
    client.force_login(make_user(Role.TOWNSHIP, other))
    assert client.get(asked.get_absolute_url()).status_code == 404


def test_the_owner_with_an_account_asks_too(problem):
    helper = make_helper(problem.case)
    task = make_task(problem, owner=helper.cadre)
    assert extensions.may_ask(task, helper)
    assert not extensions.may_ask(make_task(problem, owner=make_cadre(name="另一人")), helper)


# --- my work --------------------------------------------------------------------------------------


def lists_with_it(**people):
    return [
        name
        for name, user in people.items()
        if [item for item in work.items_for(user, clock.today()) if item.noun == "延期"]
    ]


def test_a_request_is_in_the_list_of_the_level_that_decides(problem, office, township, colleague):
    helper = make_helper(problem.case)
    asked = ask(make_task(problem, holder=helper), helper)
    people = {"office": office, "township": township, "colleague": colleague, "helper": helper}
    assert lists_with_it(**people) == ["township", "colleague"]
    extensions.decide(asked, by=colleague, is_granted=True)
    assert lists_with_it(**people) == []


def test_what_the_only_account_of_a_township_asks_is_the_offices(problem, office, township):
    ask(problem, township)
    assert lists_with_it(office=office, township=township) == ["office"]


def test_what_is_not_the_villages_is_in_the_offices_list(office, colleague, township):
    problem = make_problem(make_case(), level=Level.DISTRICT, holder=township)
    ask(problem, township)
    assert lists_with_it(office=office, township=township, colleague=colleague) == ["office"]
